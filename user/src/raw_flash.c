/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "detent/raw_flash.h"

#include "operation.h"

/* docs/syscalls/d0001_flash_geometry.md */
enum {
	COMMAND_INFORMATION = 1,
	COMMAND_READ = 2,
	COMMAND_WRITE = 3,
	COMMAND_ERASE = 4,
	EVENT_DONE = 0,
};

static struct operation_pending pending;

enum error raw_flash_describe(struct raw_flash_shape *shape)
{
	uint32_t *const fields[] = {&shape->size, &shape->page, &shape->word, &shape->writes};

	for (uint32_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		enum error error =
			command_value(DRIVER_FLASH_GEOMETRY, COMMAND_INFORMATION, i, fields[i]);

		if (error != E_OK)
			return error;
	}
	return E_OK;
}

static struct operation reading(uint32_t offset, void *buffer, size_t length)
{
	return (struct operation){
		.driver = DRIVER_FLASH_GEOMETRY,
		.command = COMMAND_READ,
		.event = EVENT_DONE,
		.arg = {offset, 0},
		.buffer = {buffer, length},
	};
}

static struct operation writing(uint32_t offset, const void *bytes, size_t length)
{
	return (struct operation){
		.driver = DRIVER_FLASH_GEOMETRY,
		.command = COMMAND_WRITE,
		.event = EVENT_DONE,
		.arg = {offset, 0},
		.bytes = {bytes, length},
	};
}

static struct operation erasing(uint32_t offset)
{
	return (struct operation){
		.driver = DRIVER_FLASH_GEOMETRY,
		.command = COMMAND_ERASE,
		.event = EVENT_DONE,
		.arg = {offset, 0},
	};
}

enum error raw_flash_read(uint32_t offset, void *buffer, size_t length)
{
	const struct operation operation = reading(offset, buffer, length);

	return operation_wait(&pending, &operation, NULL);
}

enum error raw_flash_write(uint32_t offset, const void *bytes, size_t length)
{
	const struct operation operation = writing(offset, bytes, length);

	return operation_wait(&pending, &operation, NULL);
}

enum error raw_flash_erase(uint32_t offset)
{
	const struct operation operation = erasing(offset);

	return operation_wait(&pending, &operation, NULL);
}

enum error raw_flash_read_start(uint32_t offset, struct raw_flash_buffer buffer,
				raw_flash_done *done, void *context)
{
	const struct operation operation = reading(offset, buffer.start, buffer.length);

	return operation_start(&pending, &operation, done, context);
}

enum error raw_flash_write_start(uint32_t offset, struct raw_flash_bytes bytes,
				 raw_flash_done *done, void *context)
{
	const struct operation operation = writing(offset, bytes.start, bytes.length);

	return operation_start(&pending, &operation, done, context);
}

enum error raw_flash_erase_start(uint32_t offset, raw_flash_done *done, void *context)
{
	const struct operation operation = erasing(offset);

	return operation_start(&pending, &operation, done, context);
}
