/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/probe.h"

#include "lib/compiler.h"

struct host_driver host_probe, host_bulky;

static syscall_result command(struct driver *driver, struct process_id process, uint32_t number,
			      uint32_t argument[2])
{
	const struct host_driver *self = CONTAINER_OF(driver, struct host_driver, driver);

	if (self->command != NULL)
		return self->command(process, number, argument);
	return number == 0 ? syscall_success() : syscall_failure(E_NOSUPPORT);
}

static const struct driver_type probe_type = {
	.command = command,
	.grant = {.size = sizeof(struct host_probe_state),
		  .upcalls = HOST_PROBE_UPCALLS,
		  .queue = HOST_PROBE_QUEUE,
		  .allow_ro = HOST_PROBE_ALLOWS,
		  .allow_rw = HOST_PROBE_ALLOWS,
		  .allow_ur = HOST_PROBE_ALLOWS},
};

static const struct driver_type bulky_type = {
	.command = command,
	.grant = {.size = HOST_BULKY_SIZE, .upcalls = 1, .allow_rw = 1},
};

/* The test may have set `command` already. */
void host_probe_init(void)
{
	host_probe.driver = (struct driver){.type = &probe_type};
	host_bulky.driver = (struct driver){.type = &bulky_type};
}
