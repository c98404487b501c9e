/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "kernel/peer.h"

#include "process.h"

#include <stddef.h>

static bool is_named(struct process *process, const char *name, size_t length)
{
	char own[PEER_NAME_MAX + 1];

	if (process->name_length != length ||
	    process_copy_name(process, own, sizeof(own)) != length)
		return false;
	for (size_t i = 0; i < length; i++)
		if (own[i] != name[i])
			return false;
	return true;
}

struct process_id peer_by_name(const struct cap_loans *cap, const char *name, size_t length)
{
	(void)cap;
	if (length == 0 || length > PEER_NAME_MAX)
		return process_id_none();
	for (uint32_t i = 0; i < board.process_count; i++)
		if (process_is_alive(&board.processes[i]) &&
		    is_named(&board.processes[i], name, length))
			return board.processes[i].id;
	return process_id_none();
}
