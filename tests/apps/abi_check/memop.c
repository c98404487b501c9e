/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "check.h"

static uintptr_t ram_start;
static uintptr_t ram_end;

static struct syscall_words memop_call(uintptr_t operation, uintptr_t argument)
{
	return CALL(SYSCALL_MEMOP, operation, argument, 0, 0);
}

static void check_addresses(void)
{
	static uint32_t variable;
	struct syscall_words got = memop_call(MEMOP_RAM_START, 0);
	uintptr_t code = (uintptr_t)&check_memop;
	uintptr_t flash_start;

	check_equal("memop 2's variant", got.word[0], SYSCALL_SUCCESS_U32);
	ram_start = got.word[1];
	got = memop_call(MEMOP_RAM_END, 0);
	check_equal("memop 3's variant", got.word[0], SYSCALL_SUCCESS_U32);
	ram_end = got.word[1];
	check("the RAM holds the variables",
	      (uintptr_t)&variable >= ram_start && (uintptr_t)&variable < ram_end);
	check("the RAM holds the stack", (uintptr_t)&got >= ram_start && (uintptr_t)&got < ram_end);
	got = memop_call(MEMOP_FLASH_START, 0);
	check_equal("memop 4's variant", got.word[0], SYSCALL_SUCCESS_U32);
	flash_start = got.word[1];
	got = memop_call(MEMOP_FLASH_END, 0);
	check_equal("memop 5's variant", got.word[0], SYSCALL_SUCCESS_U32);
	check("the flash holds the code", code >= flash_start && code < got.word[1]);
	check_equal("the flash begins with a TBF header of version 2",
		    *(const uint16_t *)flash_start, 2);
	got = memop_call(MEMOP_GRANT_START, 0);
	check_equal("memop 6's variant", got.word[0], SYSCALL_SUCCESS_U32);
	check("the kernel's share is in the RAM",
	      got.word[1] > (uintptr_t)&variable && got.word[1] <= ram_end);
}

static void check_flash_regions(void)
{
	CHECK_ANSWER("memop 7", memop_call(MEMOP_FLASH_REGIONS, 0), SYSCALL_SUCCESS_U32, 0);
	CHECK_ANSWER("memop 8 without a region", memop_call(MEMOP_FLASH_REGION_START, 0),
		     SYSCALL_FAILURE, E_FAIL);
	CHECK_ANSWER("memop 9 without a region", memop_call(MEMOP_FLASH_REGION_END, 0),
		     SYSCALL_FAILURE, E_FAIL);
	CHECK_ANSWER("memop 8 of the largest region", memop_call(MEMOP_FLASH_REGION_START, ~0u),
		     SYSCALL_FAILURE, E_FAIL);
}

static void check_others(void)
{
	CHECK_ANSWER("memop 12", memop_call(12, 0), SYSCALL_FAILURE, E_NOSUPPORT);
	CHECK_ANSWER("memop of the largest number", memop_call(~0u, 0), SYSCALL_FAILURE,
		     E_NOSUPPORT);
	CHECK_ANSWER("memop 10", memop_call(MEMOP_STACK_TOP, ram_start + 2048), SYSCALL_SUCCESS);
	CHECK_ANSWER("memop 10 of a foreign address", memop_call(MEMOP_STACK_TOP, ~0u),
		     SYSCALL_SUCCESS);
	CHECK_ANSWER("memop 10 again", memop_call(MEMOP_STACK_TOP, ram_start + 2048),
		     SYSCALL_SUCCESS);
}

static bool all_zero(const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (bytes[i] != 0)
			return false;
	}
	return true;
}

static void check_growth(void)
{
	struct syscall_words got = memop_call(MEMOP_SBRK, 0);
	uintptr_t brk = got.word[1];
	uint8_t *fresh = (uint8_t *)brk;

	check_equal("sbrk's variant", got.word[0], SYSCALL_SUCCESS_U32);
	CHECK_ANSWER("sbrk(300) gives the former break", memop_call(MEMOP_SBRK, 300),
		     SYSCALL_SUCCESS_U32, brk);
	check("new memory is zero", all_zero(fresh, 300));
	for (unsigned int i = 0; i < 300; i++)
		fresh[i] = (uint8_t)(i + 1);
	CHECK_ANSWER("sbrk moved it", memop_call(MEMOP_SBRK, 0), SYSCALL_SUCCESS_U32, brk + 300);
	check("memory keeps what was written", fresh[0] == 1 && fresh[299] == (uint8_t)300);
	CHECK_ANSWER("brk to 700 more", memop_call(MEMOP_BRK, brk + 700), SYSCALL_SUCCESS);
	check("what was there stays", fresh[0] == 1 && fresh[299] == (uint8_t)300);
	check("what is new is zero", all_zero(fresh + 300, 400));
	CHECK_ANSWER("brk to the same", memop_call(MEMOP_BRK, brk + 700), SYSCALL_SUCCESS);
	CHECK_ANSWER("sbrk(-700)", memop_call(MEMOP_SBRK, (uintptr_t)-700), SYSCALL_SUCCESS_U32,
		     brk + 700);
	CHECK_ANSWER("the break is back", memop_call(MEMOP_SBRK, 0), SYSCALL_SUCCESS_U32, brk);
}

static void check_refused(void)
{
	uintptr_t brk = memop_call(MEMOP_SBRK, 0).word[1];
	uintptr_t grants = memop_call(MEMOP_GRANT_START, 0).word[1];
	const uintptr_t targets[] = {grants + 4, ram_end, ram_end + 4, ram_start - 4,
				     0,          ~0u,     0x80000000};

	for (unsigned int i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
		CHECK_ANSWER("brk out of the process's memory", memop_call(MEMOP_BRK, targets[i]),
			     SYSCALL_FAILURE, E_NOMEM);
	CHECK_ANSWER("sbrk of the largest number", memop_call(MEMOP_SBRK, 0x7fffffff),
		     SYSCALL_FAILURE, E_NOMEM);
	CHECK_ANSWER("sbrk of the smallest number", memop_call(MEMOP_SBRK, 0x80000000),
		     SYSCALL_FAILURE, E_NOMEM);
	CHECK_ANSWER("sbrk that wraps", memop_call(MEMOP_SBRK, ~brk), SYSCALL_FAILURE, E_NOMEM);
	CHECK_ANSWER("a refused brk moves nothing", memop_call(MEMOP_SBRK, 0), SYSCALL_SUCCESS_U32,
		     brk);
}

/* Memory that was ever allowed stays accessible. */
static void check_high_water(void)
{
	uintptr_t brk = memop_call(MEMOP_SBRK, 64).word[1];

	if (!driver_exists(DRIVER_CONSOLE))
		return;
	CALL(SYSCALL_ALLOW_RW, DRIVER_CONSOLE, 1, brk, 64);
	CHECK_ANSWER("brk below memory that is allowed", memop_call(MEMOP_BRK, brk + 60),
		     SYSCALL_FAILURE, E_NOMEM);
	CHECK_ANSWER("sbrk below memory that is allowed", memop_call(MEMOP_SBRK, (uintptr_t)-8),
		     SYSCALL_FAILURE, E_NOMEM);
	CHECK_ANSWER("allowed memory comes back", CALL(SYSCALL_ALLOW_RW, DRIVER_CONSOLE, 1, 0, 0),
		     SYSCALL_SUCCESS_2_U32, brk, 64);
	CHECK_ANSWER("the break did not move", memop_call(MEMOP_SBRK, 0), SYSCALL_SUCCESS_U32,
		     brk + 64);
}

void check_memop(void)
{
	check_addresses();
	check_flash_regions();
	check_others();
	check_growth();
	check_refused();
	check_high_water();
}

/* An exit number that does not exist must not end the process. */
void check_exit(void)
{
	CHECK_ANSWER("unknown exit number", CALL(SYSCALL_EXIT, 2, 0, 0, 0), SYSCALL_FAILURE,
		     E_NOSUPPORT);
	CHECK_ANSWER("exit of the largest number", CALL(SYSCALL_EXIT, ~0u, 0, 0, 0),
		     SYSCALL_FAILURE, E_NOSUPPORT);
}
