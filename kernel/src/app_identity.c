/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "app_identity_private.h"

#include "process.h"

struct app_identity app_identity_claimed(const struct tbf_info *info)
{
	return (struct app_identity){
		.short_id = info->short_id,
		.version = info->app_version,
		.credential = APP_CREDENTIAL_NONE,
		.key = APP_NO_KEY,
	};
}

bool process_identity(struct process_id id, struct app_identity *identity)
{
	const struct process *process = process_find(id);

	if (process == NULL)
		return false;
	*identity = process->identity;
	return true;
}

size_t process_identity_name(struct process_id id, char *destination, size_t capacity)
{
	struct process *process = process_find(id);

	if (process != NULL)
		return process_copy_name(process, destination, capacity);
	destination[0] = '\0';
	return 0;
}

struct process_id process_by_short_id(uint32_t short_id, bool checked)
{
	for (uint32_t i = 0; short_id != 0 && i < board.process_count; i++) {
		const struct process *process = &board.processes[i];

		if (process_is_alive(process) && process->identity.short_id == short_id &&
		    (!checked || process->identity.credential != APP_CREDENTIAL_NONE))
			return process->id;
	}
	return process_id_none();
}
