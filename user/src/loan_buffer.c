/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "detent/loan_buffer.h"

#include <string.h>

enum { HANDED_OVER = LOAN_WRITE | LOAN_EXCLUSIVE };

static bool away(const struct buffer *buffer)
{
	return buffer->loan != 0 && loan_describe(buffer->loan, NULL, NULL) == E_OK;
}

enum error buffer_make(struct buffer *buffer, size_t length)
{
	size_t size;
	uint8_t *bytes = loan_alloc(length, &size);

	if (bytes == NULL)
		return E_NOMEM;
	memset(bytes, 0, size);
	*buffer = (struct buffer){.bytes = bytes, .length = size};
	return E_OK;
}

uint8_t *buffer_bytes(const struct buffer *buffer)
{
	return away(buffer) ? NULL : buffer->bytes;
}

enum error buffer_hand_over(struct buffer *buffer, peer_id peer)
{
	struct loan_offer offer = LOAN_OFFER(buffer->bytes, buffer->length, peer);

	if (away(buffer))
		return E_ALREADY;
	offer.flags = HANDED_OVER;
	return loan_make(&offer, &buffer->loan);
}

enum error buffer_await(const struct buffer *buffer)
{
	if (buffer->loan == 0)
		return E_RESERVE;
	while (away(buffer))
		yield_wait_for(DRIVER_LOAN, LOAN_ENDED);
	return E_OK;
}

enum error buffer_accept(struct loan *loan)
{
	uint32_t flags = 0;
	enum error error = loan_await(loan);

	if (error != E_OK)
		return error;
	error = loan_describe(loan->id, NULL, &flags);
	if (error == E_OK && (flags & HANDED_OVER) == HANDED_OVER)
		return E_OK;
	loan_return(loan->id);
	return E_INVAL;
}
