/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "kernel/pool.h"

#include "loan_private.h"
#include "process.h"
#include "trusted/linker.h"

#include <stddef.h>

enum { BUFFERS_EACH = 1 /* that one process has at a time */ };

static void ended(struct loan_client *client, const struct loan_info *loan, enum loan_end why)
{
	struct pool_buffer *buffer = CONTAINER_OF(client, struct pool_buffer, loan_client);

	/* No plan opens it any more, so the kernel can reach it whichever is loaded. */
	arch_clear(loan->start, loan->start + loan->length);
	buffer->loan.raw = 0;
	if (buffer->client != NULL)
		buffer->client->ops->returned(buffer->client, buffer, loan, why);
}

static const struct loan_client_ops client_ops = {
	.ended = ended,
};

bool pool_buffer_init(struct pool_buffer *buffer, uint8_t *bytes, uint32_t size)
{
	uptr_t start = arch_address_of(bytes);

	*buffer = (struct pool_buffer){.loan_client = {.ops = &client_ops}};
	if (start < arch_address_of(linker_pool_start) ||
	    start > arch_address_of(linker_pool_end) || size == 0 ||
	    size > arch_address_of(linker_pool_end) - start || !arch_mpu_window_fits(start, size))
		return false;
	arch_clear(start, start + size);
	buffer->bytes = bytes;
	buffer->size = size;
	return true;
}

uint8_t *pool_bytes(const struct pool_buffer *buffer)
{
	return buffer->loan.raw == 0 ? buffer->bytes : NULL;
}

static uint32_t kernels_loans_to(struct process_id borrower)
{
	const struct loan_table table = loan_table();
	uint32_t count = 0;

	for (uint32_t i = 0; i < table.count; i++)
		if (table.loans[i].state == LOAN_LIVE && process_id_is_none(table.loans[i].owner) &&
		    process_id_equal(table.loans[i].borrower, borrower))
			count++;
	return count;
}

enum error pool_lend(const struct cap_loans *cap, struct pool_buffer *buffer,
		     const struct pool_terms *terms, struct loan_id *id)
{
	const struct loan_terms loan = {
		.owner = process_id_none(),
		.borrower = terms->borrower,
		.start = arch_address_of(buffer->bytes),
		.length = buffer->size,
		.flags = LOAN_WRITE | LOAN_EXCLUSIVE,
		.driver = terms->driver,
		.client = &buffer->loan_client,
	};
	enum error error;

	(void)cap;
	if (buffer->bytes == NULL || buffer->loan.raw != 0)
		return E_BUSY;
	if (process_find(terms->borrower) == NULL)
		return E_NODEVICE;
	if (kernels_loans_to(terms->borrower) >= BUFFERS_EACH)
		return E_NOMEM;
	error = loan_offer_own(&loan, id);
	if (error != E_OK)
		return error;
	buffer->loan = *id;
	buffer->client = terms->client;
	return E_OK;
}

void pool_take_back(const struct cap_loans *cap, struct pool_buffer *buffer)
{
	const struct loan_table table = loan_table();
	struct loan *loan = loan_table_find(table, buffer->loan);

	(void)cap;
	if (loan != NULL)
		loan_finish(loan_id_slot(buffer->loan), LOAN_REVOKED);
}
