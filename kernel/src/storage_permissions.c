/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "kernel/storage_permissions.h"

#include "lib/bytes.h"
#include "process.h"
#include "trusted/linker.h"

static const uint8_t *flash_bytes(const struct process *process, uint32_t offset)
{
	return arch_kernel_pointer(process->flash_start + offset);
}

/*
 * Identifier that a header claims, and where it claims none, a hash of the
 * package name (FNV-1a). Both can be forged by whoever makes the application:
 * for boards that load what the developer gives them.
 */
static uint32_t claimed_identity(const struct process *process)
{
	const uint8_t *name = flash_bytes(process, process->name_offset);
	uint32_t hash = 0x811C9DC5;

	if (process->storage_length >= 4) {
		uint32_t claim = le32_load(flash_bytes(process, process->storage_offset));

		if (claim != 0)
			return claim;
	}
	for (uint32_t i = 0; i < process->name_length; i++)
		hash = (hash ^ name[i]) * 0x01000193;
	return process->name_length == 0 ? 0 : hash | 0x80000000;
}

static uint32_t identity_of(const struct process *process)
{
	if (process->short_id != 0 || process->policy->storage != STORAGE_BY_CLAIM)
		return process->short_id;
	return claimed_identity(process);
}

bool process_storage_rights(struct process_id id, struct storage_rights *rights)
{
	const struct process *process = process_find(id);
	uint32_t identity = process == NULL ? 0 : identity_of(process);

	*rights = (struct storage_rights){0};
	if (identity == 0)
		return false;
	if (process->storage_offset == 0) {
		storage_rights_own(rights, identity);
		return true;
	}
	return storage_rights_parse(rights, identity,
				    flash_bytes(process, process->storage_offset),
				    process->storage_length);
}

bool process_flash_writeable(struct process_id id, uint32_t address, uint32_t length,
			     uint32_t *offset)
{
	const struct process *process = process_find(id);

	if (process == NULL)
		return false;
	for (uint32_t i = 0; i < process->writeable_regions; i++) {
		const uint8_t *pair = flash_bytes(process, process->writeable_offset + i * 8);
		uptr_t start = process->flash_start + le32_load(pair);
		uint32_t size = le32_load(pair + 4);

		if (address >= start && address - start <= size &&
		    length <= size - (address - start)) {
			*offset = address - arch_address_of(linker_apps_start);
			return true;
		}
	}
	return false;
}
