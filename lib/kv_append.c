/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Opening pages and writing records. A page gets its format mark only after an
 * erase was seen to succeed, its open mark only when it is seen to be blank; so
 * a torn erase or a torn mark leaves a page that is erased again, never one that
 * is taken for something else.
 */
#include "kv_private.h"

#include "lib/bytes.h"

enum { OPEN_PICK, OPEN_ERASED, OPEN_BLANK, OPEN_FORMATTED, OPEN_REST, OPEN_OPENED };

enum kv_progress kv_call_open(struct kv *kv, bool copy)
{
	kv->open.copy = copy;
	return kv_call(kv, KV_FRAME_OPEN);
}

void kv_seal(struct kv *kv, bool worn)
{
	if (kv->appending && worn)
		kv->page[kv->active].worn = true;
	kv->appending = false;
}

bool kv_has_room(const struct kv *kv, uint32_t bytes)
{
	return kv->appending && kv->page[kv->active].used + bytes <= kv->config.page_bytes;
}

static enum kv_progress open_failed(struct kv *kv, uint8_t *phase)
{
	kv->page[kv->open.page].state = KV_PAGE_BAD;
	*phase = OPEN_PICK;
	return KV_AGAIN;
}

static enum kv_progress open_pick(struct kv *kv, uint8_t *phase)
{
	uint32_t page = kv_page_free(kv);

	if (page == KV_NOWHERE)
		return kv_return(kv, E_NOMEM);
	kv->open.page = page;
	if (kv->page[page].worn)
		return open_failed(kv, phase);
	if (kv->page[page].state == KV_PAGE_READY) {
		kv->open.at = KV_MARK;
		*phase = OPEN_REST;
		return KV_AGAIN;
	}
	*phase = OPEN_ERASED;
	return kv_request_erase(kv, page);
}

static enum kv_progress open_erased(struct kv *kv, uint8_t *phase)
{
	struct kv_page *page = &kv->page[kv->open.page];

	if (kv->flash_status != E_OK)
		return open_failed(kv, phase);
	if (page->erases != UINT32_MAX)
		page->erases++;
	kv->open.at = 0;
	*phase = OPEN_BLANK;
	return KV_AGAIN;
}

/* Looks on for a bit that is not erased. */
static enum kv_progress open_blank(struct kv *kv, uint8_t *phase)
{
	uint32_t left = kv->config.page_bytes - kv->open.at;
	uint32_t part = left < KV_STAGE ? left : KV_STAGE;
	uint32_t start = kv_page_start(kv, kv->open.page);
	struct kv_page *page = &kv->page[kv->open.page];

	if (part != 0) {
		const uint8_t *bytes;

		//@ split part;
		bytes = kv_peek(kv, start + kv->open.at, part);
		if (bytes == NULL)
			return KV_WAIT;
		kv->open.at += part;
		if (kv_blank(bytes, part))
			return KV_AGAIN;
		if (*phase == OPEN_BLANK)
			return open_failed(kv, phase);
		page->state = KV_PAGE_DIRTY;
		*phase = OPEN_ERASED;
		return kv_request_erase(kv, kv->open.page);
	}
	if (*phase == OPEN_BLANK) {
		kv_mark_format(kv->stage, &kv->config, page->erases);
		*phase = OPEN_FORMATTED;
		return kv_call_write(kv, start, KV_MARK);
	}

	uint32_t oldest = kv_page_oldest(kv);

	kv_mark_open(kv->stage, kv->next_sequence, kv->open.copy ? KV_KIND_COPY : KV_KIND_LOG,
		     oldest == KV_NOWHERE ? kv->next_sequence : kv->page[oldest].sequence);
	*phase = OPEN_OPENED;
	return kv_call_write(kv, start + KV_MARK, KV_MARK);
}

static enum kv_progress open_opened(struct kv *kv, uint8_t *phase)
{
	struct kv_page *page = &kv->page[kv->open.page];

	if (kv->status != E_OK || kv->next_sequence > KV_SEQUENCE_MAX)
		return open_failed(kv, phase);
	page->state = kv->open.copy ? KV_PAGE_COPY : KV_PAGE_LIVE;
	page->sequence = kv->next_sequence++;
	page->used = KV_PAGE_HEAD;
	for (uint32_t i = 0; i < KV_FILTER; i++)
		page->filter[i] = 0;
	kv->active = kv->open.page;
	kv->appending = true;
	return kv_return(kv, E_OK);
}

enum kv_progress kv_frame_open(struct kv *kv, uint8_t *phase)
{
	switch (*phase) {
	case OPEN_PICK:
		return open_pick(kv, phase);
	case OPEN_ERASED:
		return open_erased(kv, phase);
	case OPEN_BLANK:
	case OPEN_REST:
		return open_blank(kv, phase);
	case OPEN_FORMATTED:
		if (kv->status != E_OK)
			return open_failed(kv, phase);
		kv->page[kv->open.page].state = KV_PAGE_READY;
		kv->open.at = kv->config.page_bytes; /* it was seen to be blank */
		*phase = OPEN_REST;
		return KV_AGAIN;
	default:
		return open_opened(kv, phase);
	}
}

enum kv_progress kv_call_emit(struct kv *kv, uint32_t to, const struct kv_record *record,
			      const struct kv_change *change)
{
	kv_record_encode(kv->emit.header, record);
	kv->emit.page = kv->active;
	kv->emit.to = kv_page_start(kv, kv->active) + to;
	kv->emit.position = 0;
	kv->emit.content = record->content;
	kv->emit.size = record->bytes;
	kv->emit.change = change;
	if (change == NULL)
		kv->emit.source = kv_page_start(kv, kv->found.page) + kv->found.offset;
	kv->emit.end = to + kv->emit.size;
	kv->emit.sum = kv->page[kv->active].sequence;
	return kv_call(kv, KV_FRAME_EMIT);
}

/* Byte of a record that comes from the caller's memory, header and padding included. */
static uint8_t emit_byte(const struct kv *kv, uint32_t at)
{
	const struct kv_change *change = kv->emit.change;

	if (at < KV_RECORD_HEAD)
		return kv->emit.header[at];
	at -= KV_RECORD_HEAD;
	if (at < change->key_length)
		return change->key[at];
	at -= change->key_length;
	return at < change->value_length ? change->value[at] : 0xFF;
}

/* Fills the stage with the next `part` bytes; false: they are being read. */
static bool emit_fill(struct kv *kv, uint32_t part)
{
	uint32_t at = kv->emit.position;

	if (kv->emit.change == NULL) {
		uint32_t held = kv->emit.content > at ? kv->emit.content - at : 0;
		const uint8_t *bytes;

		held = held < part ? held : part;
		//@ split held;
		bytes = held == 0 ? kv->stage : kv_peek(kv, kv->emit.source + at, held);
		if (bytes == NULL)
			return false;
		for (uint32_t i = 0; i < part; i++)
			kv->stage[i] = i < held ? bytes[i] : 0xFF;
		for (uint32_t i = at; i < KV_RECORD_HEAD; i++)
			kv->stage[i] = kv->emit.header[i];
		return true;
	}
	for (uint32_t i = 0; i < part; i++)
		kv->stage[i] = emit_byte(kv, at + i);
	return true;
}

/* Sums what precedes the check word, and puts that in if it is in this part. */
static void emit_sum(struct kv *kv, uint32_t part)
{
	if (kv->emit.position > kv->emit.content)
		return;

	uint32_t check = kv->emit.content - kv->emit.position;
	uint32_t summed = check < part ? check : part;

	kv->emit.sum = kv_sum(kv->emit.sum, kv->stage, summed);
	if (part >= KV_CHECK && check <= part - KV_CHECK)
		le32_store(kv->stage + check, kv->emit.sum);
}

enum kv_progress kv_frame_emit(struct kv *kv, uint8_t *phase)
{
	if (*phase == 1 && kv->status != E_OK)
		return kv_return(kv, E_FAIL);

	uint32_t left = kv->emit.size - kv->emit.position;
	uint32_t part = left < KV_STAGE ? left : KV_STAGE;

	*phase = 0;
	if (part == 0)
		return kv_return(kv, E_OK);
	if (!emit_fill(kv, part))
		return KV_WAIT;
	emit_sum(kv, part);

	uint32_t to = kv->emit.to + kv->emit.position;

	kv->emit.position += part;
	*phase = 1;
	return kv_call_write(kv, to, part);
}
