/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A commit looks up what it changes, decides whether it may, makes room, and
 * then writes its records in a row into one page. The last one has no KV_MORE;
 * without it the others do not count.
 */
#include "kv_private.h"

enum {
	COMMIT_LOOK,
	COMMIT_FOUND,
	COMMIT_ROOM,
	COMMIT_ROOM_MADE,
	COMMIT_EMIT,
	COMMIT_EMITTED,
};

static uint32_t change_bytes(const struct kv *kv, const struct kv_change *change)
{
	return kv_change_bytes(&kv->config, change->key_length, change->value_length);
}

static uint32_t change_lasting(const struct kv *kv, const struct kv_change *change)
{
	return change->mode == KV_REMOVE ? 0 : change_bytes(kv, change);
}

static uint32_t commit_bytes(const struct kv *kv)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < kv->changes; i++)
		sum += change_bytes(kv, &kv->change[i]);
	return sum;
}

static enum kv_progress commit_look(struct kv *kv, uint8_t *phase)
{
	const struct kv_change *change = &kv->change[kv->index];

	kv->find.length = change->key_length;
	kv_copy(kv->find.key, change->key, change->key_length);
	*phase = COMMIT_FOUND;
	return kv_call_find(kv);
}

/* Whether the change is allowed, given what is there. */
static enum error change_permitted(const struct kv *kv, const struct kv_change *change)
{
	const struct kv_found *found = &kv->found;

	if (found->exists)
		return change->mode == KV_ADD || !storage_rights_modify(&kv->rights, found->owner)
			       ? E_NOSUPPORT
			       : E_OK;
	if (change->mode == KV_UPDATE || change->mode == KV_REMOVE)
		return E_NOSUPPORT;
	return kv->rights.may_create ? E_OK : E_INVAL;
}

/* All of `owner` that this commit adds and takes away. */
static enum error owner_permitted(struct kv *kv, uint32_t id)
{
	uint32_t added = 0, removed = 0;

	for (uint32_t i = 0; i < kv->changes; i++) {
		const struct kv_change *change = &kv->change[i];

		if (change->owner != id)
			continue;
		added += change_lasting(kv, change);
		removed += change->old_bytes;
	}
	if (added <= removed)
		return E_OK;
	if (kv_owner_make(kv, id) == NULL)
		return E_NOMEM;
	if (kv_used(kv) + (added - removed) > kv_limit(kv))
		return E_NOMEM;
	if (id != 0 && kv->config.quota != 0 &&
	    kv_used_by(kv, id) + (added - removed) > kv->config.quota)
		return E_NOMEM;
	return E_OK;
}

/*
 * With several owners in one commit each is held against the limit alone; the
 * reserve of a page that kv_limit() keeps is larger than any commit.
 */
static enum error commit_permitted(struct kv *kv)
{
	for (uint32_t i = 0; i < kv->changes; i++) {
		enum error error = owner_permitted(kv, kv->change[i].owner);

		if (error != E_OK)
			return error;
	}
	return E_OK;
}

static enum kv_progress commit_found(struct kv *kv, uint8_t *phase)
{
	struct kv_change *change = &kv->change[kv->index];
	enum error error = kv->status;

	if (error == E_OK)
		error = change_permitted(kv, change);
	if (error != E_OK)
		return kv_return(kv, error);
	change->owner = kv->found.exists ? kv->found.owner : kv->rights.identity;
	change->old_bytes = kv->found.exists ? kv->found.bytes : 0;
	*phase = COMMIT_LOOK;
	if (kv->index + 1 < kv->changes) {
		kv->index++;
		return KV_AGAIN;
	}
	error = commit_permitted(kv);
	if (error != E_OK)
		return kv_return(kv, error);
	kv->attempts = 0;
	*phase = COMMIT_ROOM;
	return KV_AGAIN;
}

static enum kv_progress commit_room(struct kv *kv, uint8_t *phase)
{
	if (kv_has_room(kv, commit_bytes(kv))) {
		kv->index = 0;
		kv->reach = kv->page[kv->active].used;
		*phase = COMMIT_EMIT;
		return KV_AGAIN;
	}
	if (kv->attempts > 3 * kv->config.pages)
		return kv_return(kv, E_NOMEM);
	kv->attempts++;
	*phase = COMMIT_ROOM_MADE;
	if (kv_pages_free(kv) > KV_SPARE_PAGES)
		return kv_call_open(kv, false);
	return kv_call(kv, KV_FRAME_COLLECT);
}

static uint32_t *owner_bytes(struct kv *kv, uint32_t id)
{
	struct kv_owner *owner = kv_owner_make(kv, id);

	return owner == NULL ? NULL : &owner->bytes;
}

/* The owner's bytes once the changes up to `last` are made. */
static uint32_t total_after(struct kv *kv, uint32_t last)
{
	uint32_t owner = kv->change[last].owner;
	uint32_t total = kv_used_by(kv, owner);

	for (uint32_t i = 0; i <= last; i++) {
		const struct kv_change *change = &kv->change[i];

		if (change->owner != owner)
			continue;
		total += change_lasting(kv, change);
		total = total > change->old_bytes ? total - change->old_bytes : 0;
	}
	return total;
}

static enum kv_progress commit_finish(struct kv *kv)
{
	for (uint32_t i = kv->changes; i-- > 0;) {
		uint32_t *bytes = owner_bytes(kv, kv->change[i].owner);
		bool last = true;

		for (uint32_t j = i + 1; j < kv->changes; j++)
			last = last && kv->change[j].owner != kv->change[i].owner;
		if (bytes != NULL && last)
			kv->scratch[i] = total_after(kv, i);
		else
			kv->scratch[i] = UINT32_MAX;
	}
	for (uint32_t i = 0; i < kv->changes; i++) {
		uint32_t *bytes = owner_bytes(kv, kv->change[i].owner);

		if (bytes != NULL && kv->scratch[i] != UINT32_MAX)
			*bytes = kv_at_most_all(kv, kv->scratch[i]);
	}
	kv->page[kv->active].used = kv->reach;
	return kv_return(kv, E_OK);
}

static enum kv_progress commit_emit(struct kv *kv, uint8_t *phase)
{
	const struct kv_change *change = &kv->change[kv->index];

	struct kv_record record = {
		.type = change->mode == KV_REMOVE ? KV_GONE : KV_VALUE,
		.more = kv->index + 1 < kv->changes,
		.key_length = change->key_length,
		.value_length = change->value_length,
		.owner = change->owner,
		.total = total_after(kv, kv->index),
	};

	/* It was seen to fit; should the caller have changed it since, it must not overrun. */
	kv_record_measure(&kv->config, &record);
	if (record.bytes > kv->config.page_bytes - kv->reach)
		return kv_return(kv, E_SIZE);
	kv_filter_add(&kv->page[kv->active], kv_hash(change->key, change->key_length));
	*phase = COMMIT_EMITTED;
	return kv_call_emit(kv, kv->reach, &record, change);
}

enum kv_progress kv_frame_commit(struct kv *kv, uint8_t *phase)
{
	switch (*phase) {
	case COMMIT_LOOK:
		return commit_look(kv, phase);
	case COMMIT_FOUND:
		return commit_found(kv, phase);
	case COMMIT_ROOM:
		return commit_room(kv, phase);
	case COMMIT_ROOM_MADE:
		if (kv->status != E_OK)
			return kv_return(kv, kv->status);
		*phase = COMMIT_ROOM;
		return KV_AGAIN;
	case COMMIT_EMIT:
		return commit_emit(kv, phase);
	default:
		break;
	}
	if (kv->status != E_OK) {
		kv_seal(kv, true);
		*phase = COMMIT_ROOM;
		return KV_AGAIN;
	}
	kv->reach = kv->emit.end;
	if (kv->index + 1 >= kv->changes)
		return commit_finish(kv);
	kv->index++;
	*phase = COMMIT_EMIT;
	return KV_AGAIN;
}
