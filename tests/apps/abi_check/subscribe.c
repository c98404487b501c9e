/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "check.h"

struct call {
	unsigned int count;
	uint32_t arg0;
	uint32_t arg1;
	void *context;
};

static struct call first_call;
static struct call second_call;

static void first(uint32_t arg0, uint32_t arg1, uint32_t arg2, void *context)
{
	(void)arg2;
	first_call = (struct call){first_call.count + 1, arg0, arg1, context};
}

static void second(uint32_t arg0, uint32_t arg1, uint32_t arg2, void *context)
{
	(void)arg2;
	second_call = (struct call){second_call.count + 1, arg0, arg1, context};
}

/* Context values of which every bit must come back. */
static const uintptr_t contexts[] = {0xffffffff, 0x80000001, 0x7ffffffe, 0xa5a5a5a5, 0x5a5a5a5a};

static void check_swap(void)
{
	CHECK_ANSWER("first subscribe", CALL(SYSCALL_SUBSCRIBE, DRIVER_ALARM, 0, first, 0xfedcba98),
		     SYSCALL_SUCCESS_2_U32, 0, 0);
	CHECK_ANSWER("second subscribe", CALL(SYSCALL_SUBSCRIBE, DRIVER_ALARM, 0, second, 3),
		     SYSCALL_SUCCESS_2_U32, (uintptr_t)first, 0xfedcba98);
	CHECK_ANSWER("subscribe null", CALL(SYSCALL_SUBSCRIBE, DRIVER_ALARM, 0, 0, 0x12345678),
		     SYSCALL_SUCCESS_2_U32, (uintptr_t)second, 3);
	CHECK_ANSWER("subscribe after null", CALL(SYSCALL_SUBSCRIBE, DRIVER_ALARM, 0, 0, 0),
		     SYSCALL_SUCCESS_2_U32, 0, 0x12345678);
}

static void check_refusals(void)
{
	uintptr_t kernel = (uintptr_t)CALL(SYSCALL_MEMOP, MEMOP_RAM_END, 0, 0, 0).word[1];
	struct syscall_words got;

	CHECK_ANSWER("subscribe to a missing driver",
		     CALL(SYSCALL_SUBSCRIBE, MISSING_DRIVER, 0, first, 0x13579bdf),
		     SYSCALL_FAILURE_2_U32, E_NODEVICE, (uintptr_t)first, 0x13579bdf);
	got = CALL(SYSCALL_SUBSCRIBE, DRIVER_ALARM, UNKNOWN_NUMBER, first, 5);
	check("unknown subscribe number is refused",
	      got.word[0] == SYSCALL_FAILURE_2_U32 &&
		      (got.word[1] == E_NOSUPPORT || got.word[1] == E_INVAL));
	CHECK_ANSWER("unknown subscribe number gives back what was passed",
		     ((struct syscall_words){{got.word[2], got.word[3], 0, 0}}), (uintptr_t)first,
		     5);
	got = CALL(SYSCALL_SUBSCRIBE, DRIVER_ALARM, 0x80000000, first, 5);
	check_equal("large subscribe number is refused", got.word[0], SYSCALL_FAILURE_2_U32);
	CHECK_ANSWER("subscribe with a function outside the process",
		     CALL(SYSCALL_SUBSCRIBE, DRIVER_ALARM, 0, kernel, 6), SYSCALL_FAILURE_2_U32,
		     E_INVAL, kernel, 6);
	CHECK_ANSWER("subscribe with a function at the last word",
		     CALL(SYSCALL_SUBSCRIBE, DRIVER_ALARM, 0, 0xfffffffc, 6), SYSCALL_FAILURE_2_U32,
		     E_INVAL, 0xfffffffc, 6);
}

static void check_contexts(void)
{
	for (unsigned int i = 0; i < sizeof(contexts) / sizeof(contexts[0]); i++) {
		uint32_t due;

		CALL(SYSCALL_SUBSCRIBE, DRIVER_ALARM, 0, first, contexts[i]);
		first_call.count = 0;
		due = make_alarm_pending();
		yield();
		check_equal("upcall runs once", first_call.count, 1);
		check_equal("upcall's context", (uintptr_t)first_call.context, contexts[i]);
		check_equal("alarm upcall's due time", first_call.arg1, due);
		check("alarm upcall's time is not early", (int32_t)(first_call.arg0 - due) >= 0);
	}
}

static void check_cancelled(void)
{
	CALL(SYSCALL_SUBSCRIBE, DRIVER_ALARM, 0, first, 1);
	first_call.count = 0;
	second_call.count = 0;
	make_alarm_pending();
	CALL(SYSCALL_SUBSCRIBE, DRIVER_ALARM, 0, second, 2);
	check("nothing is pending after subscribe", !yield_no_wait());
	check_equal("the former upcall does not run", first_call.count, 0);
	check_equal("the new upcall does not run for what was before", second_call.count, 0);
	make_alarm_pending();
	check("the new upcall runs for what comes", yield_no_wait());
	check_equal("and does so once", second_call.count, 1);
	check_equal("with its own context", (uintptr_t)second_call.context, 2);
}

static void check_failed_keeps(void)
{
	first_call.count = 0;
	CALL(SYSCALL_SUBSCRIBE, DRIVER_ALARM, 0, first, 7);
	make_alarm_pending();
	CALL(SYSCALL_SUBSCRIBE, DRIVER_ALARM, 0, 0xfffffffc, 8);
	check("a refused subscribe leaves the pending upcall", yield_no_wait());
	check_equal("and the former function", first_call.count, 1);
}

static void check_null(void)
{
	CALL(SYSCALL_SUBSCRIBE, DRIVER_ALARM, 0, 0, 0);
	first_call.count = 0;
	make_alarm_pending();
	check("the null upcall does not run", !yield_no_wait());
	check_equal("nor does what was there before", first_call.count, 0);
	CALL(SYSCALL_SUBSCRIBE, DRIVER_ALARM, 0, 0, 0);
}

void check_subscribe(void)
{
	check_swap();
	check_refusals();
	check_contexts();
	check_cancelled();
	check_failed_keeps();
	check_null();
}
