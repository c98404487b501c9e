/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Floating-point registers belong to one process. Load it twice, on a board
 * whose kernel lets processes use floating point: a process must start with
 * zeroes, and must find its own values again after it was interrupted, after a
 * system call, and after it has waited.
 */
#include <stdint.h>
#include <stdio.h>

#include "detent/memory.h"
#include "detent/timer.h"

enum { REGISTERS = 32, FIRST_SAVED = 16, ROUNDS = 20, SPIN = 400000 };

void fpu_read(uint32_t values[REGISTERS]);
void fpu_write(const uint32_t values[REGISTERS]);
void fpu_spin(uint32_t values[REGISTERS], uint32_t count);

static unsigned int failed;

static void expect(const char *what, unsigned int number, uint32_t got, uint32_t want)
{
	if (got == want)
		return;
	if (failed++ < 5)
		printf("fpu_state: s%u %s: 0x%08x, not 0x%08x\n", number, what, (unsigned int)got,
		       (unsigned int)want);
}

/* No two registers, rounds or processes have the same. */
static uint32_t pattern(unsigned int number, unsigned int round_number)
{
	return (uint32_t)memory_ram().start ^ (number << 24) ^ (round_number << 16) ^ 0x2a;
}

static void fill(uint32_t *values, unsigned int round_number)
{
	for (unsigned int i = 0; i < REGISTERS; i++)
		values[i] = pattern(i, round_number);
}

static void check_round(unsigned int round_number)
{
	uint32_t values[REGISTERS];

	fill(values, round_number);
	fpu_spin(values, SPIN);
	for (unsigned int i = 0; i < REGISTERS; i++)
		expect("after being interrupted", i, values[i], pattern(i, round_number));
	fill(values, round_number);
	fpu_write(values);
	memory_grant_start();
	fpu_read(values);
	for (unsigned int i = 0; i < REGISTERS; i++)
		expect("after a system call", i, values[i], pattern(i, round_number));
	fill(values, round_number);
	fpu_write(values);
	sleep_ms(3);
	fpu_read(values);
	for (unsigned int i = FIRST_SAVED; i < REGISTERS; i++)
		expect("after waiting", i, values[i], pattern(i, round_number));
}

int main(void)
{
	uint32_t values[REGISTERS];

	fpu_read(values);
	for (unsigned int i = 0; i < REGISTERS; i++)
		expect("at the start", i, values[i], 0);
	for (unsigned int i = 0; i < ROUNDS; i++)
		check_round(i);
	printf("fpu_state: %u failed\n", failed);
	return failed == 0 ? 0 : 1;
}
