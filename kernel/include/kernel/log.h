/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The kernel's messages. They go into a ring that the console drains; when it
 * is full, what does not fit is dropped and the loss is told. Never blocks.
 */
#ifndef KERNEL_LOG_H
#define KERNEL_LOG_H

#include "lib/compiler.h"

#include <stddef.h>
#include <stdint.h>

/* Formats as lib/format.h does. A line ends with "\r\n". */
void log_print(const char *format, ...) PRINTF_LIKE(1, 2);

/*
 * The one reader of the ring, told from the main loop that there is something
 * to read. It takes bytes with log_read() until that returns 0.
 */
struct log_reader {
	const struct log_reader_ops *ops;
};

struct log_reader_ops {
	void (*filled)(struct log_reader *reader);
};

void log_set_reader(struct log_reader *reader);
size_t log_read(uint8_t *destination, size_t capacity);

#endif
