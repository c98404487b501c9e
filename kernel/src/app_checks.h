/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The requests of kernel/app_check.h that wait, in the order in which they came. Private to the kernel. */
#ifndef KERNEL_APP_CHECKS_H
#define KERNEL_APP_CHECKS_H

#include "kernel/app_check.h"
#include "kernel/deferred.h"

struct app_checks {
	struct app_check *first;  /* NULL: none */
	struct deferred deferred; /* called where there is a new first one */
};

/* The errors are those of app_check_start(). */
enum error app_checks_add(struct app_checks *self, struct app_check *check) MUST_CHECK;

/* The first one, of which there is one, no longer waits. */
struct app_check *app_checks_take(struct app_checks *self);

#endif
