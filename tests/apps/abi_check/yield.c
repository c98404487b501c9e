/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "check.h"

#include "detent/memory.h"

static unsigned int ran;
static uint32_t due_seen;

static void alarm_upcall(uint32_t now, uint32_t due, uint32_t arg2, void *context)
{
	(void)now;
	(void)arg2;
	(void)context;
	ran++;
	due_seen = due;
}

static unsigned int written_ran;

static void written_upcall(uint32_t length, uint32_t arg1, uint32_t arg2, void *context)
{
	(void)length;
	(void)arg1;
	(void)arg2;
	(void)context;
	written_ran++;
}

static void listen(upcall_function *upcall)
{
	subscribe(DRIVER_ALARM, 0, (struct subscription){upcall, NULL}, NULL);
	ran = 0;
}

static void no_wait(uintptr_t flag)
{
	syscall_yield((struct syscall_words){{YIELD_NO_WAIT, flag, 0, 0}});
}

static void check_no_wait(void)
{
	volatile uint8_t bytes[3] = {0xaa, 0xaa, 0xaa};
	uint32_t due;

	listen(alarm_upcall);
	no_wait((uintptr_t)&bytes[1]);
	check_equal("yield-no-wait without an upcall writes 0", bytes[1], 0);
	check("and only that byte", bytes[0] == 0xaa && bytes[2] == 0xaa);
	due = make_alarm_pending();
	bytes[1] = 0xaa;
	no_wait((uintptr_t)&bytes[1]);
	check_equal("yield-no-wait with an upcall writes 1", bytes[1], 1);
	check("and only that byte", bytes[0] == 0xaa && bytes[2] == 0xaa);
	check_equal("yield-no-wait runs one upcall", ran, 1);
	check_equal("the right one", due_seen, due);
	no_wait((uintptr_t)&bytes[1]);
	check_equal("and it is gone then", bytes[1], 0);
	make_alarm_pending();
	no_wait(0);
	check_equal("yield-no-wait with a null flag runs an upcall", ran, 2);
	no_wait(0);
	check_equal("but not twice", ran, 2);
}

/* Reaching the line behind is what is checked: the kernel must not be harmed. */
static void check_foreign_flag(void)
{
	struct memory_range ram = memory_ram();
	struct memory_range flash = memory_flash();
	const uintptr_t foreign[] = {ram.start - 1, memory_grant_start(), ram.end,
				     flash.start,   0xffffffff,           1};

	for (unsigned int i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
		no_wait(foreign[i]);
		check("yield-no-wait with a foreign flag returns", true);
	}
	listen(alarm_upcall);
	make_alarm_pending();
	no_wait(ram.end);
	check_equal("and runs what is pending", ran, 1);
}

static void check_unknown_yield(void)
{
	static const uint32_t numbers[] = {3, 77, 0x80000000, 0xffffffff};
	volatile uint8_t flag = 0xaa;

	listen(alarm_upcall);
	make_alarm_pending();
	for (unsigned int i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		syscall_yield((struct syscall_words){{numbers[i], (uintptr_t)&flag, 0, 0}});
		check_equal("an unknown yield number runs nothing", ran, 0);
		check_equal("and writes nothing", flag, 0xaa);
	}
	no_wait(0);
	check_equal("the upcall is still there", ran, 1);
}

static void check_wait_for(upcall_function *upcall, const char *what)
{
	struct upcall_values values;
	uint32_t due;

	listen(upcall);
	due = make_alarm_pending();
	values = yield_wait_for(DRIVER_ALARM, 0);
	check_equal(what, values.arg[1], due);
	check("its time is not early", (int32_t)(values.arg[0] - due) >= 0);
	check_equal("no upcall ran", ran, 0);
	check("none is left", !yield_no_wait());
	due = (uint32_t)CALL(SYSCALL_COMMAND, DRIVER_ALARM, 5, 2000, 0).word[1];
	values = yield_wait_for(DRIVER_ALARM, 0);
	check_equal("an event that has yet to come", values.arg[1], due);
	check_equal("no upcall ran for it", ran, 0);
}

/* The alarm's event comes first, and must wait for its turn. */
static void check_order(void)
{
	static const char text[] = "\n";
	struct upcall_values values;

	if (!driver_exists(DRIVER_CONSOLE))
		return;
	listen(alarm_upcall);
	make_alarm_pending();
	subscribe(DRIVER_CONSOLE, 1, (struct subscription){written_upcall, NULL}, NULL);
	allow_ro(DRIVER_CONSOLE, 1, (struct allowed_const){text, 1}, NULL);
	check_equal("console write starts", command_done(DRIVER_CONSOLE, 1, 1, 0), E_OK);
	values = yield_wait_for(DRIVER_CONSOLE, 1);
	check_equal("yield-wait-for skips another event", values.arg[0], 1);
	check_equal("whose upcall does not run", ran, 0);
	check_equal("nor does its own", written_ran, 0);
	check("the other event is still there", yield_no_wait());
	check_equal("and its upcall runs", ran, 1);
	check("and then none is left", !yield_no_wait());
	allow_ro(DRIVER_CONSOLE, 1, (struct allowed_const){NULL, 0}, NULL);
	subscribe(DRIVER_CONSOLE, 1, (struct subscription){NULL, NULL}, NULL);
}

static void check_wait(void)
{
	uint32_t due;

	listen(alarm_upcall);
	due = (uint32_t)CALL(SYSCALL_COMMAND, DRIVER_ALARM, 5, 2000, 0).word[1];
	yield();
	check_equal("yield-wait waits for an upcall", ran, 1);
	check_equal("the one that was asked for", due_seen, due);
	due = make_alarm_pending();
	yield();
	check_equal("yield-wait takes one that is there", ran, 2);
	check_equal("the right one", due_seen, due);
}

static void check_alarm_reference(void)
{
	uint32_t now = (uint32_t)CALL(SYSCALL_COMMAND, DRIVER_ALARM, 2, 0, 0).word[1];
	struct upcall_values values;

	listen(NULL);
	CHECK_ANSWER("an absolute alarm's answer",
		     CALL(SYSCALL_COMMAND, DRIVER_ALARM, 6, now, 3000), SYSCALL_SUCCESS_U32,
		     (uint32_t)(now + 3000));
	values = yield_wait_for(DRIVER_ALARM, 0);
	check_equal("an absolute alarm's due time", values.arg[1], (uint32_t)(now + 3000));
	CALL(SYSCALL_COMMAND, DRIVER_ALARM, 6, now - 5000, 10);
	values = yield_wait_for(DRIVER_ALARM, 0);
	check_equal("an alarm in the past goes off", values.arg[1], (uint32_t)(now - 5000 + 10));
}

void check_yield(void)
{
	check_no_wait();
	check_foreign_flag();
	check_unknown_yield();
	check_wait_for(NULL, "yield-wait-for without a subscription");
	check_wait_for(alarm_upcall, "yield-wait-for with a subscription");
	check_order();
	check_wait();
	check_alarm_reference();
	listen(NULL);
}
