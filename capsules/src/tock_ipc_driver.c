/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A process is named by its slot, so what may be meant by a number is noted when
 * it was learnt: another application in that slot later is not it. Buffers are
 * lent and accepted when their owner notifies; the kernel ends the loan when the
 * owner shares something else under the number, and when either ends.
 */
#include "capsules/tock_ipc_driver.h"

#include "kernel/app_identity.h"
#include "kernel/grant.h"
#include "kernel/peer.h"
#include "lib/compiler.h"
#include "lib/crc32.h"

enum command_number {
	IPC_EXISTS = 0,
	IPC_DISCOVER = 1,
	IPC_NOTIFY_SERVICE = 2,
	IPC_NOTIFY_CLIENT = 3,
};

enum { ALLOW_NAME = 0 }; /* read-only; a read-write one for each process */
enum { QUEUE = 4 };

struct tock_ipc_grant {
	struct loan_id lent[TOCK_IPC_PROCESSES]; /* to whom */
	uint32_t known[TOCK_IPC_PROCESSES];      /* mark of the application of a number; 0: none */
};

/* Of its package name, by which all of this driver goes. Never 0. */
static uint32_t mark_of(struct process_id process)
{
	union {
		char text[PEER_NAME_MAX + 1];
		uint8_t bytes[PEER_NAME_MAX + 1];
	} name;
	size_t length = process_identity_name(process, name.text, sizeof(name.text));

	return crc32(0, name.bytes, length) | 1;
}

static void note(struct tock_ipc_driver *self, struct process_id process, struct process_id other)
{
	uint32_t mark = mark_of(other);

	GRANT_ENTER_EXISTING(entry, &self->driver, process);
	if (entry != NULL)
		GRANT_STATE(entry, struct tock_ipc_grant)->known[process_id_slot(other)] = mark;
}

/* ---- discovery ---- */

static enum error wanted_name(struct tock_ipc_driver *self, struct process_id process, char *name,
			      size_t *length)
{
	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return E_NOMEM;
	*length = allow_ro_length(entry, ALLOW_NAME);
	if (*length == 0 || *length > PEER_NAME_MAX)
		return E_NODEVICE;
	return allow_ro_read(entry, ALLOW_NAME, 0, name, *length);
}

static syscall_result discover(struct tock_ipc_driver *self, struct process_id process)
{
	char name[PEER_NAME_MAX];
	size_t length;
	enum error error = wanted_name(self, process, name, &length);

	if (error != E_OK)
		return syscall_failure(error);

	struct process_id found = peer_by_name(self->cap, name, length);

	if (process_id_is_none(found) || process_id_slot(found) >= TOCK_IPC_PROCESSES)
		return syscall_failure(E_NODEVICE);
	note(self, process, found);
	return syscall_success_u32(process_id_slot(found));
}

/* ---- notices ---- */

/* The process in this slot that uses the driver; nobody: none. */
static struct process_id in_slot(struct tock_ipc_driver *self, uint32_t slot)
{
	struct process_id first = grant_next(&self->driver, process_id_none());
	struct process_id process = first;

	while (!process_id_is_none(process) && process_id_slot(process) != slot) {
		process = grant_next(&self->driver, process);
		if (process_id_equal(process, first))
			return process_id_none();
	}
	return process;
}

struct notice {
	struct process_id from, to;
	uint32_t number; /* of the subscription of `to` */
	uint32_t length, start;
	struct loan_id
		made; /* for this notice; 0: the buffer was in reach before, or there is none */
};

/* The loan that there is, if it is of this buffer and to this life. */
static bool lent_already(struct tock_ipc_driver *self, struct loan_id id, struct notice *notice)
{
	struct loan_info info;

	if (!loan_inspect(self->cap, id, &info) || !process_id_equal(info.borrower, notice->to) ||
	    !process_id_equal(info.owner, notice->from))
		return false;
	notice->start = info.start;
	notice->length = info.length;
	return true;
}

/*
 * What comes by a notice was not asked for, so it is at most one window for each sender,
 * and never the last one of a process that accepts loans itself.
 */
static bool has_room(struct tock_ipc_driver *self, struct process_id process)
{
	uint32_t kept = loan_driver_serves(self->loans, process) ? 1 : 0;

	return loan_windows_left(self->cap, process) > kept;
}

static enum error lend(struct tock_ipc_driver *self, const struct grant_entry *entry,
		       struct notice *notice)
{
	const struct loan_shared shared = {
		.entry = entry,
		.number = process_id_slot(notice->to),
		.borrower = notice->to,
		.flags = LOAN_WRITE,
	};
	enum error error;

	if (!has_room(self, notice->to))
		return E_RESERVE;
	error = loan_offer_shared(self->cap, &shared, &notice->made);
	if (error != E_OK)
		return error;
	error = loan_accept(self->cap, notice->to, notice->made, NULL);
	if (error != E_OK)
		return loan_revoke(self->cap, notice->from, notice->made) == E_OK ? error : E_FAIL;
	return lent_already(self, notice->made, notice) ? E_OK : E_FAIL;
}

/* What the process shares with the other one, if anything, is in that one's reach then. */
static enum error put_in_reach(struct tock_ipc_driver *self, struct notice *notice)
{
	uint32_t other = process_id_slot(notice->to);
	enum error error;

	GRANT_ENTER(entry, &self->driver, notice->from);
	if (entry == NULL)
		return E_NOMEM;

	struct tock_ipc_grant *state = GRANT_STATE(entry, struct tock_ipc_grant);

	if (state->known[other] != mark_of(notice->to))
		return E_INVAL;
	if (allow_rw_length(entry, other) == 0 || lent_already(self, state->lent[other], notice))
		return E_OK;
	error = lend(self, entry, notice);
	if (error == E_OK)
		state->lent[other] = notice->made;
	return error;
}

static enum error schedule(struct tock_ipc_driver *self, const struct notice *notice)
{
	uint32_t mark = mark_of(notice->from);

	GRANT_ENTER_EXISTING(entry, &self->driver, notice->to);
	if (entry == NULL)
		return E_INVAL;

	enum error error = upcall_schedule(entry, notice->number, process_id_slot(notice->from),
					   notice->length, notice->start);

	if (error == E_OK)
		GRANT_STATE(entry, struct tock_ipc_grant)->known[process_id_slot(notice->from)] =
			mark;
	return error;
}

static enum error notify(struct tock_ipc_driver *self, struct process_id process, uint32_t target,
			 uint32_t command)
{
	struct notice notice = {.from = process, .to = in_slot(self, target)};

	if (process_id_slot(process) >= TOCK_IPC_PROCESSES)
		return E_NOSUPPORT;
	if (target >= TOCK_IPC_PROCESSES || process_id_is_none(notice.to) ||
	    process_id_equal(notice.to, process))
		return E_INVAL;
	notice.number = command == IPC_NOTIFY_SERVICE ? target : process_id_slot(process);

	enum error error = put_in_reach(self, &notice);

	if (error != E_OK)
		return error;
	error = schedule(self, &notice);
	/* who is not told has nothing new in reach */
	if (error != E_OK && notice.made.raw != 0)
		return loan_revoke(self->cap, process, notice.made) == E_OK ? error : E_FAIL;
	return error;
}

static syscall_result tock_ipc_command(struct driver *driver, struct process_id process,
				       uint32_t number, uint32_t argument[2])
{
	struct tock_ipc_driver *self = CONTAINER_OF(driver, struct tock_ipc_driver, driver);

	switch (number) {
	case IPC_EXISTS:
		return syscall_success();
	case IPC_DISCOVER:
		return discover(self, process);
	case IPC_NOTIFY_SERVICE:
	case IPC_NOTIFY_CLIENT:
		return syscall_from_error(notify(self, process, argument[0], number));
	default:
		return syscall_failure(E_NOSUPPORT);
	}
}

static const struct driver_type tock_ipc_driver_type = {
	.command = tock_ipc_command,
	.grant = {.size = sizeof(struct tock_ipc_grant),
		  .upcalls = TOCK_IPC_PROCESSES,
		  .queue = QUEUE,
		  .allow_ro = 1,
		  .allow_rw = TOCK_IPC_PROCESSES},
};

void tock_ipc_driver_init(struct tock_ipc_driver *self, const struct cap_loans *cap,
			  struct loan_driver *loans)
{
	*self = (struct tock_ipc_driver){
		.driver = {.type = &tock_ipc_driver_type}, .cap = cap, .loans = loans};
}
