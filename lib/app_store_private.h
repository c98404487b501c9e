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

/* The last record; one that says nothing where there is none. Sets self->slot. */
void app_store_journal_read(struct app_store *self, struct app_store_record *record);
/* Fills self->record. */
void app_store_journal_write(struct app_store *self, const struct app_store_record *record);
/* The steps that make room for the records of one operation, if there is too little. */
uint16_t app_store_journal_room(const struct app_store *self);

/* The buffer becomes the copy, as it was kept. */
void app_store_copy_read(struct app_store *self, uint8_t copy);
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
enum error app_store_place(struct app_store *self, uint32_t length, uint32_t where);
/* Whether an application lies at `offset`, whose header can be changed; its item then. */
bool app_store_find(const struct app_store *self, uint32_t offset, struct app_region_item *item);

void app_store_padding(uint8_t head[APP_STORE_HEAD], uint32_t size);

#endif
