/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "kernel/storage_permissions.h"

#include "abi/tbf.h"
#include "lib/bytes.h"
#include "process.h"
#include "trusted/linker.h"
#include "user_range.h"

#include <stddef.h>

enum { TLV_MAX = 4 + 2 * (2 + 4 * 2 * STORAGE_RIGHTS_IDS) }; /* bytes that are looked at */

/* Its own header; the kernel cannot read it but with the process's rights. */
static bool read_header(struct process *process, void *to, uint32_t offset, uint32_t length)
{
	return process_read(process, to, process->flash_start + offset, length);
}

/*
 * Identifier that a header claims, and where it claims none, a hash of the
 * package name (FNV-1a). Both can be forged by whoever makes the application:
 * for boards that load what the developer gives them.
 */
static uint32_t claimed_identity(struct process *process)
{
	uint32_t hash = 0x811C9DC5;
	uint8_t bytes[TBF_NAME_MAX];

	if (process->storage_length >= 4) {
		if (!read_header(process, bytes, process->storage_offset, 4))
			return 0;
		if (le32_load(bytes) != 0)
			return le32_load(bytes);
	}
	if (process->name_length == 0 ||
	    !read_header(process, bytes, process->name_offset, process->name_length))
		return 0;
	for (uint32_t i = 0; i < process->name_length; i++)
		hash = (hash ^ bytes[i]) * 0x01000193;
	return hash | 0x80000000;
}

static uint32_t identity_of(struct process *process)
{
	if (process->identity.short_id != 0 || process->policy->storage != STORAGE_BY_CLAIM)
		return process->identity.short_id;
	return claimed_identity(process);
}

bool process_storage_rights(struct process_id id, struct storage_rights *rights)
{
	struct process *process = process_find(id);
	uint32_t identity = process == NULL ? 0 : identity_of(process);

	*rights = (struct storage_rights){0};
	if (identity == 0)
		return false;
	if (process->storage_offset == 0) {
		storage_rights_own(rights, identity);
		return true;
	}

	uint8_t tlv[TLV_MAX];

	return process->storage_length <= sizeof(tlv) &&
	       read_header(process, tlv, process->storage_offset, process->storage_length) &&
	       storage_rights_parse(rights, identity, tlv, process->storage_length);
}

/*
 * Never the header: it says where the regions are, and what else the application
 * may have.
 */
static bool is_own_binary(const struct process *process, const struct user_range *region)
{
	return region->start >= process->app_start && region->start <= region->end &&
	       region->end <= process->flash_end;
}

bool process_flash_writeable(struct process_id id, uint32_t address, uint32_t length,
			     uint32_t *offset)
{
	struct process *process = process_find(id);

	if (process == NULL)
		return false;
	for (uint32_t i = 0; i < process->writeable_regions; i++) {
		uint8_t pair[8];

		if (!read_header(process, pair, process->writeable_offset + i * 8, sizeof(pair)))
			return false;

		const struct user_range region = {
			process->flash_start + le32_load(pair),
			process->flash_start + le32_load(pair) + le32_load(pair + 4),
		};

		if (is_own_binary(process, &region) && length != 0 &&
		    user_range_contains(&region, address, length)) {
			*offset = address - arch_address_of(linker_apps_start);
			return true;
		}
	}
	return false;
}

bool process_flash_owns(struct process_id id, uint32_t offset, uint32_t length)
{
	const struct process *process = process_find(id);

	if (process == NULL)
		return false;

	const struct user_range own = {process->flash_start, process->flash_end};

	return user_range_contains(&own, arch_address_of(linker_apps_start) + offset, length);
}
