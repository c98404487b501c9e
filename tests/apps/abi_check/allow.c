/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "check.h"

#include "detent/memory.h"

/* The console's buffers, number 1 of either kind, are what this file allows. */
enum { BUFFER = 1 };

static uint8_t buffer[64];
static const uint8_t constant[16] = {1};

struct range {
	const char *what;
	uintptr_t start;
	uintptr_t length;
};

static struct syscall_words allow(enum syscall_class class, uintptr_t start, uintptr_t length)
{
	struct syscall_words in = {{DRIVER_CONSOLE, BUFFER, start, length}};

	return class == SYSCALL_ALLOW_RW ? syscall_trap(SYSCALL_ALLOW_RW, in)
					 : syscall_trap(SYSCALL_ALLOW_RO, in);
}

static void check_swap(enum syscall_class class)
{
	uintptr_t start = (uintptr_t)buffer;

	CHECK_ANSWER("first allow", allow(class, start, 64), SYSCALL_SUCCESS_2_U32, 0, 0);
	CHECK_ANSWER("second allow gives back the first", allow(class, start + 1, 5),
		     SYSCALL_SUCCESS_2_U32, start, 64);
	CHECK_ANSWER("allow of an odd address and length", allow(class, start + 3, 61),
		     SYSCALL_SUCCESS_2_U32, start + 1, 5);
	CHECK_ANSWER("the same again", allow(class, start + 3, 61), SYSCALL_SUCCESS_2_U32,
		     start + 3, 61);
	CHECK_ANSWER("take back", allow(class, 0, 0), SYSCALL_SUCCESS_2_U32, start + 3, 61);
	CHECK_ANSWER("take back twice", allow(class, 0, 0), SYSCALL_SUCCESS_2_U32, 0, 0);
}

static void check_zero_length(enum syscall_class class)
{
	static const uintptr_t any[] = {1, 0xffffffff, 0x80000000, 0xfffffffc, 0x20000000};
	uintptr_t was = 0;

	for (unsigned int i = 0; i < sizeof(any) / sizeof(any[0]); i++) {
		CHECK_ANSWER("allow of length 0 takes any pointer", allow(class, any[i], 0),
			     SYSCALL_SUCCESS_2_U32, was, 0);
		was = any[i];
	}
	CHECK_ANSWER("the last of them comes back", allow(class, 0, 0), SYSCALL_SUCCESS_2_U32, was,
		     0);
}

static void check_range_refused(enum syscall_class class, const struct range *range)
{
	uintptr_t mine = (uintptr_t)buffer;

	allow(class, mine, 8);
	CHECK_ANSWER(range->what, allow(class, range->start, range->length), SYSCALL_FAILURE_2_U32,
		     E_INVAL, range->start, range->length);
	CHECK_ANSWER("a refused allow leaves the former", allow(class, 0, 0), SYSCALL_SUCCESS_2_U32,
		     mine, 8);
}

static uintptr_t current_break(void)
{
	return CALL(SYSCALL_MEMOP, MEMOP_SBRK, 0, 0, 0).word[1];
}

static void check_refused(enum syscall_class class)
{
	struct memory_range ram = memory_ram();
	struct memory_range flash = memory_flash();
	uintptr_t brk = current_break();
	uintptr_t mine = (uintptr_t)buffer;
	const struct range ranges[] = {
		{"allow at 0", 0, 16},
		{"allow below the RAM", ram.start - 16, 16},
		{"allow that begins below the RAM", ram.start - 4, 8},
		{"allow behind the break", brk, 1},
		{"allow over the break", brk - 4, 5},
		{"allow in the kernel's share", memory_grant_start(), 4},
		{"allow up to the end of the RAM", mine, ram.end - mine},
		{"allow behind the RAM", ram.end, 16},
		{"allow behind the flash", flash.end, 4},
		{"allow over the end of the flash", flash.end - 4, 8},
		{"allow that wraps", mine, 0xffffffff},
		{"allow that wraps to itself", mine, (uintptr_t)0 - mine + 8},
		{"allow at the end of the addresses", 0xfffffff0, 16},
		{"allow over the end of the addresses", 0xfffffff0, 32},
		{"allow of everything", 0, 0xffffffff},
		{"allow from the flash to the RAM", flash.end - 4, ram.start + 8 - flash.end + 4},
	};

	for (unsigned int i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		check_range_refused(class, &ranges[i]);
}

static void check_flash(void)
{
	uintptr_t start = (uintptr_t)constant;
	const struct range range = {"read-write allow of the flash", start, sizeof(constant)};

	CHECK_ANSWER("read-only allow of the flash",
		     allow(SYSCALL_ALLOW_RO, start, sizeof(constant)), SYSCALL_SUCCESS_2_U32, 0, 0);
	CHECK_ANSWER("it comes back", allow(SYSCALL_ALLOW_RO, 0, 0), SYSCALL_SUCCESS_2_U32, start,
		     sizeof(constant));
	check_range_refused(SYSCALL_ALLOW_RW, &range);
}

static void check_numbers(void)
{
	uintptr_t mine = (uintptr_t)buffer;
	struct syscall_words got;

	CHECK_ANSWER("read-write allow to a missing driver",
		     CALL(SYSCALL_ALLOW_RW, MISSING_DRIVER, 0, mine, 9), SYSCALL_FAILURE_2_U32,
		     E_NODEVICE, mine, 9);
	CHECK_ANSWER("read-only allow to a missing driver",
		     CALL(SYSCALL_ALLOW_RO, MISSING_DRIVER, 0, mine, 9), SYSCALL_FAILURE_2_U32,
		     E_NODEVICE, mine, 9);
	CHECK_ANSWER("readable allow to a missing driver",
		     CALL(SYSCALL_ALLOW_UR, MISSING_DRIVER, 0, mine, 9), SYSCALL_FAILURE_2_U32,
		     E_NODEVICE, mine, 9);
	got = CALL(SYSCALL_ALLOW_RW, DRIVER_CONSOLE, UNKNOWN_NUMBER, mine, 9);
	check("unknown read-write allow number",
	      got.word[1] == E_INVAL || got.word[1] == E_NOSUPPORT);
	got.word[1] = 0;
	CHECK_ANSWER("gives back what was passed", got, SYSCALL_FAILURE_2_U32, 0, mine, 9);
	got = CALL(SYSCALL_ALLOW_RO, DRIVER_CONSOLE, UNKNOWN_NUMBER, mine, 9);
	check("unknown read-only allow number",
	      got.word[1] == E_INVAL || got.word[1] == E_NOSUPPORT);
	got.word[1] = 0;
	CHECK_ANSWER("gives back what was passed", got, SYSCALL_FAILURE_2_U32, 0, mine, 9);
	got = CALL(SYSCALL_ALLOW_RW, DRIVER_CONSOLE, 0x80000000, mine, 9);
	check_equal("large read-write allow number", got.word[0], SYSCALL_FAILURE_2_U32);
	got = CALL(SYSCALL_ALLOW_UR, DRIVER_CONSOLE, UNKNOWN_NUMBER, mine, 9);
	check("readable allow to a driver that has none",
	      got.word[1] == E_INVAL || got.word[1] == E_NOSUPPORT);
	got.word[1] = 0;
	CHECK_ANSWER("gives back what was passed", got, SYSCALL_FAILURE_2_U32, 0, mine, 9);
}

/* Both kinds have numbers of their own. */
static void check_independent(void)
{
	uintptr_t mine = (uintptr_t)buffer;

	allow(SYSCALL_ALLOW_RW, mine, 10);
	CHECK_ANSWER("read-only and read-write numbers are apart",
		     allow(SYSCALL_ALLOW_RO, mine + 1, 11), SYSCALL_SUCCESS_2_U32, 0, 0);
	CHECK_ANSWER("read-write comes back", allow(SYSCALL_ALLOW_RW, 0, 0), SYSCALL_SUCCESS_2_U32,
		     mine, 10);
	CHECK_ANSWER("read-only comes back", allow(SYSCALL_ALLOW_RO, 0, 0), SYSCALL_SUCCESS_2_U32,
		     mine + 1, 11);
}

void check_allow(void)
{
	if (!driver_exists(DRIVER_CONSOLE))
		return;
	check_swap(SYSCALL_ALLOW_RW);
	check_swap(SYSCALL_ALLOW_RO);
	check_zero_length(SYSCALL_ALLOW_RW);
	check_zero_length(SYSCALL_ALLOW_RO);
	check_refused(SYSCALL_ALLOW_RW);
	check_refused(SYSCALL_ALLOW_RO);
	check_flash();
	check_numbers();
	check_independent();
}
