/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "detent/console.h"

#include <stdint.h>

#include "detent/syscall.h"

/* Tock's console, doc/syscalls/00001_console.md. */
enum {
	COMMAND_WRITE = 1,
	COMMAND_READ = 2,
	COMMAND_READ_ABORT = 3,
	EVENT_WRITTEN = 1, /* (length, -, -) */
	EVENT_READ = 2,    /* (error, length, -) */
	ALLOW_WRITE = 1,
	ALLOW_READ = 1,
};

/* A write or a read that was started and has not ended. */
struct transfer {
	bool under_way;
	console_done *done;
	void *context;
};

static struct transfer writing;
static struct transfer reading;

/* The last line ended in a carriage return: a line feed behind it belongs to it. */
static bool after_return;

static void stop_sharing_text(void)
{
	allow_ro(DRIVER_CONSOLE, ALLOW_WRITE, (struct allowed_const){NULL, 0}, NULL);
}

static void stop_sharing_buffer(void)
{
	allow_rw(DRIVER_CONSOLE, ALLOW_READ, (struct allowed){NULL, 0}, NULL);
}

/* The call must be free for the next one when `done` runs. */
static void finish(struct transfer *transfer, enum error error, size_t length)
{
	struct transfer ended = *transfer;

	transfer->under_way = false;
	if (ended.done)
		ended.done(error, length, ended.context);
}

static void write_ended(uint32_t length, uint32_t arg1, uint32_t arg2, void *context)
{
	(void)arg1;
	(void)arg2;
	(void)context;
	stop_sharing_text();
	finish(&writing, E_OK, length);
}

static void read_ended(uint32_t error, uint32_t length, uint32_t arg2, void *context)
{
	(void)arg2;
	(void)context;
	stop_sharing_buffer();
	finish(&reading, (enum error)error, length);
}

static enum error share_and_write(const void *text, size_t length)
{
	enum error error =
		allow_ro(DRIVER_CONSOLE, ALLOW_WRITE, (struct allowed_const){text, length}, NULL);

	if (error != E_OK)
		return error;
	error = command_done(DRIVER_CONSOLE, COMMAND_WRITE, (uint32_t)length, 0);
	if (error != E_OK)
		stop_sharing_text();
	return error;
}

static enum error share_and_read(void *buffer, size_t length)
{
	enum error error =
		allow_rw(DRIVER_CONSOLE, ALLOW_READ, (struct allowed){buffer, length}, NULL);

	if (error != E_OK)
		return error;
	error = command_done(DRIVER_CONSOLE, COMMAND_READ, (uint32_t)length, 0);
	if (error != E_OK)
		stop_sharing_buffer();
	return error;
}

/* A driver may take less than it was given: go on behind that. */
enum error console_write(const void *text, size_t length)
{
	const uint8_t *next = text;

	if (writing.under_way)
		return E_BUSY;
	while (length > 0) {
		enum error error = share_and_write(next, length);
		size_t taken;

		if (error != E_OK)
			return error;
		taken = yield_wait_for(DRIVER_CONSOLE, EVENT_WRITTEN).arg[0];
		stop_sharing_text();
		if (taken == 0 || taken > length)
			return E_FAIL;
		next += taken;
		length -= taken;
	}
	return E_OK;
}

enum error console_write_start(const void *text, size_t length, console_done *written,
			       void *context)
{
	enum error error;

	if (writing.under_way)
		return E_BUSY;
	error = subscribe(DRIVER_CONSOLE, EVENT_WRITTEN, (struct subscription){write_ended, NULL},
			  NULL);
	if (error != E_OK)
		return error;
	error = share_and_write(text, length);
	if (error == E_OK)
		writing = (struct transfer){true, written, context};
	return error;
}

enum error console_read(void *buffer, size_t length, size_t *got)
{
	enum error error;
	struct upcall_values values;

	if (reading.under_way)
		return E_BUSY;
	error = share_and_read(buffer, length);
	if (error != E_OK)
		return error;
	values = yield_wait_for(DRIVER_CONSOLE, EVENT_READ);
	stop_sharing_buffer();
	*got = values.arg[1];
	return (enum error)values.arg[0];
}

enum error console_read_start(void *buffer, size_t length, console_done *read, void *context)
{
	enum error error;

	if (reading.under_way)
		return E_BUSY;
	error = subscribe(DRIVER_CONSOLE, EVENT_READ, (struct subscription){read_ended, NULL},
			  NULL);
	if (error != E_OK)
		return error;
	error = share_and_read(buffer, length);
	if (error == E_OK)
		reading = (struct transfer){true, read, context};
	return error;
}

enum error console_read_abort(void)
{
	return command_done(DRIVER_CONSOLE, COMMAND_READ_ABORT, 0, 0);
}

enum error console_read_lend(struct owned_buffer *first)
{
	enum error error;

	if (reading.under_way)
		return E_BUSY;
	error = owned_lend(first, DRIVER_CONSOLE, ALLOW_READ);
	if (error != E_OK)
		return error;
	error = command_done(DRIVER_CONSOLE, COMMAND_READ, (uint32_t)owned_length(first), 0);
	if (error != E_OK)
		owned_reclaim(first);
	return error;
}

enum error console_read_swap(struct owned_buffer *filled, struct owned_buffer *fresh,
			     size_t *length)
{
	struct upcall_values values;
	enum error error;

	if (reading.under_way)
		return E_BUSY;
	if (!owned_is_lent(filled))
		return E_INVAL;
	if (owned_is_lent(fresh))
		return E_ALREADY;
	values = yield_wait_for(DRIVER_CONSOLE, EVENT_READ);
	error = owned_swap(filled, fresh);
	if (error == E_OK)
		error = command_done(DRIVER_CONSOLE, COMMAND_READ, (uint32_t)owned_length(fresh),
				     0);
	*length = values.arg[1];
	return values.arg[0] != E_OK ? (enum error)values.arg[0] : error;
}

/* The length of the line after `byte`. */
static size_t take_byte(char *line, size_t size, size_t used, char byte)
{
	if (byte == '\b' || byte == 0x7f)
		return used > 0 ? used - 1 : 0;
	if (used + 1 >= size)
		return used;
	line[used] = byte;
	return used + 1;
}

enum error console_read_line(char *line, size_t size, size_t *length)
{
	size_t used = 0;

	if (size == 0)
		return E_SIZE;
	for (;;) {
		char byte;
		size_t got = 0;
		enum error error = console_read(&byte, 1, &got);

		if (error != E_OK)
			return error;
		if (got == 0 || (byte == '\n' && after_return)) {
			after_return = after_return && got == 0;
			continue;
		}
		after_return = byte == '\r';
		if (byte == '\n' || byte == '\r')
			break;
		used = take_byte(line, size, used, byte);
	}
	line[used] = '\0';
	if (length)
		*length = used;
	return E_OK;
}
