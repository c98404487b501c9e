/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Loans between processes: commands for what kernel/loan.h offers, and upcalls
 * about what others did. Nothing is kept here: the kernel's table says it all.
 */
#include "capsules/loan_driver.h"

#include "kernel/app_identity.h"
#include "kernel/grant.h"
#include "kernel/peer.h"
#include "lib/compiler.h"

#include <stddef.h>

enum command_number {
	LOAN_EXISTS = 0,
	LOAN_OFFER = 1,
	LOAN_ACCEPT = 2,
	LOAN_RETURN = 3,
	LOAN_REVOKE = 4,
	LOAN_SHAPE = 5,
	LOAN_DESCRIBE = 6,
	LOAN_SELF = 7,
	LOAN_FIND_SHORT_ID = 8,
	LOAN_FIND_NAME = 9,
	LOAN_WINDOWS = 10,
	LOAN_RENEW = 11,
	LOAN_POOL = 12,
	LOAN_NEXT_OFFER = 13,
};

enum upcall_number {
	UPCALL_OFFERED = 0,
	UPCALL_NEAR = 1,
	UPCALL_ENDED = 2,
	UPCALLS,
};

enum { QUEUE = 4 };
enum { ALLOW_TERMS = 0, ALLOW_NAME = 1, ALLOWS }; /* read-only */

/* What an application writes into buffer 0 before it offers. */
struct terms {
	uint32_t start, length;
	uint32_t borrower;
	uint32_t flags;
	uint32_t driver;
	uint32_t ticks; /* 0: no deadline */
};

bool loan_driver_serves(struct loan_driver *self, struct process_id process)
{
	GRANT_ENTER_EXISTING(entry, &self->driver, process);
	return entry != NULL;
}

/* Tells a process that uses the driver; others hear nothing. */
static void loan_tell(struct loan_driver *self, struct process_id process, uint32_t number,
		      const uint32_t argument[3])
{
	GRANT_ENTER_EXISTING(entry, &self->driver, process);
	if (entry != NULL)
		(void)upcall_schedule(entry, number, argument[0], argument[1], argument[2]);
}

static enum error loan_read_terms(struct loan_driver *self, struct process_id process,
				  struct terms *terms)
{
	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return E_NOMEM;

	enum error error = allow_ro_read(entry, ALLOW_TERMS, 0, terms, sizeof(*terms));

	return error == E_SIZE ? E_RESERVE : error;
}

static syscall_result offer(struct loan_driver *self, struct process_id process)
{
	struct terms terms;
	struct loan_id id;
	enum error error = loan_read_terms(self, process, &terms);

	if (error != E_OK)
		return syscall_failure(error);

	const struct loan_terms asked = {
		.owner = process,
		.borrower = {terms.borrower},
		.start = terms.start,
		.length = terms.length,
		.flags = terms.flags,
		.driver = terms.driver,
		.client = &self->loan_client,
	};

	GRANT_ENTER_EXISTING(borrower, &self->driver, asked.borrower);
	if (borrower == NULL) /* it would never hear of it */
		return syscall_failure(E_NODEVICE);
	error = loan_offer(self->cap, &asked, &id);
	if (error != E_OK)
		return syscall_failure(error);
	(void)upcall_schedule(borrower, UPCALL_OFFERED, id.raw, process.raw, terms.length);
	if (terms.ticks != 0)
		loan_timer_set(self->timer, id, terms.ticks, &self->timer_client);
	return syscall_success_u32(id.raw);
}

static syscall_result accept(struct loan_driver *self, struct process_id process,
			     uint32_t argument[2])
{
	struct loan_place place;
	enum error error = loan_accept(self->cap, process, (struct loan_id){argument[0]}, &place);

	if (error != E_OK)
		return syscall_failure(error);
	return syscall_success_2_u32(argument, place.start, place.length);
}

/* The queue of upcalls is bounded, and others can fill it; what is in the table they cannot hide. */
static syscall_result next_offer(struct loan_driver *self, struct process_id process,
				 uint32_t argument[2])
{
	struct loan_id id = loan_next_offer(self->cap, process, (struct loan_id){argument[0]});
	struct loan_info info;

	if (!loan_inspect(self->cap, id, &info))
		return syscall_success_2_u32(argument, 0, 0);
	return syscall_success_2_u32(argument, id.raw, info.owner.raw);
}

/* For one of the two only. */
static syscall_result describe(struct loan_driver *self, struct process_id process,
			       uint32_t argument[2])
{
	struct loan_info info;

	if (!loan_inspect(self->cap, (struct loan_id){argument[0]}, &info))
		return syscall_failure(E_INVAL);
	if (process_id_equal(info.borrower, process))
		return syscall_success_2_u32(argument, info.owner.raw, info.flags);
	if (process_id_equal(info.owner, process))
		return syscall_success_2_u32(argument, info.borrower.raw, info.flags);
	return syscall_failure(E_INVAL);
}

static syscall_result renew(struct loan_driver *self, struct process_id process,
			    const uint32_t argument[2])
{
	const struct loan_id id = {argument[0]};
	struct loan_info info;

	if (!loan_inspect(self->cap, id, &info) || !process_id_equal(info.owner, process))
		return syscall_failure(E_INVAL);
	loan_timer_set(self->timer, id, argument[1], &self->timer_client);
	return syscall_success();
}

static syscall_result found(struct process_id process)
{
	if (process_id_is_none(process))
		return syscall_failure(E_NODEVICE);
	return syscall_success_u32(process.raw);
}

static syscall_result find_name(struct loan_driver *self, struct process_id process)
{
	char name[PEER_NAME_MAX];
	size_t length;

	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return syscall_failure(E_NOMEM);
	length = allow_ro_length(entry, ALLOW_NAME);
	if (length == 0 || length > sizeof(name))
		return syscall_failure(E_SIZE);

	enum error error = allow_ro_read(entry, ALLOW_NAME, 0, name, length);

	return error == E_OK ? found(peer_by_name(self->cap, name, length))
			     : syscall_failure(error);
}

static syscall_result shape(uint32_t argument[2])
{
	const struct loan_shape shape = loan_shape(argument[0]);

	if (shape.size == 0)
		return syscall_failure(E_SIZE);
	return syscall_success_2_u32(argument, shape.size, shape.alignment);
}

/* A buffer of the kernel's, to be accepted like any loan; the first argument is its time. */
static syscall_result borrow_buffer(struct loan_driver *self, struct process_id process,
				    uint32_t argument[2])
{
	const struct pool_terms terms = {
		.borrower = process, .driver = LOAN_TO_ANY, .client = &self->pool_client};
	struct loan_id id;

	if (argument[0] == 0)
		return syscall_failure(E_INVAL);
	for (uint32_t i = 0; i < self->pool_count; i++) {
		struct pool_buffer *buffer = &self->pool[i];

		if (pool_bytes(buffer) == NULL)
			continue;

		enum error error = pool_lend(self->cap, buffer, &terms, &id);

		if (error != E_OK)
			return syscall_failure(error);
		loan_timer_set(self->timer, id, argument[0], &self->timer_client);
		return syscall_success_2_u32(argument, id.raw, buffer->size);
	}
	return syscall_failure(E_BUSY);
}

static syscall_result loan_command(struct driver *driver, struct process_id process,
				   uint32_t number, uint32_t argument[2])
{
	struct loan_driver *self = CONTAINER_OF(driver, struct loan_driver, driver);
	const struct loan_id id = {argument[0]};

	switch (number) {
	case LOAN_EXISTS:
		return syscall_success();
	case LOAN_OFFER:
		return offer(self, process);
	case LOAN_ACCEPT:
		return accept(self, process, argument);
	case LOAN_RETURN:
		return syscall_from_error(loan_return(self->cap, process, id));
	case LOAN_REVOKE:
		return syscall_from_error(loan_revoke(self->cap, process, id));
	case LOAN_SHAPE:
		return shape(argument);
	case LOAN_DESCRIBE:
		return describe(self, process, argument);
	case LOAN_SELF:
		return syscall_success_u32(process.raw);
	case LOAN_FIND_SHORT_ID:
		return found(process_by_short_id(argument[0], true));
	case LOAN_FIND_NAME:
		return find_name(self, process);
	case LOAN_WINDOWS:
		return syscall_success_u32(loan_windows_left(self->cap, process));
	case LOAN_RENEW:
		return renew(self, process, argument);
	case LOAN_POOL:
		return borrow_buffer(self, process, argument);
	case LOAN_NEXT_OFFER:
		return next_offer(self, process, argument);
	default:
		return syscall_failure(E_NOSUPPORT);
	}
}

static const struct driver_type loan_driver_type = {
	.command = loan_command,
	.grant = {.upcalls = UPCALLS, .queue = QUEUE, .allow_ro = ALLOWS},
};

/* Who ended it knows; the other one is told. */
static void loan_driver_ended(struct loan_client *client, const struct loan_info *loan,
			      enum loan_end why)
{
	struct loan_driver *self = CONTAINER_OF(client, struct loan_driver, loan_client);
	const uint32_t argument[3] = {loan->id.raw, (uint32_t)why, 0};

	if (why != LOAN_REVOKED)
		loan_tell(self, loan->owner, UPCALL_ENDED, argument);
	if (why != LOAN_RETURNED)
		loan_tell(self, loan->borrower, UPCALL_ENDED, argument);
}

static const struct loan_client_ops loan_client_ops = {
	.ended = loan_driver_ended,
};

static void loan_driver_returned(struct pool_client *client, struct pool_buffer *buffer,
				 const struct loan_info *loan, enum loan_end why)
{
	struct loan_driver *self = CONTAINER_OF(client, struct loan_driver, pool_client);

	(void)buffer;
	loan_driver_ended(&self->loan_client, loan, why);
}

static const struct pool_client_ops pool_client_ops = {
	.returned = loan_driver_returned,
};

static void loan_driver_near(struct loan_timer_client *client, struct loan_id id, uint32_t ticks)
{
	struct loan_driver *self = CONTAINER_OF(client, struct loan_driver, timer_client);
	struct loan_info info;

	if (loan_inspect(self->cap, id, &info))
		loan_tell(self, info.borrower, UPCALL_NEAR, (const uint32_t[3]){id.raw, ticks, 0});
}

static const struct loan_timer_client_ops timer_client_ops = {
	.near = loan_driver_near,
};

void loan_driver_init(struct loan_driver *self, const struct loan_driver_config *config)
{
	*self = (struct loan_driver){
		.driver = {.type = &loan_driver_type},
		.loan_client = {.ops = &loan_client_ops},
		.pool_client = {.ops = &pool_client_ops},
		.timer_client = {.ops = &timer_client_ops},
		.cap = config->cap,
		.timer = config->timer,
		.pool = config->pool,
		.pool_count = config->pool_count,
	};
}
