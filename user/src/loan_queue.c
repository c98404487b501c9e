/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "detent/loan_queue.h"

#include <string.h>

enum { KIND = 0x75657571 /* "queu" */ };

/* What is lent begins with this; the items follow. All of it may change at any time. */
struct shared {
	uint32_t kind;
	uint32_t size;
	uint32_t slots;
	uint32_t lender_role;
	uint32_t done[2]; /* by enum queue_role: items put, items taken */
};

static bool possible(size_t size, uint32_t slots)
{
	return size > 0 && slots > 0 && (slots & (slots - 1)) == 0 &&
	       size <= QUEUE_BYTES_MAX / slots;
}

static size_t length_for(size_t size, uint32_t slots)
{
	return sizeof(struct shared) + size * slots;
}

enum error queue_make(struct queue *queue, enum queue_role role, size_t size, uint32_t slots)
{
	size_t length;
	void *shared;

	if (!possible(size, slots))
		return E_SIZE;
	shared = loan_alloc(length_for(size, slots), &length);
	if (shared == NULL)
		return E_NOMEM;
	*queue = (struct queue){
		.shared = shared, .length = length, .size = size, .slots = slots, .role = role};
	return E_OK;
}

enum error queue_lend(struct queue *queue, peer_id peer)
{
	struct shared *shared = queue->shared;
	struct loan_offer offer = LOAN_OFFER(shared, queue->length, peer);

	if (queue->loan != 0 && loan_describe(queue->loan, NULL, NULL) == E_OK)
		return E_ALREADY;
	/* Nothing of a former peer's items is for this one. */
	memset(shared, 0, queue->length);
	shared->kind = KIND;
	shared->size = (uint32_t)queue->size;
	shared->slots = queue->slots;
	shared->lender_role = queue->role;
	queue->mine = 0;
	queue->loan = 0;
	offer.flags = LOAN_WRITE;
	return loan_make(&offer, &queue->loan);
}

enum error queue_open(struct queue *queue, const struct loan *loan, enum queue_role role,
		      size_t size)
{
	struct shared *shared = loan->start;
	uint32_t flags, slots;

	if (loan->length < sizeof(*shared) || (uintptr_t)loan->start % sizeof(uint32_t) != 0 ||
	    loan_describe(loan->id, NULL, &flags) != E_OK || (flags & LOAN_WRITE) == 0)
		return E_INVAL;
	/* Read once: the lender may write another number meanwhile. */
	slots = *(volatile uint32_t *)&shared->slots;
	if (shared->kind != KIND || shared->size != size || !possible(size, slots) ||
	    loan->length < length_for(size, slots) ||
	    shared->lender_role != (role == QUEUE_PUTS ? QUEUE_TAKES : QUEUE_PUTS))
		return E_INVAL;
	*queue = (struct queue){.shared = shared,
				.length = loan->length,
				.size = size,
				.slots = slots,
				.role = role,
				.loan = loan->id};
	return E_OK;
}

/* How many items the other side left; what it says is believed only if it can be. */
static enum error count(const struct queue *queue, enum queue_role role, uint32_t *items)
{
	struct shared *shared = queue->shared;
	uint32_t other;

	if (queue->role != role)
		return E_INVAL;
	if (loan_describe(queue->loan, NULL, NULL) != E_OK)
		return E_UNINSTALLED;
	other = LOAD_ACQUIRE(&shared->done[role == QUEUE_PUTS ? QUEUE_TAKES : QUEUE_PUTS]);
	*items = role == QUEUE_PUTS ? queue->mine - other : other - queue->mine;
	return *items <= queue->slots ? E_OK : E_FAIL;
}

/* This side's next item: by its own index, and so within the loan. */
static uint8_t *next(const struct queue *queue)
{
	return (uint8_t *)queue->shared + sizeof(struct shared) +
	       (queue->mine & (queue->slots - 1)) * queue->size;
}

static void advance(struct queue *queue)
{
	struct shared *shared = queue->shared;

	queue->mine++;
	STORE_RELEASE(&shared->done[queue->role], queue->mine);
}

enum error queue_put(struct queue *queue, const void *item)
{
	uint32_t items;
	enum error error = count(queue, QUEUE_PUTS, &items);

	if (error != E_OK)
		return error;
	if (items == queue->slots)
		return E_BUSY;
	memcpy(next(queue), item, queue->size);
	advance(queue);
	return E_OK;
}

enum error queue_take(struct queue *queue, void *item)
{
	uint32_t items;
	enum error error = count(queue, QUEUE_TAKES, &items);

	if (error != E_OK)
		return error;
	if (items == 0)
		return E_BUSY;
	memcpy(item, next(queue), queue->size);
	advance(queue);
	return E_OK;
}
