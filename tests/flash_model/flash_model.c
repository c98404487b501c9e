/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "flash_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void broken(const char *rule)
{
	printf("flash rule broken: %s\n", rule);
	fflush(stdout);
	abort();
}

static uint32_t next_random(struct flash_model *model)
{
	model->random ^= model->random << 13;
	model->random ^= model->random >> 17;
	model->random ^= model->random << 5;
	return model->random;
}

static size_t size(const struct flash_model *model)
{
	return (size_t)model->page_bytes * model->pages;
}

static size_t words(const struct flash_model *model)
{
	return size(model) / model->word_bytes;
}

void flash_model_init(struct flash_model *model, bool erased)
{
	model->bytes = malloc(size(model));
	model->word_writes = calloc(words(model), 1);
	model->page_erases = calloc(model->pages, sizeof(uint32_t));
	model->page_worn = calloc(model->pages, 1);
	if (model->bytes == NULL || model->word_writes == NULL || model->page_erases == NULL ||
	    model->page_worn == NULL)
		abort();
	if (model->random == 0)
		model->random = 1;
	memset(model->bytes, 0xFF, size(model));
	for (size_t i = 0; i < size(model) && !erased; i++)
		model->bytes[i] = (uint8_t)next_random(model);
	memset(model->word_writes, erased ? 0 : 255, words(model));
	model->cut_at = UINT64_MAX;
}

void flash_model_free(struct flash_model *model)
{
	free(model->bytes);
	free(model->word_writes);
	free(model->page_erases);
	free(model->page_worn);
}

void flash_model_copy(struct flash_model *to, const struct flash_model *from)
{
	memcpy(to->bytes, from->bytes, size(from));
	memcpy(to->word_writes, from->word_writes, words(from));
	memcpy(to->page_erases, from->page_erases, from->pages * sizeof(uint32_t));
	memcpy(to->page_worn, from->page_worn, from->pages);
	flash_model_power_on(to);
}

void flash_model_power_on(struct flash_model *model)
{
	model->off = false;
	model->changes = 0;
	model->cut_at = UINT64_MAX;
	model->cut = CUT_NONE;
}

enum error flash_model_read(struct flash_model *model, uint32_t offset, uint8_t *bytes,
			    uint32_t length)
{
	if (offset > size(model) || length > size(model) - offset)
		broken("a read beyond the end");
	if (model->off)
		return E_OFF;
	memcpy(bytes, model->bytes + offset, length);
	model->reads++;
	model->bytes_read += length;
	return E_OK;
}

/* Bits in `mask` become those of `bytes`; a word counts as written. */
static void program_word(struct flash_model *model, uint32_t offset, const uint8_t *bytes,
			 bool partly)
{
	uint8_t *count = &model->word_writes[offset / model->word_bytes];

	if (*count >= model->writes_per_word)
		broken("a word written too often");
	(*count)++;
	for (uint32_t i = 0; i < model->word_bytes; i++) {
		uint8_t *cell = &model->bytes[offset + i];
		uint8_t keep = partly ? (uint8_t)next_random(model) : 0;

		if ((bytes[i] & ~*cell) != 0)
			broken("a bit written from 0 to 1");
		*cell = (uint8_t)(*cell & (bytes[i] | keep));
	}
}

/* True: this change is the one at which power goes. */
static bool cut_now(struct flash_model *model)
{
	return model->changes++ == model->cut_at;
}

static bool fails(struct flash_model *model, uint32_t page)
{
	if ((next_random(model) & 0xFF) >= model->page_worn[page])
		return false;
	model->failures++;
	return true;
}

enum error flash_model_write(struct flash_model *model, uint32_t offset, const uint8_t *bytes,
			     uint32_t length)
{
	uint32_t word = model->word_bytes;

	if (offset % word != 0 || length % word != 0 || length == 0)
		broken("a write that is not of whole words");
	if (offset >= size(model) || length > model->page_bytes - offset % model->page_bytes)
		broken("a write beyond a page");
	if (model->off)
		return E_OFF;

	bool cut = cut_now(model);
	bool fail = fails(model, offset / model->page_bytes);
	uint32_t stop = length;

	if ((cut && model->cut == CUT_MIDDLE) || fail)
		stop = next_random(model) % (length / word) * word;
	if (cut && model->cut == CUT_BEFORE) {
		model->off = true;
		return E_OFF;
	}
	for (uint32_t i = 0; i < stop; i += word)
		program_word(model, offset + i, bytes + i, false);
	if (stop < length)
		program_word(model, offset + stop, bytes + stop, true);
	model->writes++;
	model->bytes_written += length;
	model->off = cut;
	if (cut)
		return E_OFF;
	/* Some parts tell, some only show it when read back. */
	return fail && (next_random(model) & 1) != 0 ? E_FAIL : E_OK;
}

static bool blank(const struct flash_model *model, uint32_t page)
{
	const uint8_t *bytes = model->bytes + (size_t)page * model->page_bytes;

	for (uint32_t i = 0; i < model->page_bytes; i++)
		if (bytes[i] != 0xFF)
			return false;
	return true;
}

/* One stretch is erased; the rest is as it was, or has lost some of its zeros. */
static void tear(struct flash_model *model, uint8_t *bytes)
{
	uint32_t from = next_random(model) % model->page_bytes;
	uint32_t to = next_random(model) % model->page_bytes;
	bool rest = (next_random(model) & 1) != 0;

	for (uint32_t i = 0; i < model->page_bytes; i++) {
		bool all = from < to ? i >= from && i < to : i >= from || i < to;

		if (all)
			bytes[i] = 0xFF;
		else if (rest)
			bytes[i] |= (uint8_t)(next_random(model) & next_random(model));
	}
}

enum error flash_model_erase(struct flash_model *model, uint32_t page)
{
	if (page >= model->pages)
		broken("an erase of no page");
	if (model->off)
		return E_OFF;

	bool cut = cut_now(model);
	bool fail = fails(model, page);
	uint8_t *bytes = model->bytes + (size_t)page * model->page_bytes;
	uint32_t per_page = model->page_bytes / model->word_bytes;

	if (cut && model->cut == CUT_BEFORE) {
		model->off = true;
		return E_OFF;
	}
	model->erases++;
	model->page_erases[page]++;
	if ((cut && model->cut == CUT_MIDDLE) || fail) {
		tear(model, bytes);
	} else {
		memset(bytes, 0xFF, model->page_bytes);
		memset(model->word_writes + (size_t)page * per_page, 0, per_page);
	}
	model->off = cut;
	if (cut)
		return E_OFF;
	/* What cannot be seen in the page is told. */
	return fail && ((next_random(model) & 1) != 0 || blank(model, page)) ? E_FAIL : E_OK;
}
