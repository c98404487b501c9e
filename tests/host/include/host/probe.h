/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Two drivers that only tests have. The probe passes each command to the test,
 * which may then do what a capsule can; the bulky one has a grant so large that a
 * process cannot hold two such.
 */
#ifndef HOST_PROBE_H
#define HOST_PROBE_H

#include "kernel/driver.h"
#include "kernel/grant.h"

enum {
	HOST_PROBE_DRIVER = 0xF0001,
	HOST_BULKY_DRIVER = 0xF0002,

	HOST_PROBE_UPCALLS = 4,
	HOST_PROBE_QUEUE = 2,
	HOST_PROBE_ALLOWS = 2, /* of each kind */
	HOST_BULKY_SIZE = 8192,
};

struct host_probe_state {
	uint32_t words[4];
};

typedef syscall_result host_probe_command(struct process_id process, uint32_t number,
					  uint32_t argument[2]);

struct host_driver {
	struct driver driver;
	host_probe_command *command; /* NULL: E_NOSUPPORT, and 0 succeeds */
};

extern struct host_driver host_probe, host_bulky;

void host_probe_init(void);

#endif
