/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "check.h"

struct driver_case {
	const char *name;
	const char *unknown;
	uint32_t driver;
	bool counts; /* command 0 answers a number, as it always did for this driver */
};

static const struct driver_case drivers[] = {
	{"command 0 of the alarm", "unknown command of the alarm", DRIVER_ALARM, false},
	{"command 0 of the console", "unknown command of the console", DRIVER_CONSOLE, false},
	{"command 0 of the LEDs", "unknown command of the LEDs", DRIVER_LED, true},
	{"command 0 of the buttons", "unknown command of the buttons", DRIVER_BUTTON, true},
	{"command 0 of low-level debug", "unknown command of low-level debug",
	 DRIVER_LOW_LEVEL_DEBUG, false},
	{"command 0 of the RNG", "unknown command of the RNG", DRIVER_RNG, false},
};

/* A board may leave a driver out: then the answer says so. */
static void check_driver(const struct driver_case *one)
{
	struct syscall_words got = CALL(SYSCALL_COMMAND, one->driver, 0, 0, 0);

	if (got.word[0] == SYSCALL_FAILURE) {
		CHECK_ANSWER(one->name, got, SYSCALL_FAILURE, E_NODEVICE);
		return;
	}
	check_equal(one->name, got.word[0], one->counts ? SYSCALL_SUCCESS_U32 : SYSCALL_SUCCESS);
	got = CALL(SYSCALL_COMMAND, one->driver, UNKNOWN_NUMBER, 0, 0);
	CHECK_ANSWER(one->unknown, got, SYSCALL_FAILURE, E_NOSUPPORT);
}

static void check_led_arguments(void)
{
	struct syscall_words count = CALL(SYSCALL_COMMAND, DRIVER_LED, 0, 0, 0);

	if (count.word[0] != SYSCALL_SUCCESS_U32)
		return;
	CHECK_ANSWER("LED that is not there",
		     CALL(SYSCALL_COMMAND, DRIVER_LED, 1, count.word[1], 0), SYSCALL_FAILURE,
		     E_INVAL);
	CHECK_ANSWER("LED of the largest number", CALL(SYSCALL_COMMAND, DRIVER_LED, 4, ~0u, 0),
		     SYSCALL_FAILURE, E_INVAL);
	if (count.word[1] == 0)
		return;
	CHECK_ANSWER("LED on", CALL(SYSCALL_COMMAND, DRIVER_LED, 1, 0, 0), SYSCALL_SUCCESS);
	CHECK_ANSWER("LED reads as on", CALL(SYSCALL_COMMAND, DRIVER_LED, 4, 0, 0),
		     SYSCALL_SUCCESS_U32, 1);
	CHECK_ANSWER("LED toggled", CALL(SYSCALL_COMMAND, DRIVER_LED, 3, 0, 0), SYSCALL_SUCCESS);
	CHECK_ANSWER("LED reads as off", CALL(SYSCALL_COMMAND, DRIVER_LED, 4, 0, 0),
		     SYSCALL_SUCCESS_U32, 0);
}

static void check_button_arguments(void)
{
	struct syscall_words count = CALL(SYSCALL_COMMAND, DRIVER_BUTTON, 0, 0, 0);

	if (count.word[0] != SYSCALL_SUCCESS_U32)
		return;
	for (unsigned int number = 1; number <= 3; number++)
		CHECK_ANSWER("button that is not there",
			     CALL(SYSCALL_COMMAND, DRIVER_BUTTON, number, count.word[1], 0),
			     SYSCALL_FAILURE, E_INVAL);
}

static void check_alarm_commands(void)
{
	struct syscall_words hertz = CALL(SYSCALL_COMMAND, DRIVER_ALARM, 1, 0, 0);
	struct syscall_words before = CALL(SYSCALL_COMMAND, DRIVER_ALARM, 2, 0, 0);
	struct syscall_words after;

	if (hertz.word[0] == SYSCALL_FAILURE)
		return;
	check_equal("alarm frequency's variant", hertz.word[0], SYSCALL_SUCCESS_U32);
	check("alarm frequency is 1 kHz or more", hertz.word[1] >= 1000);
	check_equal("alarm counter's variant", before.word[0], SYSCALL_SUCCESS_U32);
	spin_ticks(10);
	after = CALL(SYSCALL_COMMAND, DRIVER_ALARM, 2, 0, 0);
	check("alarm counter goes on", (uint32_t)after.word[1] - (uint32_t)before.word[1] >= 10);
	CHECK_ANSWER("stop without an alarm", CALL(SYSCALL_COMMAND, DRIVER_ALARM, 3, 0, 0),
		     SYSCALL_FAILURE, E_ALREADY);
	after = CALL(SYSCALL_COMMAND, DRIVER_ALARM, 5, 0x40000000, 0);
	check_equal("relative alarm's variant", after.word[0], SYSCALL_SUCCESS_U32);
	CHECK_ANSWER("stop an alarm", CALL(SYSCALL_COMMAND, DRIVER_ALARM, 3, 0, 0),
		     SYSCALL_SUCCESS);
	CHECK_ANSWER("deprecated alarm command 4", CALL(SYSCALL_COMMAND, DRIVER_ALARM, 4, 1, 1),
		     SYSCALL_FAILURE, E_NOSUPPORT);
}

void check_commands(void)
{
	for (unsigned int i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++)
		check_driver(&drivers[i]);
	CHECK_ANSWER("command 0 of a missing driver",
		     CALL(SYSCALL_COMMAND, MISSING_DRIVER, 0, 1, 2), SYSCALL_FAILURE, E_NODEVICE);
	CHECK_ANSWER("command of a missing driver", CALL(SYSCALL_COMMAND, MISSING_DRIVER, 7, 1, 2),
		     SYSCALL_FAILURE, E_NODEVICE);
	CHECK_ANSWER("command of the driver of the largest number",
		     CALL(SYSCALL_COMMAND, ~0u, ~0u, ~0u, ~0u), SYSCALL_FAILURE, E_NODEVICE);
	check_alarm_commands();
	check_led_arguments();
	check_button_arguments();
}
