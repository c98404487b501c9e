/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What the second file of this application defines. */
#pragma once

#include <stdint.h>

enum { FAR_LENGTH = 900 };

extern const char *const moved_words[];
extern int moved_array[FAR_LENGTH];
extern const int *const moved_pointer;

int moved_double(int number);
int moved_square(int number);

/* The sum of moved_array; each element is 1 at the start. */
int moved_sum(void);

/* number * number + 1 for 0 to 6, otherwise -1. */
int moved_choose(int number);
