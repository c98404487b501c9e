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

static const struct operation_pending nothing;

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

static enum error wait(struct operation operation)
{
	operation.driver = DRIVER_FLASH_GEOMETRY;
	operation.event = EVENT_DONE;
	return operation_wait(&nothing, &operation, NULL);
}

enum error raw_flash_read(uint32_t offset, void *buffer, size_t length)
{
	return wait((struct operation){
		.command = COMMAND_READ, .arg = {offset, 0}, .buffer = {buffer, length}});
}

enum error raw_flash_write(uint32_t offset, const void *bytes, size_t length)
{
	return wait((struct operation){
		.command = COMMAND_WRITE, .arg = {offset, 0}, .bytes = {bytes, length}});
}

enum error raw_flash_erase(uint32_t offset)
{
	return wait((struct operation){.command = COMMAND_ERASE, .arg = {offset, 0}});
}
