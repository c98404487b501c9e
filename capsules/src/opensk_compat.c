/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Other numbers for what the flash geometry driver does, and addresses in place
 * of offsets. Source: google/OpenSK, branch develop, January 2024:
 * patches/tock/06-persistent-storage.patch.
 */
#include "capsules/opensk_compat.h"

#include "kernel/grant.h"
#include "lib/compiler.h"

enum command_number {
	OPENSK_EXISTS = 0,
	OPENSK_INFO = 1,
	OPENSK_WRITE = 2,
	OPENSK_ERASE = 3,
};

enum info_number {
	INFO_WORD = 0,
	INFO_PAGE = 1,
	INFO_WRITES_PER_WORD = 2,
	INFO_ERASES = 3,
};

enum { ALLOW_BUFFER = 0 }; /* read-only */

static syscall_result opensk_info(const struct opensk_compat *self, uint32_t which)
{
	const struct flash_geometry *geometry = &self->raw.flash->geometry;

	switch (which) {
	case INFO_WORD:
		return syscall_success_u32(geometry->word_bytes);
	case INFO_PAGE:
		return syscall_success_u32(geometry->page_bytes);
	case INFO_WRITES_PER_WORD:
		return syscall_success_u32(geometry->writes_per_word);
	case INFO_ERASES:
		return syscall_success_u32(self->endurance);
	default:
		return syscall_failure(E_INVAL);
	}
}

static syscall_result opensk_write(struct opensk_compat *self, struct process_id process,
				   const uint32_t argument[2])
{
	size_t shared;

	{
		GRANT_ENTER(entry, &self->raw.driver, process);
		if (entry == NULL)
			return syscall_failure(E_NOMEM);
		shared = allow_ro_length(entry, ALLOW_BUFFER);
	}
	if (shared != argument[1] && shared != 0)
		return syscall_failure(E_INVAL);
	return flash_geometry_begin(&self->raw, process, FLASH_GEOMETRY_WRITE,
				    argument[0] - self->address);
}

static syscall_result opensk_erase(struct opensk_compat *self, struct process_id process,
				   const uint32_t argument[2])
{
	if (argument[1] != self->raw.flash->geometry.page_bytes)
		return syscall_failure(E_INVAL);
	return flash_geometry_begin(&self->raw, process, FLASH_GEOMETRY_ERASE,
				    argument[0] - self->address);
}

static syscall_result opensk_command(struct driver *driver, struct process_id process,
				     uint32_t number, uint32_t argument[2])
{
	struct opensk_compat *self = CONTAINER_OF(driver, struct opensk_compat, raw.driver);

	switch (number) {
	case OPENSK_EXISTS:
		return syscall_success();
	case OPENSK_INFO:
		return opensk_info(self, argument[0]);
	case OPENSK_WRITE:
		return opensk_write(self, process, argument);
	case OPENSK_ERASE:
		return opensk_erase(self, process, argument);
	default:
		return syscall_failure(E_NOSUPPORT);
	}
}

static const struct driver_type opensk_driver_type = {
	.command = opensk_command,
	.grant = {.size = FLASH_GEOMETRY_GRANT, .upcalls = 1, .allow_ro = 1, .allow_rw = 1},
};

void opensk_compat_init(struct opensk_compat *self, const struct opensk_compat_config *config)
{
	flash_geometry_driver_init(&self->raw, &config->raw);
	self->raw.driver.type = &opensk_driver_type;
	self->address = config->address;
	self->endurance = config->endurance;
}
