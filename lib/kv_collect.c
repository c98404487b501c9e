/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Winning back the oldest page: what is still valid in it is written again at the
 * end of the log, first into what is left of the active page, then into a copy
 * page. A copy page counts only when its last mark is written, and until then
 * the old page is whole; so a cut during copying, however often, never uses up a
 * page. As the log is a ring, all pages wear alike, and a note that a key is gone
 * can be dropped with the oldest page: nothing older is there to come back.
 */
#include "kv_private.h"

#include "lib/bytes.h"

enum {
	COLLECT_START,
	COLLECT_RECORD,
	COLLECT_FOUND,
	COLLECT_CHECKED,
	COLLECT_OPENED,
	COLLECT_EMITTED,
	COLLECT_END,
	COLLECT_END_OPENED,
	COLLECT_ENDED,
};

/* An unfinished copy page must not stay the active one: it would not count. */
static enum kv_progress collect_fail(struct kv *kv, enum error status)
{
	if (kv->collect.copy && kv->appending && kv->page[kv->active].state == KV_PAGE_COPY) {
		kv->page[kv->active].state = KV_PAGE_DIRTY;
		kv_seal(kv, false);
	}
	return kv_return(kv, status);
}

static enum kv_progress collect_start(struct kv *kv, uint8_t *phase)
{
	uint32_t victim = kv_page_oldest(kv);

	if (victim == KV_NOWHERE || (kv->appending && victim == kv->active))
		return kv_return(kv, E_NOMEM);
	kv->collect.victim = victim;
	kv->collect.at = KV_PAGE_HEAD;
	kv->collect.end = KV_PAGE_HEAD;
	kv->collect.copy = false;
	*phase = COLLECT_RECORD;
	return KV_AGAIN;
}

static enum kv_progress collect_next(struct kv *kv, uint8_t *phase)
{
	kv->collect.at = kv->collect.end;
	*phase = COLLECT_RECORD;
	return KV_AGAIN;
}

static enum kv_progress collect_record(struct kv *kv, uint8_t *phase)
{
	uint32_t used = kv->page[kv->collect.victim].used;

	if (kv->collect.at >= used) {
		*phase = COLLECT_END;
		return KV_AGAIN;
	}

	uint32_t start = kv_page_start(kv, kv->collect.victim) + kv->collect.at;
	const struct kv_record *record = &kv->record;
	enum kv_progress progress = kv_peek_record(kv, start, used - kv->collect.at);

	if (progress == KV_RETURN)
		return collect_fail(kv, E_FAIL);
	if (progress == KV_WAIT)
		return KV_WAIT;
	const uint8_t *key;

	//@ split record->key_length;
	key = kv_peek(kv, start + KV_RECORD_HEAD, record->key_length);
	if (key == NULL)
		return KV_WAIT;
	kv->collect.end = kv->collect.at + record->bytes;
	if (record->type != KV_VALUE)
		return collect_next(kv, phase);
	kv->find.length = record->key_length;
	kv_copy(kv->find.key, key, record->key_length);
	*phase = COLLECT_FOUND;
	return kv_call_find(kv);
}

/* Only the latest record of a key is worth keeping. */
static enum kv_progress collect_found(struct kv *kv, uint8_t *phase)
{
	if (kv->status != E_OK)
		return collect_fail(kv, kv->status);
	if (kv->found.page != kv->collect.victim || kv->found.offset != kv->collect.at)
		return collect_next(kv, phase);
	*phase = COLLECT_CHECKED;
	return kv_call_check(kv, kv->found.page, kv->found.offset, kv->found.content);
}

static enum kv_progress collect_emit(struct kv *kv, uint8_t *phase)
{
	if (!kv_has_room(kv, kv->found.bytes)) {
		*phase = COLLECT_OPENED;
		kv->collect.copy = true;
		return kv_call_open(kv, true);
	}

	struct kv_record record = {
		.type = KV_VALUE,
		.key_length = kv->found.key_length,
		.value_length = kv->found.value_length,
		.owner = kv->found.owner,
		.total = kv_used_by(kv, kv->found.owner),
		.content = kv->found.content,
		.bytes = kv->found.bytes,
	};

	*phase = COLLECT_EMITTED;
	return kv_call_emit(kv, kv->page[kv->active].used, &record, NULL);
}

/* The copy page does not work: whatever is in it is in the old page too. */
static enum kv_progress collect_restart(struct kv *kv, uint8_t *phase)
{
	if (kv->collect.copy && kv->appending)
		kv->page[kv->active].state = KV_PAGE_BAD;
	kv_seal(kv, true);
	*phase = COLLECT_START;
	return KV_AGAIN;
}

static enum kv_progress collect_emitted(struct kv *kv, uint8_t *phase)
{
	if (kv->status != E_OK)
		return collect_restart(kv, phase);

	struct kv_page *page = &kv->page[kv->emit.page];

	page->used = kv->emit.end;
	kv_filter_add(page, kv_hash(kv->find.key, kv->find.length));
	return collect_next(kv, phase);
}

/* Nothing in the old page is needed any more: say so, durably. */
static enum kv_progress collect_end(struct kv *kv, uint8_t *phase)
{
	struct kv_record retire = {.type = KV_RETIRE, .value_length = 4};

	kv_record_measure(&kv->config, &retire);
	*phase = COLLECT_ENDED;
	if (kv->collect.copy) {
		kv_mark_complete(kv->stage, kv->page[kv->active].sequence);
		return kv_call_write(kv, kv_page_start(kv, kv->active) + 2 * KV_MARK, KV_MARK);
	}
	if (!kv_has_room(kv, retire.bytes)) {
		*phase = COLLECT_END_OPENED;
		kv->collect.copy = true;
		return kv_call_open(kv, true);
	}
	le32_store(kv->collect.dead, kv->page[kv->collect.victim].sequence + 1);
	kv->collect.retire = (struct kv_change){.value = kv->collect.dead, .value_length = 4};
	return kv_call_emit(kv, kv->page[kv->active].used, &retire, &kv->collect.retire);
}

static enum kv_progress collect_ended(struct kv *kv, uint8_t *phase)
{
	if (kv->status != E_OK)
		return collect_restart(kv, phase);

	struct kv_page *victim = &kv->page[kv->collect.victim];

	if (kv->collect.copy)
		kv->page[kv->active].state = KV_PAGE_LIVE;
	else
		kv->page[kv->emit.page].used = kv->emit.end;
	victim->state = victim->worn ? KV_PAGE_BAD : KV_PAGE_DIRTY;
	return kv_return(kv, E_OK);
}

enum kv_progress kv_frame_collect(struct kv *kv, uint8_t *phase)
{
	switch (*phase) {
	case COLLECT_START:
		return collect_start(kv, phase);
	case COLLECT_RECORD:
		return collect_record(kv, phase);
	case COLLECT_FOUND:
		return collect_found(kv, phase);
	case COLLECT_CHECKED:
		if (kv->status == E_OK)
			return collect_emit(kv, phase);
		kv_count_damaged(kv);
		return collect_next(kv, phase);
	case COLLECT_OPENED:
		return kv->status == E_OK ? collect_emit(kv, phase) : collect_fail(kv, kv->status);
	case COLLECT_EMITTED:
		return collect_emitted(kv, phase);
	case COLLECT_END_OPENED:
		if (kv->status != E_OK)
			return collect_fail(kv, kv->status);
		return collect_end(kv, phase);
	case COLLECT_END:
		return collect_end(kv, phase);
	default:
		return collect_ended(kv, phase);
	}
}
