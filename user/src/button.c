/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "detent/button.h"

#include "detent/syscall.h"

/* Tock's buttons, doc/syscalls/00003_buttons.md. */
enum {
	COMMAND_COUNT = 0,
	COMMAND_ENABLE = 1,
	COMMAND_DISABLE = 2,
	COMMAND_READ = 3,
	EVENT_CHANGED = 0, /* (button, pressed, -) */
};

static button_changed *handler;

static void changed(uint32_t button, uint32_t pressed, uint32_t arg2, void *context)
{
	(void)arg2;
	if (handler)
		handler(button, pressed != 0, context);
}

uint32_t button_count(void)
{
	uint32_t count = 0;

	return command_value(DRIVER_BUTTON, COMMAND_COUNT, 0, &count) == E_OK ? count : 0;
}

enum error button_read(uint32_t button, bool *pressed)
{
	uint32_t value = 0;
	enum error error = command_value(DRIVER_BUTTON, COMMAND_READ, button, &value);

	if (error == E_OK)
		*pressed = value != 0;
	return error;
}

enum error button_enable(uint32_t button)
{
	return command_done(DRIVER_BUTTON, COMMAND_ENABLE, button, 0);
}

enum error button_disable(uint32_t button)
{
	return command_done(DRIVER_BUTTON, COMMAND_DISABLE, button, 0);
}

enum error button_subscribe(button_changed *new_handler, void *context)
{
	struct subscription now = {new_handler ? changed : NULL, context};
	enum error error = subscribe(DRIVER_BUTTON, EVENT_CHANGED, now, NULL);

	if (error == E_OK)
		handler = new_handler;
	return error;
}

void button_wait(uint32_t *button, bool *pressed)
{
	struct upcall_values values = yield_wait_for(DRIVER_BUTTON, EVENT_CHANGED);

	*button = values.arg[0];
	*pressed = values.arg[1] != 0;
}
