/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef APP_STORE_PRIVATE_H
#define APP_STORE_PRIVATE_H

#include "lib/app_store.h"

/* What is under way; SEALED: the header goes in place. */
enum app_store_operation { IDLE, EDIT, WRITE, SEAL, SEALED, ACCEPT, RECOVER };

/* The steps of a change of one page, in their order. */
enum app_store_steps {
	STEP_CLEAR_COPY_0 = 1 << 0,
	STEP_CLEAR_COPY_1 = 1 << 1,
	STEP_CLEAR_JOURNAL = 1 << 2,
	STEP_COPY_ERASE = 1 << 3, /* the page as it is to be, or to be again, is kept */
	STEP_COPY_WRITE = 1 << 4,
	STEP_OPEN = 1 << 5, /* from here on the copy counts */
	STEP_ERASE = 1 << 6,
	STEP_WRITE = 1 << 7,
	STEP_CLOSE = 1 << 8, /* from here on the page counts */

	STEPS_PLAIN = STEP_ERASE | STEP_WRITE,
	STEPS_KEEP = STEP_COPY_ERASE | STEP_COPY_WRITE | STEP_OPEN,
	STEPS_SAFE = STEPS_KEEP | STEPS_PLAIN | STEP_CLOSE,
	STEPS_CLEAR = STEP_CLEAR_COPY_0 | STEP_CLEAR_COPY_1 | STEP_CLEAR_JOURNAL,
	STEPS_REDO = STEPS_PLAIN | STEP_CLOSE,
};

/* A record of the journal: the last whole one counts. */
struct app_store_record {
	uint32_t page; /* that the copy is of; APP_STORE_ANY: nothing is open */
	uint32_t copy;
	uint32_t crc; /* of the copy */
};

/*@ predicate app_store_sizes_ok(integer base, integer size, integer bytes, integer granule) =
	256 <= bytes && bytes % 32 == 0 && 4 * bytes <= size < 0x20000000 &&
	size % bytes == 0 && base + size <= 0x100000000 && 16 <= granule <= 0x20000000;

    // The three last pages are not for applications.
    predicate app_store_limit_ok(integer limit, integer size, integer bytes) =
	limit == size - 3 * bytes && limit % bytes == 0;

    predicate app_store_memory_ok(struct app_store *self) =
	app_store_sizes_ok(self->config.base, self->config.size, self->config.page_bytes,
	    self->config.granule) &&
	app_store_limit_ok(self->limit, self->config.size, self->config.page_bytes) &&
	\valid(self->buffer + (0 .. self->config.page_bytes - 1)) &&
	\separated(self, self->buffer + (0 .. self->config.page_bytes - 1));

    // The binary, and each edit, is where applications are.
    predicate app_store_place_ok(struct app_store *self) =
	self->start < self->limit && self->start + self->length <= self->limit;

    predicate app_store_edits_ok(struct app_store *self) =
	self->edit_at[0].offset < self->limit && self->edit_at[1].offset < self->limit &&
	self->edit_at[2].offset < self->limit && self->edit_at[3].offset < self->limit &&
	self->edit_at[4].offset < self->limit;
*/

/* The medium's operations: trusted to do what is said here. */
/*@ requires offset + length <= self->config.size && \valid(to + (0 .. length - 1));
    terminates \true;
    assigns to[0 .. length - 1];
*/
void app_store_peek(const struct app_store *self, uint32_t offset, uint8_t *to, uint32_t length);

/* As app_region_at(). */
/*@ requires offset <= self->config.size && \valid(item);
    terminates \true;
    assigns *item;
    ensures item->offset == offset;
    ensures APP_REGION_END <= item->kind <= APP_REGION_DAMAGED;
    ensures item->kind == APP_REGION_END ==> item->next == offset;
    ensures item->kind != APP_REGION_END ==> offset < item->next <= self->config.size;
*/
void app_store_item_at(const struct app_store *self, uint32_t offset, struct app_region_item *item);

/* The last record; one that says nothing where there is none. Sets self->slot. */
/*@ requires \valid(self) && app_store_memory_ok(self);
    terminates \true;
    assigns self->slot, self->record[0 .. APP_STORE_RECORD - 1];
    ensures 32 * self->slot <= self->config.page_bytes;
*/
struct app_store_record app_store_journal_read(struct app_store *self);
/* Fills self->record. */
/*@ requires \valid(self);
    terminates \true;
    assigns self->record[0 .. APP_STORE_RECORD - 1];
*/
void app_store_journal_write(struct app_store *self, struct app_store_record record);
/* The steps that make room for the records of one operation, if there is too little. */
/*@ requires \valid_read(self) && app_store_memory_ok(self);
    requires 32 * self->slot <= self->config.page_bytes;
    terminates \true;
    assigns \nothing;
    ensures (\result == 0 && 32 * (self->slot + 4) <= self->config.page_bytes) ||
	\result == STEPS_CLEAR;
*/
uint16_t app_store_journal_room(const struct app_store *self);

/* The buffer becomes the copy, as it was kept. */
/*@ requires \valid(self) && app_store_memory_ok(self) && copy <= 1;
    terminates \true;
    assigns self->cached, self->buffer[0 .. self->config.page_bytes - 1];
    ensures self->cached == APP_STORE_ANY;
*/
void app_store_copy_read(struct app_store *self, uint16_t copy);
/*@ requires \valid(self) && app_store_memory_ok(self);
    terminates \true;
    assigns self->buffer[0 .. self->config.page_bytes - 1];
*/
void app_store_invert(struct app_store *self);

/* Starts a change of `page`, with those steps. */
void app_store_change(struct app_store *self, uint32_t page, uint8_t copy, uint32_t steps);
/* The buffer becomes that page, if it is not yet. */
void app_store_load_page(struct app_store *self, uint32_t page);
/* The header in the buffer that is at `offset` of the region; whatever `offset` is, inside the buffer. */
uint8_t *app_store_head_at(struct app_store *self, uint32_t offset);
/* Starts putting the page back as it was before it was sealed. */
void app_store_undo(struct app_store *self);

/* Finds a place and fills self->edit_at, self->start and self->length. */
/*@ requires \valid(self) && app_store_memory_ok(self) && app_store_edits_ok(self);
    requires app_store_place_ok(self) && 2 * APP_STORE_HEAD <= length <= self->limit;
    terminates \true;
    assigns self->start, self->length, self->edit, self->edits,
	self->edit_at[0 .. APP_STORE_EDITS - 1];
    ensures app_store_memory_ok(self);
    ensures app_store_place_ok(self);
    ensures app_store_edits_ok(self);
    ensures \result == E_OK ==> self->length == length && self->edits <= APP_STORE_EDITS;
*/
enum error app_store_place(struct app_store *self, uint32_t length, uint32_t where);
/* The size of the application at `offset`, if one lies there whose header can be changed; else 0. */
/*@ requires \valid_read(self) && app_store_memory_ok(self);
    terminates \true;
    assigns \nothing;
    ensures \result != 0 ==> offset < self->limit;
*/
uint32_t app_store_find(const struct app_store *self, uint32_t offset);

/*@ requires \valid(head + (0 .. APP_STORE_HEAD - 1));
    terminates \true;
    assigns head[0 .. APP_STORE_HEAD - 1];
*/
void app_store_padding(uint8_t head[APP_STORE_HEAD], uint32_t size);

#endif
