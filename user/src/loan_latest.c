/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "detent/loan_latest.h"

#include <string.h>

enum {
	KIND = 0x7473746C, /* "ltst" */
	TRIES = 8,         /* a writer that publishes without end must not hold a reader up */
};

/* What is lent begins with this; two copies follow, in turn. */
struct shared {
	uint32_t kind;
	uint32_t size;
	uint32_t version; /* copy version % 2 is whole; 0: none is */
	uint32_t spare;
};

static size_t copy_at(size_t size, uint32_t version)
{
	return sizeof(struct shared) + (version % 2) * ((size + 3) / 4 * 4);
}

static size_t length_for(size_t size)
{
	return sizeof(struct shared) + 2 * ((size + 3) / 4 * 4);
}

enum error latest_make(struct latest *latest, size_t size)
{
	size_t length;
	struct shared *shared;

	if (size == 0 || size > LATEST_SIZE_MAX)
		return E_SIZE;
	shared = loan_alloc(length_for(size), &length);
	if (shared == NULL)
		return E_NOMEM;
	/* Padding is read by others too. */
	memset(shared, 0, length);
	shared->kind = KIND;
	shared->size = (uint32_t)size;
	*latest = (struct latest){.shared = shared, .length = length, .size = size};
	return E_OK;
}

enum error latest_lend(const struct latest *latest, peer_id reader, loan_id *id)
{
	struct loan_offer offer = LOAN_OFFER(latest->shared, latest->length, reader);

	return loan_make(&offer, id);
}

void latest_publish(struct latest *latest, const void *value)
{
	struct shared *shared = latest->shared;
	/* Even and odd in turn, and never 0 again. */
	uint32_t next = latest->version + 1 != 0 ? latest->version + 1 : 2;

	/* Whoever sees a byte of this copy sees that it is not the latest any more. */
	FENCE_RELEASE();
	memcpy((uint8_t *)shared + copy_at(latest->size, next), value, latest->size);
	STORE_RELEASE(&shared->version, next);
	latest->version = next;
}

enum error latest_open(struct latest_view *view, const struct loan *loan, size_t size)
{
	const struct shared *shared = loan->start;

	if (size == 0 || size > LATEST_SIZE_MAX || loan->length < length_for(size) ||
	    (uintptr_t)loan->start % sizeof(uint32_t) != 0)
		return E_INVAL;
	if (loan_describe(loan->id, NULL, NULL) != E_OK)
		return E_INVAL;
	if (shared->kind != KIND || shared->size != size)
		return E_INVAL;
	*view = (struct latest_view){.shared = shared, .size = size, .loan = loan->id};
	return E_OK;
}

enum error latest_read(struct latest_view *view, void *value)
{
	const struct shared *shared = view->shared;

	for (int i = 0; i < TRIES; i++) {
		if (loan_describe(view->loan, NULL, NULL) != E_OK)
			return E_UNINSTALLED;

		uint32_t before = LOAD_ACQUIRE(&shared->version);

		if (before == 0)
			return E_RESERVE;
		memcpy(value, (const uint8_t *)shared + copy_at(view->size, before), view->size);
		FENCE_ACQUIRE();
		if (LOAD_ACQUIRE(&shared->version) == before) {
			view->version = before;
			return E_OK;
		}
	}
	return E_BUSY;
}
