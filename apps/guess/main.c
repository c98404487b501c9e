/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The number guessing game: reads lines from the console. The console does the
 * echo, so this does not.
 */
#include <stdio.h>
#include <stdlib.h>

#include "detent/alarm.h"
#include "detent/console.h"
#include "detent/rng.h"

enum { LARGEST = 100, LINE_SIZE = 16 };

/* Where there is no random number driver, the time of the start has to do. */
static unsigned int pick_number(void)
{
	uint32_t value = 0;

	if (rng_fill(&value, sizeof(value)) != E_OK)
		value = alarm_now();
	return value % LARGEST + 1;
}

/* 0 if the line is not a number. */
static unsigned int parse(const char *line)
{
	char *end;
	unsigned long value = strtoul(line, &end, 10);

	if (end == line || *end != '\0' || value > LARGEST)
		return 0;
	return (unsigned int)value;
}

/* The number of tries; 0 if the console could not be read. */
static unsigned int play(unsigned int secret)
{
	for (unsigned int tries = 1;; tries++) {
		char line[LINE_SIZE];
		unsigned int guess;

		printf("guess: your number? ");
		fflush(stdout);
		if (console_read_line(line, sizeof(line), NULL) != E_OK)
			return 0;
		guess = parse(line);
		if (guess == secret)
			return tries;
		if (guess == 0)
			printf("guess: please a number from 1 to %d\n", LARGEST);
		else
			printf("guess: %u is too %s\n", guess, guess < secret ? "small" : "large");
	}
}

int main(void)
{
	printf("guess: I think of a number from 1 to %d.\n", LARGEST);
	for (;;) {
		unsigned int tries = play(pick_number());

		if (tries == 0) {
			printf("guess: the console cannot be read\n");
			return 1;
		}
		printf("guess: right, after %u tries. Again!\n", tries);
	}
}
