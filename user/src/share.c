/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "detent/share.h"

#include <stdlib.h>

struct share share_rw(uint32_t driver, uint32_t number, void *start, size_t length)
{
	return (struct share){
		.error = allow_rw(driver, number, (struct allowed){start, length}, NULL),
		.kind = SYSCALL_ALLOW_RW,
		.driver = driver,
		.number = number,
	};
}

struct share share_ro(uint32_t driver, uint32_t number, const void *start, size_t length)
{
	return (struct share){
		.error = allow_ro(driver, number, (struct allowed_const){start, length}, NULL),
		.kind = SYSCALL_ALLOW_RO,
		.driver = driver,
		.number = number,
	};
}

struct share share_upcall(uint32_t driver, uint32_t number, upcall_function *upcall, void *context)
{
	return (struct share){
		.error = subscribe(driver, number, (struct subscription){upcall, context}, NULL),
		.kind = SYSCALL_SUBSCRIBE,
		.driver = driver,
		.number = number,
	};
}

/*
 * Taking back what was granted cannot fail. If it does, the kernel keeps an
 * address that is about to mean something else: then nothing may go on.
 */
void share_end(struct share *share)
{
	enum error error;

	if (share->error != E_OK)
		return;
	share->error = E_CANCEL;
	if (share->kind == SYSCALL_ALLOW_RW)
		error = allow_rw(share->driver, share->number, (struct allowed){NULL, 0}, NULL);
	else if (share->kind == SYSCALL_ALLOW_RO)
		error = allow_ro(share->driver, share->number, (struct allowed_const){NULL, 0},
				 NULL);
	else
		error = subscribe(share->driver, share->number, (struct subscription){NULL, NULL},
				  NULL);
	if (error != E_OK)
		abort();
}

enum error owned_lend(struct owned_buffer *buffer, uint32_t driver, uint32_t number)
{
	if (buffer->hidden.lent)
		return E_ALREADY;
	buffer->hidden.share =
		share_rw(driver, number, buffer->hidden.start, buffer->hidden.length);
	buffer->hidden.lent = buffer->hidden.share.error == E_OK;
	return buffer->hidden.share.error;
}

void owned_reclaim(struct owned_buffer *buffer)
{
	if (!buffer->hidden.lent)
		return;
	share_end(&buffer->hidden.share);
	buffer->hidden.lent = false;
}

enum error owned_swap(struct owned_buffer *filled, struct owned_buffer *fresh)
{
	enum error error;

	if (!filled->hidden.lent)
		return E_INVAL;
	error = owned_lend(fresh, filled->hidden.share.driver, filled->hidden.share.number);
	if (error == E_OK)
		filled->hidden.lent = false;
	return error;
}

bool owned_is_lent(const struct owned_buffer *buffer)
{
	return buffer->hidden.lent;
}

uint8_t *owned_bytes(struct owned_buffer *buffer)
{
	if (buffer->hidden.lent)
		abort();
	return buffer->hidden.start;
}

size_t owned_length(const struct owned_buffer *buffer)
{
	return buffer->hidden.length;
}

void owned_end(struct owned_buffer *buffer)
{
	owned_reclaim(buffer);
}
