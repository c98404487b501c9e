/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "kv_private.h"

uint32_t kv_page_before(const struct kv *kv, uint32_t bound)
{
	uint32_t best = KV_NOWHERE;
	uint32_t sequence = 0;

	/*@ loop invariant 0 <= i <= kv->config.pages;
	    loop invariant best == KV_NOWHERE || best < kv->config.pages;
	    loop assigns i, best, sequence;
	    loop variant kv->config.pages - i;
	*/
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

	/*@ loop invariant 0 <= i <= kv->config.pages;
	    loop invariant best == KV_NOWHERE || best < kv->config.pages;
	    loop assigns i, best, sequence;
	    loop variant kv->config.pages - i;
	*/
	for (uint32_t i = 0; i < kv->config.pages; i++) {
		const struct kv_page *page = &kv->page[i];

		if (page->state == KV_PAGE_LIVE && page->sequence < sequence) {
			best = i;
			sequence = page->sequence;
		}
	}
	return best;
}

/*@ requires \valid_read(page);
    terminates \true;
    assigns \nothing;
*/
static bool is_free(const struct kv_page *page)
{
	return page->state == KV_PAGE_READY || page->state == KV_PAGE_DIRTY;
}

uint32_t kv_page_free(const struct kv *kv)
{
	uint32_t best = KV_NOWHERE;

	/*@ loop invariant 0 <= i <= kv->config.pages;
	    loop invariant best == KV_NOWHERE || best < kv->config.pages;
	    loop assigns i, best;
	    loop variant kv->config.pages - i;
	*/
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

	/*@ loop invariant 0 <= i <= kv->config.pages && count <= i;
	    loop assigns i, count;
	    loop variant kv->config.pages - i;
	*/
	for (uint32_t i = 0; i < kv->config.pages; i++)
		count += is_free(&kv->page[i]) ? 1 : 0;
	return count;
}

/*@ terminates \true;
    assigns \nothing;
*/
static uint8_t filter_bit(uint32_t hash)
{
	return (uint8_t)(0x80u >> (hash / KV_FILTER % 8));
}

/* Two bits a key, of the 256. */
void kv_filter_add(struct kv_page *page, uint32_t hash)
{
	uint32_t high = hash >> 16;

	page->filter[hash % KV_FILTER] |= filter_bit(hash);
	page->filter[high % KV_FILTER] |= filter_bit(high);
}

bool kv_filter_may_have(const struct kv_page *page, uint32_t hash)
{
	uint32_t high = hash >> 16;

	return (page->filter[hash % KV_FILTER] & filter_bit(hash)) != 0 &&
	       (page->filter[high % KV_FILTER] & filter_bit(high)) != 0;
}

struct kv_owner *kv_owner_find(struct kv *kv, uint32_t id)
{
	/*@ loop invariant 0 <= i <= KV_OWNERS;
	    loop assigns i;
	    loop variant KV_OWNERS - i;
	*/
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
	/*@ loop invariant 0 <= i <= KV_OWNERS;
	    loop assigns i, owner;
	    loop variant KV_OWNERS - i;
	*/
	for (uint32_t i = 0; i < KV_OWNERS; i++) {
		owner = &kv->owner[i];
		if (owner->used && (owner->bytes != 0 || !kv->mounted))
			continue;
		owner->id = id;
		owner->bytes = 0;
		owner->sequence = 0;
		owner->used = true;
		return owner;
	}
	return NULL;
}

uint32_t kv_used_by(const struct kv *kv, uint32_t owner)
{
	/*@ loop invariant 0 <= i <= KV_OWNERS;
	    loop assigns i;
	    loop variant KV_OWNERS - i;
	*/
	for (uint32_t i = 0; i < KV_OWNERS; i++)
		if (kv->owner[i].used && kv->owner[i].id == owner)
			return kv->owner[i].bytes;
	return 0;
}

uint32_t kv_used(const struct kv *kv)
{
	uint32_t sum = 0;

	/*@ loop invariant 0 <= i <= KV_OWNERS && sum <= i * KV_SIZE_MAX;
	    loop assigns i, sum;
	    loop variant KV_OWNERS - i;
	*/
	for (uint32_t i = 0; i < KV_OWNERS; i++)
		sum += kv->owner[i].used ? kv->owner[i].bytes : 0;
	return sum;
}

uint32_t kv_commit_max(const struct kv_config *config)
{
	return (config->page_bytes - KV_PAGE_HEAD) / 4 / config->unit * config->unit;
}

/*
 * Every page but the spare ones can end with an unused rest smaller than the
 * largest commit; and one page's worth has to be garbage, so that a turn of
 * collecting over all pages wins at least that much.
 */
/*@ requires \valid_read(config) && KV_PAGE_MIN <= config->page_bytes && kv_unit_ok(config->unit);
    requires 2 <= pages && pages * config->page_bytes <= KV_SIZE_MAX;
    terminates \true;
    assigns \nothing;
    ensures \result <= KV_SIZE_MAX;
*/
static uint32_t pages_limit(const struct kv_config *config, uint32_t pages)
{
	uint32_t room = config->page_bytes - KV_PAGE_HEAD;

	return pages * (room - kv_commit_max(config)) - room;
}

uint32_t kv_limit(const struct kv *kv)
{
	uint32_t bad = 0;

	/*@ loop invariant 0 <= i <= kv->config.pages && bad <= i;
	    loop assigns i, bad;
	    loop variant kv->config.pages - i;
	*/
	for (uint32_t i = 0; i < kv->config.pages; i++)
		bad += kv->page[i].state == KV_PAGE_BAD || kv->page[i].worn ? 1 : 0;
	if (kv->config.pages < bad + KV_SPARE_PAGES + 2)
		return 0;
	return pages_limit(&kv->config, kv->config.pages - bad - KV_SPARE_PAGES);
}

uint32_t kv_change_bytes(const struct kv_config *config, uint32_t key_length, uint32_t value_length)
{
	struct kv_record record = {
		.key_length = (uint8_t)key_length,
		.value_length = (uint16_t)value_length,
	};

	kv_record_measure(config, &record);
	return record.bytes;
}
