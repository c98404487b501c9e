/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "@HEADER@"

#include "kernel/grant.h"

enum command_number {
	@UPPER@_EXISTS = 0,
	@UPPER@_ADD = 1,
};

/* In the memory of the process, zero at first. */
struct @IDENT@_grant {
	uint32_t sum;
};

static syscall_result @IDENT@_add(struct @IDENT@ *self, struct process_id process, uint32_t count)
{
	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return syscall_failure(E_NOMEM);

	struct @IDENT@_grant *state = GRANT_STATE(entry, struct @IDENT@_grant);

	if (count > UINT32_MAX - state->sum)
		return syscall_failure(E_INVAL);
	state->sum += count;
	return syscall_success_u32(state->sum);
}

static syscall_result @IDENT@_command(struct driver *driver, struct process_id process,
					     uint32_t number, uint32_t argument[2])
{
	struct @IDENT@ *self = CONTAINER_OF(driver, struct @IDENT@, driver);

	if (number == @UPPER@_EXISTS)
		return syscall_success();
	if (number == @UPPER@_ADD)
		return @IDENT@_add(self, process, argument[0]);
	return syscall_failure(E_NOSUPPORT);
}

static const struct driver_type @IDENT@_type = {
	.command = @IDENT@_command,
	.grant = {.size = sizeof(struct @IDENT@_grant)},
};

void @IDENT@_init(struct @IDENT@ *self)
{
	*self = (struct @IDENT@){.driver = {.type = &@IDENT@_type}};
}
