/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The last three pages of the region: two copies of pages and the journal. A copy
 * is kept inverted, so that nobody takes the header in it for an application.
 */
#include "app_store_private.h"

#include "lib/bytes.h"
#include "lib/crc32.h"

enum {
	MAGIC = 0x4A414544, /* "DEAJ" */
	RECORDS_NEEDED = 4, /* of the longest operation */
	CRC_AT = 16,        /* in a record; the rest is blank */
	BLANK = 0xFF,
};

void app_store_peek(const struct app_store *self, uint32_t offset, uint8_t *to, uint32_t length)
{
	self->medium->ops->peek(self->medium, offset, to, length);
}

void app_store_item_at(const struct app_store *self, uint32_t offset, struct app_region_item *item)
{
	self->medium->ops->item_at(self->medium, offset, item);
}

/*@ requires \valid_read(self) && app_store_memory_ok(self);
    terminates \true;
    assigns \nothing;
    ensures \result + self->config.page_bytes == self->config.size;
*/
static uint32_t journal_offset(const struct app_store *self)
{
	return self->limit + 2 * self->config.page_bytes;
}

/*@ requires \valid_read(bytes + (0 .. APP_STORE_RECORD - 1));
    terminates \true;
    assigns \nothing;
*/
static bool whole(const uint8_t *bytes)
{
	return le32_load(bytes) == MAGIC && le32_load(bytes + CRC_AT) == crc32(0, bytes, CRC_AT);
}

/*@ requires \valid_read(bytes + (0 .. length - 1));
    terminates \true;
    assigns \nothing;
    ensures \result <==> \forall integer i; 0 <= i < length ==> bytes[i] == BLANK;
*/
static bool blank(const uint8_t *bytes, uint32_t length)
{
	/*@ loop invariant 0 <= i <= length;
	    loop invariant \forall integer k; 0 <= k < i ==> bytes[k] == BLANK;
	    loop assigns i;
	    loop variant length - i;
	*/
	for (uint32_t i = 0; i < length; i++)
		if (bytes[i] != BLANK)
			return false;
	return true;
}

struct app_store_record app_store_journal_read(struct app_store *self)
{
	struct app_store_record record = {.page = APP_STORE_ANY};
	uint32_t slots = self->config.page_bytes / APP_STORE_RECORD;

	self->slot = 0;
	/*@ loop invariant 0 <= i <= slots && self->slot <= i;
	    loop assigns i, record, self->slot, self->record[0 .. APP_STORE_RECORD - 1];
	    loop variant slots - i;
	*/
	for (uint32_t i = 0; i < slots; i++) {
		app_store_peek(self, journal_offset(self) + i * APP_STORE_RECORD, self->record,
			       APP_STORE_RECORD);
		if (whole(self->record)) {
			record.page = le32_load(self->record + 4);
			record.copy = le32_load(self->record + 8);
			record.crc = le32_load(self->record + 12);
		}
		if (!blank(self->record, APP_STORE_RECORD))
			self->slot = i + 1;
	}
	return record;
}

void app_store_journal_write(struct app_store *self, struct app_store_record record)
{
	/*@ loop invariant 0 <= i <= APP_STORE_RECORD;
	    loop assigns i, self->record[0 .. APP_STORE_RECORD - 1];
	    loop variant APP_STORE_RECORD - i;
	*/
	for (uint32_t i = 0; i < APP_STORE_RECORD; i++)
		self->record[i] = BLANK;
	le32_store(self->record, MAGIC);
	le32_store(self->record + 4, record.page);
	le32_store(self->record + 8, record.copy);
	le32_store(self->record + 12, record.crc);
	le32_store(self->record + CRC_AT, crc32(0, self->record, CRC_AT));
}

/*
 * The copies go first: an erase of the journal that power cuts may leave any of
 * its records, and none of them may still have a copy that it speaks of.
 */
uint16_t app_store_journal_room(const struct app_store *self)
{
	if (self->slot + RECORDS_NEEDED <= self->config.page_bytes / APP_STORE_RECORD)
		return 0;
	return STEPS_CLEAR;
}

void app_store_invert(struct app_store *self)
{
	/*@ loop invariant 0 <= i <= self->config.page_bytes;
	    loop assigns i, self->buffer[0 .. self->config.page_bytes - 1];
	    loop variant self->config.page_bytes - i;
	*/
	for (uint32_t i = 0; i < self->config.page_bytes; i++)
		self->buffer[i] = (uint8_t)~self->buffer[i];
}

void app_store_copy_read(struct app_store *self, uint16_t copy)
{
	app_store_peek(self, self->limit + copy * self->config.page_bytes, self->buffer,
		       self->config.page_bytes);
	app_store_invert(self);
	self->cached = APP_STORE_ANY;
}
