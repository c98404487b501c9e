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

static uint32_t journal_offset(const struct app_store *self)
{
	return self->limit + 2 * self->config.page_bytes;
}

static bool record_parse(const uint8_t *bytes, struct app_store_record *record)
{
	if (le32_load(bytes) != MAGIC || le32_load(bytes + CRC_AT) != crc32(0, bytes, CRC_AT))
		return false;
	record->page = le32_load(bytes + 4);
	record->copy = le32_load(bytes + 8);
	record->crc = le32_load(bytes + 12);
	return true;
}

static bool blank(const uint8_t *bytes, uint32_t length)
{
	for (uint32_t i = 0; i < length; i++)
		if (bytes[i] != BLANK)
			return false;
	return true;
}

void app_store_journal_read(struct app_store *self, struct app_store_record *record)
{
	uint32_t slots = self->config.page_bytes / APP_STORE_RECORD;

	*record = (struct app_store_record){.page = APP_STORE_ANY};
	self->slot = 0;
	for (uint32_t i = 0; i < slots; i++) {
		self->medium->ops->peek(self->medium, journal_offset(self) + i * APP_STORE_RECORD,
					self->record, APP_STORE_RECORD);
		(void)record_parse(self->record, record);
		if (!blank(self->record, APP_STORE_RECORD))
			self->slot = i + 1;
	}
}

void app_store_journal_write(struct app_store *self, const struct app_store_record *record)
{
	for (uint32_t i = 0; i < APP_STORE_RECORD; i++)
		self->record[i] = BLANK;
	le32_store(self->record, MAGIC);
	le32_store(self->record + 4, record->page);
	le32_store(self->record + 8, record->copy);
	le32_store(self->record + 12, record->crc);
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
	for (uint32_t i = 0; i < self->config.page_bytes; i++)
		self->buffer[i] = (uint8_t)~self->buffer[i];
}

void app_store_copy_read(struct app_store *self, uint8_t copy)
{
	self->medium->ops->peek(self->medium, self->limit + copy * self->config.page_bytes,
				self->buffer, self->config.page_bytes);
	app_store_invert(self);
	self->cached = APP_STORE_ANY;
}
