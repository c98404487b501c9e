/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "detent/alarm.h"

#include "detent/syscall.h"

/* Tock's alarm, doc/syscalls/00000_alarm.md. */
enum {
	COMMAND_FREQUENCY = 1,
	COMMAND_NOW = 2,
	COMMAND_STOP = 3,
	COMMAND_SET = 6,
	EVENT_FIRED = 0, /* (now, due, -) */
};

static alarm_fired *handler;

static void fired(uint32_t now, uint32_t due, uint32_t arg2, void *context)
{
	(void)arg2;
	if (handler)
		handler(now, due, context);
}

enum error alarm_frequency(uint32_t *hertz)
{
	return command_value(DRIVER_ALARM, COMMAND_FREQUENCY, 0, hertz);
}

uint32_t alarm_now(void)
{
	uint32_t now = 0;

	return command_value(DRIVER_ALARM, COMMAND_NOW, 0, &now) == E_OK ? now : 0;
}

enum error alarm_subscribe(alarm_fired *new_handler, void *context)
{
	struct subscription now = {new_handler ? fired : NULL, context};
	enum error error = subscribe(DRIVER_ALARM, EVENT_FIRED, now, NULL);

	if (error == E_OK)
		handler = new_handler;
	return error;
}

enum error alarm_set(uint32_t reference, uint32_t ticks)
{
	struct command_return answer = command(DRIVER_ALARM, COMMAND_SET, reference, ticks);

	if (answer.variant == SYSCALL_SUCCESS_U32)
		return E_OK;
	return answer.variant == SYSCALL_FAILURE ? (enum error)answer.value[0] : E_BAD_VARIANT;
}

enum error alarm_stop(void)
{
	return command_done(DRIVER_ALARM, COMMAND_STOP, 0, 0);
}

void alarm_wait(void)
{
	yield_wait_for(DRIVER_ALARM, EVENT_FIRED);
}
