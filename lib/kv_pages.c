/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "kv_private.h"

uint32_t kv_page_before(const struct kv *kv, uint32_t bound)
{
	uint32_t best = KV_NOWHERE;
	uint32_t sequence = 0;

	for (uint32_t i = 0; i < kv->config.pages; i++) {
		const struct kv_page *page = &kv->page[i];

		if ((page->state == KV_PAGE_LIVE || page->state == KV_PAGE_COPY) &&
		    page->sequence < bound && page->sequence > sequence) {
			best = i;
			sequence = page->sequence;
		}
	}
	return best;
}

uint32_t kv_page_oldest(const struct kv *kv)
{
	uint32_t best = KV_NOWHERE;
	uint32_t sequence = UINT32_MAX;

	for (uint32_t i = 0; i < kv->config.pages; i++) {
		const struct kv_page *page = &kv->page[i];

		if (page->state == KV_PAGE_LIVE && page->sequence < sequence) {
			best = i;
			sequence = page->sequence;
		}
	}
	return best;
}

static bool is_free(const struct kv_page *page)
{
	return page->state == KV_PAGE_READY || page->state == KV_PAGE_DIRTY;
}

uint32_t kv_page_free(const struct kv *kv)
{
	uint32_t best = KV_NOWHERE;

	for (uint32_t i = 0; i < kv->config.pages; i++) {
		const struct kv_page *page = &kv->page[i];

		if (!is_free(page))
			continue;
		if (best == KV_NOWHERE || page->erases < kv->page[best].erases)
			best = i;
	}
	return best;
}

uint32_t kv_pages_free(const struct kv *kv)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < kv->config.pages; i++)
		count += is_free(&kv->page[i]) ? 1 : 0;
	return count;
}

/* Two bits a key, of the 256. */
void kv_filter_add(struct kv_page *page, uint32_t hash)
{
	page->filter[hash % KV_FILTER] |= (uint8_t)(1u << (hash / KV_FILTER % 8));
	hash >>= 16;
	page->filter[hash % KV_FILTER] |= (uint8_t)(1u << (hash / KV_FILTER % 8));
}

bool kv_filter_may_have(const struct kv_page *page, uint32_t hash)
{
	uint32_t high = hash >> 16;

	return (page->filter[hash % KV_FILTER] >> (hash / KV_FILTER % 8) & 1) != 0 &&
	       (page->filter[high % KV_FILTER] >> (high / KV_FILTER % 8) & 1) != 0;
}

struct kv_owner *kv_owner_find(struct kv *kv, uint32_t id)
{
	for (uint32_t i = 0; i < KV_OWNERS; i++)
		if (kv->owner[i].used && kv->owner[i].id == id)
			return &kv->owner[i];
	return NULL;
}

struct kv_owner *kv_owner_make(struct kv *kv, uint32_t id)
{
	struct kv_owner *owner = kv_owner_find(kv, id);

	if (owner != NULL)
		return owner;
	for (uint32_t i = 0; i < KV_OWNERS; i++) {
		owner = &kv->owner[i];
		if (owner->used && (owner->bytes != 0 || !kv->mounted))
			continue;
		*owner = (struct kv_owner){.id = id, .used = true};
		return owner;
	}
	return NULL;
}

uint32_t kv_used_by(const struct kv *kv, uint32_t owner)
{
	for (uint32_t i = 0; i < KV_OWNERS; i++)
		if (kv->owner[i].used && kv->owner[i].id == owner)
			return kv->owner[i].bytes;
	return 0;
}

uint32_t kv_used(const struct kv *kv)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < KV_OWNERS; i++)
		sum += kv->owner[i].used ? kv->owner[i].bytes : 0;
	return sum;
}

/*
 * Every page but the spare ones can end with an unused rest smaller than the
 * largest commit; and one page's worth has to be garbage, so that a turn of
 * collecting over all pages wins at least that much.
 */
uint32_t kv_limit(const struct kv *kv)
{
	uint32_t room = kv->config.page_bytes - KV_PAGE_HEAD;
	uint32_t bad = 0;

	for (uint32_t i = 0; i < kv->config.pages; i++)
		bad += kv->page[i].state == KV_PAGE_BAD || kv->page[i].worn ? 1 : 0;
	if (kv->config.pages < bad + KV_SPARE_PAGES + 2)
		return 0;
	return (kv->config.pages - bad - KV_SPARE_PAGES) * (room - kv_commit_max(&kv->config)) -
	       room;
}

uint32_t kv_commit_max(const struct kv_config *config)
{
	return (config->page_bytes - KV_PAGE_HEAD) / 4 / config->unit * config->unit;
}

uint32_t kv_change_bytes(const struct kv_config *config, uint32_t key_length, uint32_t value_length)
{
	return kv_record_bytes(config, key_length, value_length);
}
