/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A system call driver. A capsule embeds a `struct driver` in its instance and
 * finds the instance again with CONTAINER_OF(). The board lists its drivers in
 * one table; the kernel holds the upcall and allow tables of every process.
 */
#ifndef KERNEL_DRIVER_H
#define KERNEL_DRIVER_H

#include "kernel/grant_shape.h"
#include "kernel/process_id.h"
#include "kernel/syscall_return.h"

#include <stdint.h>

struct driver;

struct driver_type {
	/*
	 * Command `number` with its two arguments. The process is alive and is the
	 * caller. Command 0 answers Success or, where the driver's document says
	 * so, Success with u32. `argument` may be written: syscall_return.h.
	 */
	syscall_result (*command)(struct driver *driver, struct process_id process, uint32_t number,
				  uint32_t argument[2]);
	struct grant_shape grant;
};

struct driver {
	const struct driver_type *type;
	uint8_t index; /* place in the board's table; set by the kernel at start */
};

#endif
