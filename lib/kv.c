/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "lib/kv.h"

#include "kv_private.h"
#include "lib/bits.h"

enum error kv_init(struct kv *kv, const struct kv_config *config, struct kv_page *pages)
{
	if (config->page_bytes < KV_PAGE_MIN || config->page_bytes % KV_STAGE != 0 ||
	    config->pages < KV_PAGES_MIN || config->pages > KV_SIZE_MAX / config->page_bytes)
		return E_INVAL;
	if (!bits_is_power_of_two(config->unit) || config->unit < 4 || config->unit > KV_MARK)
		return E_INVAL;
	*kv = (struct kv){
		.config = *config,
		.page = pages,
		.size = config->pages * config->page_bytes,
	};
	return E_OK;
}

static enum error begin(struct kv *kv, enum kv_frame_kind kind)
{
	if (kv->depth != 0)
		return E_BUSY;
	if (!kv->mounted && kind != KV_FRAME_MOUNT)
		return E_OFF;
	kv->status = E_OK;
	kv->emit.change = NULL;
	(void)kv_call(kv, kind);
	return E_OK;
}

enum error kv_mount(struct kv *kv)
{
	enum error error = begin(kv, KV_FRAME_MOUNT);

	if (error != E_OK)
		return error;
	kv->mounted = false;
	kv->appending = false;
	kv->next_sequence = 1;
	kv->dead_below = 0;
	kv->damaged = 0;
	kv->window_length = 0;
	kv->mount.page = 0;
	for (uint32_t i = 0; i < KV_OWNERS; i++)
		kv->owner[i] = (struct kv_owner){0};
	return E_OK;
}

static bool same_key(const struct kv_change *a, const struct kv_change *b)
{
	if (a->key_length != b->key_length)
		return false;
	for (uint32_t i = 0; i < a->key_length; i++)
		if (a->key[i] != b->key[i])
			return false;
	return true;
}

static enum error check_changes(const struct kv *kv, struct kv_change *changes, uint32_t count)
{
	uint32_t bytes = 0;

	if (count == 0 || count > KV_CHANGES_MAX)
		return E_INVAL;
	for (uint32_t i = 0; i < count; i++) {
		if (changes[i].key_length == 0)
			return E_INVAL;
		if (changes[i].key_length > KV_KEY_MAX)
			return E_SIZE;
		for (uint32_t j = 0; j < i; j++)
			if (same_key(&changes[i], &changes[j]))
				return E_INVAL;
		if (changes[i].mode == KV_REMOVE)
			changes[i].value_length = 0;
		changes[i].old_bytes = 0;
		bytes += kv_change_bytes(&kv->config, changes[i].key_length,
					 changes[i].value_length);
	}
	return bytes > kv_commit_max(&kv->config) ? E_SIZE : E_OK;
}

enum error kv_commit(struct kv *kv, const struct storage_rights *rights, struct kv_change *changes,
		     uint32_t count)
{
	enum error error = check_changes(kv, changes, count);

	if (error == E_OK)
		error = begin(kv, KV_FRAME_COMMIT);
	if (error != E_OK)
		return error;
	kv->rights = *rights;
	kv->change = changes;
	kv->changes = count;
	kv->index = 0;
	return E_OK;
}

enum error kv_get(struct kv *kv, const struct storage_rights *rights, const struct kv_query *query)
{
	if (query->key_length == 0)
		return E_INVAL;
	if (query->key_length > KV_KEY_MAX)
		return E_SIZE;

	enum error error = begin(kv, KV_FRAME_GET);

	if (error != E_OK)
		return error;
	kv->rights = *rights;
	kv->find.length = query->key_length;
	kv_copy(kv->find.key, query->key, query->key_length);
	kv->buffer = query->buffer;
	kv->buffer_length = query->buffer_length;
	kv->skip = query->skip;
	kv->count = 0;
	return E_OK;
}

enum error kv_collect(struct kv *kv)
{
	return begin(kv, KV_FRAME_COLLECT);
}

static enum kv_progress step_frame(struct kv *kv, uint8_t kind, uint8_t *phase)
{
	switch (kind) {
	case KV_FRAME_MOUNT:
		return kv_frame_mount(kv, phase);
	case KV_FRAME_COMMIT:
		return kv_frame_commit(kv, phase);
	case KV_FRAME_GET:
		return kv_frame_get(kv, phase);
	case KV_FRAME_COLLECT:
		return kv_frame_collect(kv, phase);
	case KV_FRAME_OPEN:
		return kv_frame_open(kv, phase);
	case KV_FRAME_FIND:
		return kv_frame_find(kv, phase);
	case KV_FRAME_CHECK:
		return kv_frame_check(kv, phase);
	case KV_FRAME_EMIT:
		return kv_frame_emit(kv, phase);
	default:
		return kv_frame_write(kv, phase);
	}
}

bool kv_step(struct kv *kv, struct kv_request *request)
{
	while (kv->depth != 0) {
		struct kv_frame *frame = &kv->frame[kv->depth - 1];
		uint8_t phase = frame->phase;
		enum kv_progress progress = step_frame(kv, frame->kind, &phase);

		frame->phase = phase;
		switch (progress) {
		case KV_WAIT:
			kv->request.bytes =
				kv->request.operation == KV_READ ? kv->window : kv->stage;
			*request = kv->request;
			return true;
		case KV_RETURN:
			kv->depth--;
			break;
		default:
			break;
		}
	}
	return false;
}

/* What cannot be read leaves the operation nowhere to go on: it needs another mount. */
void kv_done(struct kv *kv, enum error status)
{
	if (kv->request.operation != KV_READ) {
		kv->flash_status = status;
		return;
	}
	if (status == E_OK)
		return;
	kv->depth = 0;
	kv->mounted = false;
	kv->window_length = 0;
	kv->status = E_FAIL;
}
