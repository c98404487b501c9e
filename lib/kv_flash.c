/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Reading through the window, writing with a check, and the check of records. */
#include "kv_private.h"

#include "lib/bytes.h"

/*@ requires \valid(kv);
    terminates \true;
    assigns kv->request.operation, kv->request.offset, kv->request.length;
    ensures kv->request.operation == operation;
    ensures kv->request.offset == offset && kv->request.length == length;
*/
static void request(struct kv *kv, enum kv_operation operation, uint32_t offset, uint32_t length)
{
	kv->request.operation = operation;
	kv->request.offset = offset;
	kv->request.length = length;
}

/*@ terminates \true;
    assigns \nothing;
    ensures \result <= offset <= \result + 3;
*/
static uint32_t word_start(uint32_t offset)
{
	return offset - offset % 4;
}

const uint8_t *kv_peek(struct kv *kv, uint32_t offset, uint32_t length)
{
	if (offset >= kv->window_offset) {
		uint32_t skip = offset - kv->window_offset;

		if (skip <= kv->window_length && skip + length <= kv->window_length)
			return kv->window + skip;
	}
	/* From a whole word on, so that words in flash are words in memory. */
	kv->window_offset = word_start(offset);
	kv->window_length = kv->size - kv->window_offset;
	if (kv->window_length > KV_CHUNK)
		kv->window_length = KV_CHUNK;
	request(kv, KV_READ, kv->window_offset, kv->window_length);
	return NULL;
}

/* Decodes the head of a record that has at most `left` bytes. */
/*@ requires \valid_read(config) && kv_unit_ok(config->unit) && \valid_read(head + (0 .. 11));
    requires \valid(record) && \separated(record, config) && \separated(record, head + (0 .. 11));
    terminates \true;
    assigns record->type, record->more, record->key_length, record->value_length,
	record->owner, record->total, record->content, record->bytes;
    ensures \result ==> record->key_length <= KV_KEY_MAX && kv_measured(record) &&
	record->bytes <= left && KV_RECORD_HEAD + record->key_length <= left;
*/
static bool record_fits(const struct kv_config *config, const uint8_t *head, uint32_t left,
			struct kv_record *record)
{
	if (!kv_record_decode(head, record))
		return false;
	kv_record_measure(config, record);
	return record->bytes <= left;
}

enum kv_progress kv_peek_record(struct kv *kv, uint32_t start, uint32_t left)
{
	const uint8_t *head;

	if (left < KV_RECORD_HEAD + KV_CHECK)
		return kv_return(kv, E_FAIL);
	head = kv_peek(kv, start, KV_RECORD_HEAD);
	if (head == NULL)
		return KV_WAIT;
	if (!record_fits(&kv->config, head, left, &kv->record))
		return kv_return(kv, E_FAIL);
	if (kv_peek(kv, start, KV_RECORD_HEAD + (uint32_t)kv->record.key_length) == NULL)
		return KV_WAIT;
	return KV_AGAIN;
}

enum kv_progress kv_call(struct kv *kv, enum kv_frame_kind kind)
{
	kv->frame[kv->depth].kind = (uint8_t)kind;
	kv->frame[kv->depth].phase = 0;
	kv->depth++;
	return KV_AGAIN;
}

enum kv_progress kv_return(struct kv *kv, enum error status)
{
	kv->status = status;
	return KV_RETURN;
}

enum kv_progress kv_call_write(struct kv *kv, uint32_t to, uint32_t length)
{
	kv->write.to = to;
	kv->write.length = length;
	return kv_call(kv, KV_FRAME_WRITE);
}

enum kv_progress kv_frame_write(struct kv *kv, uint8_t *phase)
{
	if (*phase == 0) {
		kv->window_length = 0;
		request(kv, KV_WRITE, kv->write.to, kv->write.length);
		*phase = 1;
		return KV_WAIT;
	}
	if (kv->flash_status != E_OK)
		return kv_return(kv, E_FAIL);

	const uint8_t *back;

	//@ split kv->write.length;
	back = kv_peek(kv, kv->write.to, kv->write.length);
	if (back == NULL)
		return KV_WAIT;
	/*@ loop invariant 0 <= i <= kv->write.length;
	    loop assigns i;
	    loop variant kv->write.length - i;
	*/
	for (uint32_t i = 0; i < kv->write.length; i++)
		if (back[i] != kv->stage[i])
			return kv_return(kv, E_FAIL);
	return kv_return(kv, E_OK);
}

enum kv_progress kv_request_erase(struct kv *kv, uint32_t page)
{
	kv->window_length = 0;
	request(kv, KV_ERASE, kv_page_start(kv, page), 0);
	return KV_WAIT;
}

enum kv_progress kv_call_check(struct kv *kv, uint32_t page, uint32_t at, uint32_t content)
{
	kv->check.at = kv_page_start(kv, page) + at;
	kv->check.end = kv->check.at + content;
	kv->check.sum = kv->page[page].sequence;
	return kv_call(kv, KV_FRAME_CHECK);
}

enum kv_progress kv_frame_check(struct kv *kv, uint8_t *phase)
{
	uint32_t left = kv->check.end - kv->check.at;
	uint32_t part = left < KV_STAGE ? left : KV_STAGE;

	(void)phase;
	if (part == 0) {
		const uint8_t *word = kv_peek(kv, kv->check.end, KV_CHECK);

		if (word == NULL)
			return KV_WAIT;
		return kv_return(kv, le32_load(word) == kv->check.sum ? E_OK : E_FAIL);
	}

	const uint8_t *bytes;

	//@ split part;
	bytes = kv_peek(kv, kv->check.at, part);
	if (bytes == NULL)
		return KV_WAIT;
	kv->check.sum = kv_sum(kv->check.sum, bytes, part);
	kv->check.at += part;
	return KV_AGAIN;
}
