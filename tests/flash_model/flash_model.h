/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Raw flash in memory, with the rules of hil/flash.h and a fault injector. It
 * ends the program where a rule is broken: a bit written from 0 to 1, a word
 * written too often, an operation that is not of whole words or not within a page.
 */
#ifndef FLASH_MODEL_H
#define FLASH_MODEL_H

#include "abi/error.h"

#include <stdbool.h>
#include <stdint.h>

enum flash_model_cut {
	CUT_NONE,
	CUT_BEFORE, /* nothing of the operation happened */
	CUT_MIDDLE, /* some words, one of them in part; or any bits of an erase */
	CUT_AFTER,  /* all of it happened, nobody was told */
};

struct flash_model {
	uint32_t page_bytes, pages, word_bytes, writes_per_word;
	uint8_t *bytes;
	uint8_t *word_writes; /* since the last erase of its page */
	uint32_t *page_erases;
	uint8_t *page_worn; /* chance in 256 that a write or an erase fails here */
	uint32_t random;

	bool off;         /* power is gone: every operation is lost */
	uint64_t changes; /* writes and erases so far */
	uint64_t cut_at;  /* the change that is cut; UINT64_MAX: none */
	enum flash_model_cut cut;

	uint64_t reads, bytes_read, writes, bytes_written, erases, failures;
};

/* Of the size given by the first four members; erased, but for its first life: random. */
void flash_model_init(struct flash_model *model, bool erased);
void flash_model_free(struct flash_model *model);
/* Makes `to`, of the same geometry, the same medium; power on, no cut planned. */
void flash_model_copy(struct flash_model *to, const struct flash_model *from);
void flash_model_power_on(struct flash_model *model);

enum error flash_model_read(struct flash_model *model, uint32_t offset, uint8_t *bytes,
			    uint32_t length);
enum error flash_model_write(struct flash_model *model, uint32_t offset, const uint8_t *bytes,
			     uint32_t length);
enum error flash_model_erase(struct flash_model *model, uint32_t page);

#endif
