/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "detent/storage.h"

#include "operation.h"

/* docs/syscalls/50004_isolated_storage.md; in the older driver the events are one less. */
enum {
	COMMAND_SIZE = 1,
	COMMAND_READ = 2,
	COMMAND_WRITE = 3,
	EVENT_SIZE = 0,
	EVENT_READ = 1,
	EVENT_WRITTEN = 2,
};

static struct operation_pending pending;

static struct operation reading(uint32_t offset, void *buffer, size_t length)
{
	return (struct operation){
		.driver = DRIVER_ISOLATED_STORAGE,
		.command = COMMAND_READ,
		.event = EVENT_READ,
		.arg = {offset, 0},
		.buffer = {buffer, length},
	};
}

static struct operation writing(uint32_t offset, const void *bytes, size_t length)
{
	return (struct operation){
		.driver = DRIVER_ISOLATED_STORAGE,
		.command = COMMAND_WRITE,
		.event = EVENT_WRITTEN,
		.arg = {offset, 0},
		.bytes = {bytes, length},
	};
}

static const struct operation asking = {
	.driver = DRIVER_ISOLATED_STORAGE, .command = COMMAND_SIZE, .event = EVENT_SIZE};

enum error storage_size(size_t *size)
{
	return operation_wait(&pending, &asking, size);
}

enum error storage_size_start(storage_done *done, void *context)
{
	return operation_start(&pending, &asking, done, context);
}

static enum error all_of(const struct operation_pending *others, const struct operation *operation,
			 size_t length)
{
	size_t done = 0;
	enum error error = operation_wait(others, operation, &done);

	return error == E_OK && done < length ? E_SIZE : error;
}

enum error storage_read(uint32_t offset, void *buffer, size_t length)
{
	struct operation operation = reading(offset, buffer, length);

	return all_of(&pending, &operation, length);
}

enum error storage_write(uint32_t offset, const void *bytes, size_t length)
{
	struct operation operation = writing(offset, bytes, length);

	return all_of(&pending, &operation, length);
}

enum error storage_read_start(uint32_t offset, struct storage_buffer buffer, storage_done *done,
			      void *context)
{
	struct operation operation = reading(offset, buffer.start, buffer.length);

	return operation_start(&pending, &operation, done, context);
}

enum error storage_write_start(uint32_t offset, struct storage_bytes bytes, storage_done *done,
			       void *context)
{
	struct operation operation = writing(offset, bytes.start, bytes.length);

	return operation_start(&pending, &operation, done, context);
}

/* ---- the older driver ---- */

static struct operation_pending older_pending;

static struct operation older(struct operation operation, size_t length)
{
	operation.driver = DRIVER_NONVOLATILE_STORAGE;
	operation.event--;
	operation.arg[1] = (uint32_t)length;
	operation.without_status = true;
	return operation;
}

enum error nonvolatile_size(size_t *size)
{
	uint32_t bytes;
	enum error error = command_value(DRIVER_NONVOLATILE_STORAGE, COMMAND_SIZE, 0, &bytes);

	if (error == E_OK)
		*size = bytes;
	return error;
}

static struct operation older_reading(uint32_t offset, void *buffer, size_t length)
{
	return older(reading(offset, buffer, length), length);
}

static struct operation older_writing(uint32_t offset, const void *bytes, size_t length)
{
	return older(writing(offset, bytes, length), length);
}

enum error nonvolatile_read(uint32_t offset, void *buffer, size_t length)
{
	const struct operation operation = older_reading(offset, buffer, length);

	return all_of(&older_pending, &operation, length);
}

enum error nonvolatile_write(uint32_t offset, const void *bytes, size_t length)
{
	const struct operation operation = older_writing(offset, bytes, length);

	return all_of(&older_pending, &operation, length);
}

enum error nonvolatile_read_start(uint32_t offset, struct storage_buffer buffer, storage_done *done,
				  void *context)
{
	const struct operation operation = older_reading(offset, buffer.start, buffer.length);

	return operation_start(&older_pending, &operation, done, context);
}

enum error nonvolatile_write_start(uint32_t offset, struct storage_bytes bytes, storage_done *done,
				   void *context)
{
	const struct operation operation = older_writing(offset, bytes.start, bytes.length);

	return operation_start(&older_pending, &operation, done, context);
}
