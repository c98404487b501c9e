/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Writes numbered values for ever, and says after each that it is done. At start
 * it looks at what is there: the values must be those of one number and of the
 * KEYS - 1 before it, and each piece of the area must be of one write. Whoever
 * ends the power knows which number was done last (tests/power/qemu_kill.py).
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "detent/syscall.h"

enum { KEYS = 8, VALUE = 32, PIECES = 5, PIECE = 300 };
enum { KV_GET = 1, KV_SET = 2, AREA_READ = 2, AREA_WRITE = 3 };
enum { UPCALL_KV = 0, UPCALL_READ = 1, UPCALL_WRITE = 2 };

static uint8_t value[VALUE];
static uint8_t piece[PIECE];

static void lost(const char *what, uint32_t number)
{
	printf("LOST: %s, %lu\n", what, (unsigned long)number);
	for (;;)
		yield();
}

static enum error transfer(uint32_t driver, uint32_t number, uint32_t upcall)
{
	enum error error = command_done(driver, number, 0, 0);

	return error != E_OK ? error : (enum error)yield_wait_for(driver, upcall).arg[0];
}

static void make_value(uint32_t number)
{
	for (uint32_t i = 0; i < VALUE; i++)
		value[i] = (uint8_t)(number >> (8 * (i % 4)));
}

static enum error key_value(uint32_t number, uint32_t operation)
{
	char key[] = "torture 0";

	key[sizeof(key) - 2] = (char)('0' + number % KEYS);
	allow_ro(DRIVER_KEY_VALUE, 0, (struct allowed_const){key, sizeof(key) - 1}, NULL);
	if (operation == KV_SET)
		allow_ro(DRIVER_KEY_VALUE, 1, (struct allowed_const){value, VALUE}, NULL);
	else
		allow_rw(DRIVER_KEY_VALUE, 0, (struct allowed){value, VALUE}, NULL);

	enum error error = transfer(DRIVER_KEY_VALUE, operation, UPCALL_KV);

	allow_ro(DRIVER_KEY_VALUE, 0, (struct allowed_const){NULL, 0}, NULL);
	allow_ro(DRIVER_KEY_VALUE, 1, (struct allowed_const){NULL, 0}, NULL);
	allow_rw(DRIVER_KEY_VALUE, 0, (struct allowed){NULL, 0}, NULL);
	return error;
}

static enum error area(uint32_t slot, bool write)
{
	uint32_t offset = slot * PIECE;
	enum error error;

	if (write)
		allow_ro(DRIVER_ISOLATED_STORAGE, 0, (struct allowed_const){piece, PIECE}, NULL);
	else
		allow_rw(DRIVER_ISOLATED_STORAGE, 0, (struct allowed){piece, PIECE}, NULL);
	error = command_done(DRIVER_ISOLATED_STORAGE, write ? AREA_WRITE : AREA_READ, offset, 0);
	if (error == E_OK)
		error = (enum error)yield_wait_for(DRIVER_ISOLATED_STORAGE,
						   write ? UPCALL_WRITE : UPCALL_READ)
				.arg[0];
	allow_ro(DRIVER_ISOLATED_STORAGE, 0, (struct allowed_const){NULL, 0}, NULL);
	allow_rw(DRIVER_ISOLATED_STORAGE, 0, (struct allowed){NULL, 0}, NULL);
	return error;
}

/* The number under one key; 0: there is none. */
static uint32_t number_of(uint32_t index)
{
	enum error error = key_value(index, KV_GET);
	uint32_t number = value[0] | (uint32_t)value[1] << 8 | (uint32_t)value[2] << 16 |
			  (uint32_t)value[3] << 24;

	if (error == E_NOSUPPORT)
		return 0;
	if (error != E_OK)
		lost("a value cannot be read, error", (uint32_t)error);
	for (uint32_t i = 0; i < VALUE; i++)
		if (value[i] != (uint8_t)(number >> (8 * (i % 4))))
			lost("a value is not of one write", index);
	if (number % KEYS != index)
		lost("a value is under another key", index);
	return number;
}

static uint32_t look(void)
{
	uint32_t number[KEYS], last = 0;

	for (uint32_t i = 0; i < KEYS; i++) {
		number[i] = number_of(i);
		last = number[i] > last ? number[i] : last;
	}
	for (uint32_t n = last; n > 0 && n + KEYS > last; n--)
		if (number[n % KEYS] != n)
			lost("an older value is gone", n);
	for (uint32_t i = 0; i < PIECES; i++) {
		if (area(i, false) != E_OK)
			lost("the area cannot be read", i);
		for (uint32_t j = 1; j < PIECE; j++)
			if (piece[j] != piece[0])
				lost("a piece is not of one write", i);
	}
	return last;
}

int main(void)
{
	uint32_t number = look();

	printf("found %lu\n", (unsigned long)number);
	for (;;) {
		number++;
		make_value(number);

		enum error error = key_value(number, KV_SET);

		if (error != E_OK)
			lost("a value cannot be written, error", (uint32_t)error);
		printf("done %lu\n", (unsigned long)number);
		if (number % 4 != 0)
			continue;
		memset(piece, (int)(number & 0xFF), sizeof(piece));
		error = area(number / 4 % PIECES, true);
		if (error != E_OK)
			lost("a piece cannot be written, error", (uint32_t)error);
	}
}
