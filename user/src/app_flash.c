/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "detent/app_flash.h"

#include "operation.h"

/* docs/syscalls/50000_app_flash.md */
enum {
	COMMAND_WRITE = 1,
	EVENT_WRITTEN = 0,
};

static struct operation_pending pending;

static struct operation writing(struct app_flash_change change)
{
	return (struct operation){
		.driver = DRIVER_APP_FLASH,
		.command = COMMAND_WRITE,
		.event = EVENT_WRITTEN,
		.arg = {(uint32_t)(uintptr_t)change.place, 0},
		.bytes = {change.bytes, change.length},
	};
}

void app_flash_read(const void *place, void *buffer, size_t length)
{
	const volatile uint8_t *from = place;
	uint8_t *to = buffer;

	for (size_t i = 0; i < length; i++)
		to[i] = from[i];
}

enum error app_flash_write(const void *place, const void *bytes, size_t length)
{
	struct operation operation = writing((struct app_flash_change){place, bytes, length});

	return operation_wait(&pending, &operation, NULL);
}

enum error app_flash_write_start(struct app_flash_change change, app_flash_done *done,
				 void *context)
{
	struct operation operation = writing(change);

	return operation_start(&pending, &operation, done, context);
}
