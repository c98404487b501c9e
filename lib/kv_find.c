/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The latest record of a key is the last one in the newest page that has any.
 * A page whose filter does not know the key is passed over unread.
 */
#include "kv_private.h"

enum { FIND_PAGE, FIND_RECORDS };
enum { GET_FIND, GET_FOUND, GET_CHECKED };

enum kv_progress kv_call_find(struct kv *kv)
{
	kv->find.bound = UINT32_MAX;
	return kv_call(kv, KV_FRAME_FIND);
}

static enum kv_progress find_page(struct kv *kv, uint8_t *phase)
{
	uint32_t page = kv_page_before(kv, kv->find.bound);

	if (page == KV_NOWHERE) {
		kv->found = (struct kv_found){0};
		return kv_return(kv, E_OK);
	}
	kv->find.bound = kv->page[page].sequence;
	if (!kv_filter_may_have(&kv->page[page], kv_hash(kv->find.key, kv->find.length)))
		return KV_AGAIN;
	kv->find.page = page;
	kv->find.at = KV_PAGE_HEAD;
	kv->find.match = KV_NOWHERE;
	*phase = FIND_RECORDS;
	return KV_AGAIN;
}

static bool same_key(const struct kv *kv, const struct kv_record *record, const uint8_t *bytes)
{
	if (record->key_length != kv->find.length || record->type == KV_RETIRE)
		return false;
	for (uint32_t i = 0; i < kv->find.length; i++)
		if (bytes[i] != kv->find.key[i])
			return false;
	return true;
}

static enum kv_progress find_record(struct kv *kv)
{
	uint32_t left = kv->page[kv->find.page].used - kv->find.at;
	uint32_t start = kv_page_start(kv, kv->find.page) + kv->find.at;
	const struct kv_record *record = &kv->record;
	enum kv_progress progress = kv_peek_record(kv, start, left);

	if (progress != KV_AGAIN)
		return progress;
	const uint8_t *key;

	//@ split record->key_length;
	key = kv_peek(kv, start + KV_RECORD_HEAD, record->key_length);
	if (key == NULL)
		return KV_WAIT;
	if (same_key(kv, record, key)) {
		kv->find.match = kv->find.at;
		kv->found = (struct kv_found){
			.page = kv->find.page,
			.offset = kv->find.at,
			.owner = record->owner,
			.content = record->content,
			.bytes = record->bytes,
			.value_length = record->value_length,
			.key_length = record->key_length,
			.exists = record->type == KV_VALUE,
		};
	}
	kv->find.at += record->bytes;
	return KV_AGAIN;
}

enum kv_progress kv_frame_find(struct kv *kv, uint8_t *phase)
{
	if (*phase == FIND_PAGE)
		return find_page(kv, phase);
	if (kv->find.at < kv->page[kv->find.page].used)
		return find_record(kv);
	*phase = FIND_PAGE;
	return kv->find.match == KV_NOWHERE ? KV_AGAIN : kv_return(kv, E_OK);
}

static enum kv_progress get_found(struct kv *kv, uint8_t *phase)
{
	if (kv->status != E_OK)
		return kv_return(kv, kv->status);
	if (!kv->found.exists || !storage_rights_read(&kv->rights, kv->found.owner)) {
		kv->found = (struct kv_found){0};
		return kv_return(kv, E_NOSUPPORT);
	}
	*phase = GET_CHECKED;
	return kv_call_check(kv, kv->found.page, kv->found.offset, kv->found.content);
}

static enum kv_progress get_copy(struct kv *kv)
{
	uint32_t available =
		kv->found.value_length > kv->skip ? kv->found.value_length - kv->skip : 0;
	uint32_t wanted = available < kv->buffer_length ? available : kv->buffer_length;

	if (kv->count >= wanted)
		return kv_return(kv, E_OK);

	uint32_t left = wanted - kv->count;
	uint32_t part = left < KV_STAGE ? left : KV_STAGE;
	uint32_t from = kv_page_start(kv, kv->found.page) + kv->found.offset + KV_RECORD_HEAD +
			kv->found.key_length + kv->skip + kv->count;
	const uint8_t *bytes;

	//@ split part;
	bytes = kv_peek(kv, from, part);
	if (bytes == NULL)
		return KV_WAIT;
	for (uint32_t i = 0; i < part && kv->count < kv->buffer_length; i++)
		kv->buffer[kv->count++] = bytes[i];
	return KV_AGAIN;
}

enum kv_progress kv_frame_get(struct kv *kv, uint8_t *phase)
{
	if (*phase == GET_FIND) {
		*phase = GET_FOUND;
		return kv_call_find(kv);
	}
	if (*phase == GET_FOUND)
		return get_found(kv, phase);
	if (kv->status != E_OK) {
		kv_count_damaged(kv);
		return kv_return(kv, E_FAIL);
	}
	return get_copy(kv);
}
