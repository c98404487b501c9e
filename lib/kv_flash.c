/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Reading through the window, writing with a check, and the check of records. */
#include "kv_private.h"

#include "lib/bytes.h"

const uint8_t *kv_peek(struct kv *kv, uint32_t offset, uint32_t length)
{
	uint32_t size = kv->config.page_bytes * kv->config.pages;

	if (offset >= kv->window_offset && offset - kv->window_offset <= kv->window_length &&
	    length <= kv->window_length - (offset - kv->window_offset))
		return kv->window + (offset - kv->window_offset);
	/* From a whole word on, so that words in flash are words in memory. */
	kv->window_offset = offset - offset % 4;
	kv->window_length = size - kv->window_offset;
	if (kv->window_length > KV_CHUNK)
		kv->window_length = KV_CHUNK;
	kv->request =
		(struct kv_request){KV_READ, kv->window_offset, kv->window_length, kv->window};
	return NULL;
}

enum kv_progress kv_call(struct kv *kv, enum kv_frame_kind kind)
{
	kv->frame[kv->depth++] = (struct kv_frame){(uint8_t)kind, 0};
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
		kv->request =
			(struct kv_request){KV_WRITE, kv->write.to, kv->write.length, kv->stage};
		*phase = 1;
		return KV_WAIT;
	}
	if (kv->flash_status != E_OK)
		return kv_return(kv, E_FAIL);

	const uint8_t *back = kv_peek(kv, kv->write.to, kv->write.length);

	if (back == NULL)
		return KV_WAIT;
	for (uint32_t i = 0; i < kv->write.length; i++)
		if (back[i] != kv->stage[i])
			return kv_return(kv, E_FAIL);
	return kv_return(kv, E_OK);
}

enum kv_progress kv_request_erase(struct kv *kv, uint32_t page)
{
	kv->window_length = 0;
	kv->request = (struct kv_request){KV_ERASE, kv_page_start(kv, page), 0, NULL};
	return KV_WAIT;
}

enum kv_progress kv_call_check(struct kv *kv, uint32_t page, uint32_t at,
			       const struct kv_record *record)
{
	uint32_t content = KV_RECORD_HEAD + (uint32_t)record->key_length + record->value_length;

	kv->check.at = kv_page_start(kv, page) + at;
	kv->check.end = kv->check.at + (content + 3) / 4 * 4;
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

	const uint8_t *bytes = kv_peek(kv, kv->check.at, part);

	if (bytes == NULL)
		return KV_WAIT;
	kv->check.sum = kv_sum(kv->check.sum, bytes, part);
	kv->check.at += part;
	return KV_AGAIN;
}
