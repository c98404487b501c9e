/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The log is a ring of bytes. A message is taken whole or cut where the ring is
 * full; how many bytes were lost is told once there is room again.
 */
#include "kernel/log.h"

#include "kernel/deferred.h"
#include "lib/format.h"
#include "lib/ring.h"

#include <stdbool.h>

enum { LOG_SIZE = 1024 }; /* bytes */

static uint8_t bytes[LOG_SIZE];
static struct ring ring = {.buffer = bytes, .capacity = LOG_SIZE};
static size_t lost;

static struct log_reader *reader;

static void wake_reader(struct deferred *deferred)
{
	(void)deferred;
	if (reader != NULL && ring.count != 0)
		reader->ops->filled(reader);
}

static const struct deferred_ops wake_ops = {wake_reader};
static struct deferred wake = {.ops = &wake_ops};

static void put(struct format_sink *sink, const char *text, size_t length)
{
	(void)sink;
	lost += length - ring_write(&ring, (const uint8_t *)text, length);
}

static void print(const char *format, va_list arguments)
{
	struct format_sink sink = {put};

	format_print(&sink, format, arguments);
}

static void tell_loss(uint32_t count, ...)
{
	va_list arguments;

	va_start(arguments, count);
	print("[%u bytes of kernel messages lost]\r\n", arguments);
	va_end(arguments);
}

void log_print(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print(format, arguments);
	va_end(arguments);
	deferred_set(&wake);
}

void log_set_reader(struct log_reader *new_reader)
{
	reader = new_reader;
	deferred_set(&wake);
}

size_t log_read(uint8_t *destination, size_t capacity)
{
	size_t count = ring_read(&ring, destination, capacity);

	if (lost != 0 && ring.count == 0) {
		uint32_t bytes_lost = (uint32_t)lost;

		lost = 0;
		tell_loss(bytes_lost, bytes_lost);
	}
	return count;
}
