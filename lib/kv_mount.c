/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Finding out what is there. Nothing is written: pages that need an erase get it
 * when they are used next. First the marks of all pages are read; then the pages
 * of the log from the newest to the oldest, every record with its check word. A
 * page counts up to the end of its last whole commit.
 */
#include "kv_private.h"

#include "lib/bytes.h"

enum {
	MOUNT_MARKS,
	MOUNT_PAGE,
	MOUNT_RECORD,
	MOUNT_CHECKED,
	MOUNT_TAIL,
};

static void mount_classify(struct kv *kv, const struct kv_marks *marks)
{
	struct kv_page *page = &kv->page[kv->mount.page];

	*page = (struct kv_page){.state = KV_PAGE_DIRTY};
	if (marks->formatted)
		page->erases = marks->erases;
	if (marks->formatted && marks->unopened)
		page->state = KV_PAGE_READY;
	if (!marks->opened)
		return;
	page->sequence = marks->sequence;
	if (marks->sequence >= kv->next_sequence)
		kv->next_sequence = marks->sequence + 1;
	if (marks->kind == KV_KIND_COPY && !marks->complete)
		return; /* the page it was to replace is still whole */
	page->state = KV_PAGE_LIVE;

	/* The page that a finished copy replaced is the one that was the oldest. */
	uint32_t oldest = marks->oldest + (marks->kind == KV_KIND_COPY ? 1 : 0);

	if (oldest > kv->dead_below)
		kv->dead_below = oldest;
}

static enum kv_progress mount_marks(struct kv *kv, uint8_t *phase)
{
	const uint8_t *head = kv_peek(kv, kv_page_start(kv, kv->mount.page), KV_PAGE_HEAD);
	struct kv_marks marks;

	if (head == NULL)
		return KV_WAIT;
	kv_marks_decode(head, &kv->config, &marks);
	if (marks.foreign)
		return kv_return(kv, E_INVAL);
	mount_classify(kv, &marks);
	if (kv->mount.page + 1 < kv->config.pages) {
		kv->mount.page++;
		return KV_AGAIN;
	}
	kv->mount.bound = UINT32_MAX;
	*phase = MOUNT_PAGE;
	return KV_AGAIN;
}

static enum kv_progress mount_finish(struct kv *kv)
{
	for (uint32_t i = 0; i < kv->config.pages; i++) {
		struct kv_page *page = &kv->page[i];

		if (page->state == KV_PAGE_LIVE && page->sequence < kv->dead_below)
			page->state = KV_PAGE_DIRTY;
	}
	kv->mounted = true;
	return kv_return(kv, E_OK);
}

static enum kv_progress mount_page(struct kv *kv, uint8_t *phase)
{
	uint32_t page = kv_page_before(kv, kv->mount.bound);

	if (page == KV_NOWHERE || kv->page[page].sequence < kv->dead_below)
		return mount_finish(kv);
	kv->mount.page = page;
	kv->mount.at = KV_PAGE_HEAD;
	kv->mount.batch = KV_PAGE_HEAD;
	kv->mount.torn = false;
	kv->mount.pending = 0;
	*phase = MOUNT_RECORD;
	return KV_AGAIN;
}

/* All commits of the page are known. */
static enum kv_progress mount_end(struct kv *kv, uint8_t *phase)
{
	struct kv_page *page = &kv->page[kv->mount.page];

	page->used = kv->mount.batch;
	if (kv->mount.at != kv->mount.batch)
		kv->mount.torn = true;
	if (kv->mount.bound == UINT32_MAX && !kv->mount.torn) {
		kv->active = kv->mount.page;
		kv->appending = true;
	}
	kv->mount.bound = page->sequence;
	*phase = MOUNT_PAGE;
	return KV_AGAIN;
}

static enum kv_progress mount_torn(struct kv *kv, uint8_t *phase)
{
	kv->mount.torn = true;
	return mount_end(kv, phase);
}

static enum kv_progress mount_record(struct kv *kv, uint8_t *phase)
{
	uint32_t left = kv->config.page_bytes - kv->mount.at;
	uint32_t start = kv_page_start(kv, kv->mount.page) + kv->mount.at;
	struct kv_record *record = &kv->record;

	if (left < KV_RECORD_HEAD + KV_CHECK)
		return mount_end(kv, phase);

	const uint8_t *head = kv_peek(kv, start, KV_RECORD_HEAD);

	if (head == NULL)
		return KV_WAIT;
	if (kv_blank(head, KV_RECORD_HEAD)) {
		*phase = MOUNT_TAIL;
		kv->open.at = kv->mount.at;
		return KV_AGAIN;
	}
	if (!kv_record_decode(head, record))
		return mount_torn(kv, phase);
	kv_record_measure(&kv->config, record);
	if (record->bytes > left)
		return mount_torn(kv, phase);
	kv->mount.end = kv->mount.at + record->bytes;

	uint32_t key_length = record->type == KV_RETIRE ? 4u : record->key_length;
	const uint8_t *both;

	//@ split key_length;
	both = kv_peek(kv, start, KV_RECORD_HEAD + key_length);
	if (both == NULL)
		return KV_WAIT;
	/* A key too many in the filter does no harm, should the record turn out damaged. */
	if (record->type == KV_RETIRE)
		record->total = le32_load(both + KV_RECORD_HEAD);
	else
		kv_filter_add(&kv->page[kv->mount.page],
			      kv_hash(both + KV_RECORD_HEAD, key_length));
	*phase = MOUNT_CHECKED;
	return kv_call_check(kv, kv->mount.page, kv->mount.at, record->content);
}

/* The last record of an owner in the log tells how much the owner has. */
static void mount_total(struct kv *kv, uint32_t id, uint32_t total)
{
	uint32_t sequence = kv->page[kv->mount.page].sequence;
	struct kv_owner *owner = kv_owner_find(kv, id);

	if (owner == NULL) {
		owner = kv_owner_make(kv, id);
		if (owner == NULL)
			return;
		owner->sequence = sequence;
	}
	if (owner->sequence == sequence)
		owner->bytes = kv_at_most_all(kv, total);
}

/* The end of a commit: only now what its records say counts. */
static void mount_commit(struct kv *kv)
{
	for (uint32_t i = 0; i < kv->mount.pending; i++)
		mount_total(kv, kv->mount.owner[i], kv->mount.total[i]);
	kv->mount.pending = 0;
	kv->mount.batch = kv->mount.at;
}

static enum kv_progress mount_checked(struct kv *kv, uint8_t *phase)
{
	const struct kv_record *record = &kv->record;

	if (kv->status != E_OK || kv->mount.pending == KV_CHANGES_MAX)
		return mount_torn(kv, phase);
	kv->mount.at = kv->mount.end;
	if (record->type != KV_RETIRE) {
		kv->mount.owner[kv->mount.pending] = record->owner;
		kv->mount.total[kv->mount.pending++] = record->total;
	} else if (record->total > kv->dead_below) {
		kv->dead_below = record->total;
	}
	if (!record->more)
		mount_commit(kv);
	*phase = MOUNT_RECORD;
	return KV_AGAIN;
}

/* The rest of the newest page must be blank, or nothing can be added there. */
static enum kv_progress mount_tail(struct kv *kv, uint8_t *phase)
{
	uint32_t left = kv->config.page_bytes - kv->open.at;
	uint32_t part = left < KV_STAGE ? left : KV_STAGE;

	if (part == 0 || kv->mount.bound != UINT32_MAX)
		return mount_end(kv, phase);

	const uint8_t *bytes;

	//@ split part;
	bytes = kv_peek(kv, kv_page_start(kv, kv->mount.page) + kv->open.at, part);
	if (bytes == NULL)
		return KV_WAIT;
	if (!kv_blank(bytes, part))
		return mount_torn(kv, phase);
	kv->open.at += part;
	return KV_AGAIN;
}

enum kv_progress kv_frame_mount(struct kv *kv, uint8_t *phase)
{
	switch (*phase) {
	case MOUNT_MARKS:
		return mount_marks(kv, phase);
	case MOUNT_PAGE:
		return mount_page(kv, phase);
	case MOUNT_RECORD:
		return mount_record(kv, phase);
	case MOUNT_CHECKED:
		return mount_checked(kv, phase);
	default:
		return mount_tail(kv, phase);
	}
}
