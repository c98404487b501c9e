/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The log is a ring of bytes. A message is taken whole or cut where the ring is
 * full; how many bytes were lost is told once there is room again.
 */
#include "kernel/log.h"

#include "kernel/deferred.h"
#include "lib/format.h"

#include <stdbool.h>

enum { LOG_SIZE = 1024 }; /* bytes, a power of two */

static uint8_t ring[LOG_SIZE];
static uint32_t written, taken; /* counts since start; they may wrap */
static uint32_t lost;

static struct log_reader *reader;

static void wake_reader(struct deferred *deferred)
{
	(void)deferred;
	if (reader != NULL && written != taken)
		reader->ops->filled(reader);
}

static const struct deferred_ops wake_ops = {wake_reader};
static struct deferred wake = {.ops = &wake_ops};

static void put(struct format_sink *sink, const char *text, size_t length)
{
	(void)sink;
	for (size_t i = 0; i < length; i++) {
		if (written - taken == LOG_SIZE) {
			lost += (uint32_t)(length - i);
			return;
		}
		ring[written++ % LOG_SIZE] = (uint8_t)text[i];
	}
}

static void print(const char *format, va_list arguments)
{
	struct format_sink sink = {put};

	format_print(&sink, format, arguments);
}

static void tell_loss(uint32_t bytes, ...)
{
	va_list arguments;

	va_start(arguments, bytes);
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
	size_t count = 0;

	while (count < capacity && taken != written)
		destination[count++] = ring[taken++ % LOG_SIZE];
	if (lost != 0 && taken == written) {
		uint32_t bytes = lost;

		lost = 0;
		tell_loss(bytes, bytes);
	}
	return count;
}
