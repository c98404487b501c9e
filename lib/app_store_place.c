/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Where a new binary goes: into the first free space that holds it. Free space is
 * a run of padding apps, or what follows the last application. Each edit leaves a
 * whole row of headers: what will be stepped over is written first, and what leads
 * to it last.
 */
#include "abi/tbf.h"
#include "app_store_private.h"

#include "lib/bytes.h"

struct run {
	uint32_t start;
	uint32_t list_end; /* the paddings that are there end here */
	uint32_t end;      /* the free space ends here */
	uint32_t paddings;
	uint32_t place; /* in it, for the binary */
	bool is_last;   /* no application follows */
};

/*@ predicate run_ok(struct run run, integer limit) =
	run.start <= run.list_end <= run.end <= limit;

    // Where the binary begins, with it the next thing to be written.
    predicate place_ok(struct run run, integer start, integer length) =
	run.start <= start && 0 < length && start + length <= run.end &&
	(run.is_last && start + length >= run.list_end ==> start + length < run.end);
*/

void app_store_padding(uint8_t head[APP_STORE_HEAD], uint32_t size)
{
	const uint32_t first = TBF_VERSION | TBF_BASE_SIZE << 16;

	le32_store(head, first);
	le32_store(head + 4, size);
	le32_store(head + 8, 0);
	le32_store(head + 12, first ^ size);
}

/* A header is changed with one page. */
/*@ requires \valid_read(self) && app_store_memory_ok(self);
    terminates \true;
    assigns \nothing;
    ensures \result <==>
	offset % self->config.page_bytes + APP_STORE_HEAD <= self->config.page_bytes;
*/
static bool in_one_page(const struct app_store *self, uint32_t offset)
{
	uint32_t bytes = self->config.page_bytes;

	return offset % bytes <= bytes - APP_STORE_HEAD;
}

uint32_t app_store_find(const struct app_store *self, uint32_t offset)
{
	struct app_region_item item;

	app_store_item_at(self, 0, &item);
	/*@ loop invariant item.offset <= self->config.size;
	    loop invariant item.kind != APP_REGION_END ==>
		item.offset < item.next <= self->config.size;
	    loop assigns item;
	    loop variant self->config.size - item.offset;
	*/
	while (item.kind != APP_REGION_END && item.offset < offset && item.next < self->limit)
		app_store_item_at(self, item.next, &item);
	if (item.kind != APP_REGION_APP || item.offset != offset || item.next > self->limit ||
	    !in_one_page(self, offset))
		return 0;
	return item.info.total_size;
}

/*@ requires \valid_read(self) && app_store_memory_ok(self) && length <= self->limit;
    terminates \true;
    assigns \nothing;
    ensures 16 <= \result <= 0x40000000;
*/
static uint32_t alignment(const struct app_store *self, uint32_t length)
{
	uint32_t align = self->config.granule;

	/*@ loop invariant 16 <= align <= 0x40000000;
	    loop assigns align;
	    loop variant 0x40000000 - align;
	*/
	while (self->config.power_of_two && align < length)
		align *= 2;
	return align;
}

/*@ requires \valid_read(self) && app_store_memory_ok(self);
    requires offset <= self->limit && 16 <= align <= 0x40000000;
    terminates \true;
    assigns \nothing;
    ensures offset <= \result < offset + align;
*/
static uint32_t align_up(const struct app_store *self, uint32_t offset, uint32_t align)
{
	uint32_t address = self->config.base + offset;

	uint32_t over = address % align;

	return over == 0 ? offset : offset + (align - over);
}

/* A gap that is left must hold a padding header; what follows the last one needs an end mark. */
/*@ terminates \true;
    assigns \nothing;
    ensures \result <==> gap == 0 || gap >= APP_STORE_HEAD;
*/
static bool gap_fits(uint32_t gap)
{
	return gap == 0 || gap >= APP_STORE_HEAD;
}

/*@ requires \valid_read(self) && app_store_memory_ok(self) && 0 < length;
    requires run_ok(run, self->limit);
    terminates \true;
    assigns \nothing;
    ensures \result ==> place_ok(run, start, length);
*/
static bool fits(const struct app_store *self, struct run run, uint32_t start, uint32_t length)
{
	if (start < run.start || start >= run.end || !gap_fits(start - run.start) ||
	    length > run.end - start || !in_one_page(self, run.start))
		return false;
	if (run.is_last && start + length >= run.list_end)
		return run.end - start - length >= APP_STORE_HEAD;
	return gap_fits((run.is_last ? run.list_end : run.end) - start - length);
}

/*@ requires \valid(self) && app_store_memory_ok(self) && app_store_edits_ok(self);
    requires app_store_place_ok(self);
    requires self->edits < APP_STORE_EDITS && offset < self->limit;
    terminates \true;
    assigns self->edits, self->edit_at[0 .. APP_STORE_EDITS - 1];
    ensures self->edits == \old(self->edits) + 1;
    ensures app_store_memory_ok(self);
    ensures app_store_place_ok(self);
    ensures app_store_edits_ok(self);
*/
static void edit(struct app_store *self, uint32_t offset, uint32_t size)
{
	struct app_store_edit *at = &self->edit_at[self->edits++];

	at->offset = offset;
	at->size = size;
}

/*@ requires \valid(self) && app_store_memory_ok(self) && app_store_edits_ok(self);
    requires run_ok(run, self->limit);
    requires place_ok(run, self->start, self->length);
    terminates \true;
    assigns self->edit, self->edits, self->edit_at[0 .. APP_STORE_EDITS - 1];
    ensures self->edit == 0 && self->edits <= APP_STORE_EDITS;
    ensures app_store_memory_ok(self);
    ensures app_store_place_ok(self);
    ensures app_store_edits_ok(self);
*/
static void plan(struct app_store *self, struct run run)
{
	uint32_t start = self->start, end = self->start + self->length;
	bool grows = run.is_last && end >= run.list_end;
	uint32_t run_end = grows ? end : run.is_last ? run.list_end : run.end;

	self->edit = 0;
	self->edits = 0;
	if (grows)
		edit(self, end, 0);
	if (run.paddings > 1 || (run.paddings == 1 && grows))
		edit(self, run.start, run_end - run.start);
	if (end < run_end)
		edit(self, end, run_end - end);
	if (start > run.start)
		edit(self, start, self->length);
	edit(self, run.start, start > run.start ? start - run.start : self->length);
}

/* Where in the run the binary goes; APP_STORE_ANY: it does not fit. */
/*@ requires \valid_read(self) && app_store_memory_ok(self) && 0 < length <= self->limit;
    requires run_ok(run, self->limit);
    terminates \true;
    assigns \nothing;
    ensures \result == APP_STORE_ANY || place_ok(run, \result, length);
*/
static uint32_t start_in(const struct app_store *self, struct run run, uint32_t length,
			 uint32_t where)
{
	uint32_t align = alignment(self, length);
	uint32_t start = where != APP_STORE_ANY ? where : align_up(self, run.start, align);

	if (where == APP_STORE_ANY && !gap_fits(start - run.start))
		start += align;
	return fits(self, run, start, length) ? start : APP_STORE_ANY;
}

/* The first run that has a place, and the place; APP_STORE_ANY: none. */
/*@ requires \valid_read(self) && app_store_memory_ok(self) && 0 < length <= self->limit;
    terminates \true;
    assigns \nothing;
    ensures \result.place == APP_STORE_ANY ||
	(run_ok(\result, self->limit) && place_ok(\result, \result.place, length));
*/
static struct run search(const struct app_store *self, uint32_t length, uint32_t where)
{
	struct app_region_item item;
	struct run run = {.place = APP_STORE_ANY};
	uint32_t next = 0;
	bool is_last = false;

	/*@ loop invariant next <= self->config.size && run.paddings <= next;
	    loop invariant run.paddings != 0 ==> run.start <= next;
	    loop invariant run.place == APP_STORE_ANY;
	    loop invariant app_store_memory_ok(self);
	    loop assigns item, run, next, is_last;
	    loop variant self->config.size - next;
	*/
	do {
		app_store_item_at(self, next, &item);
		next = item.next;
		/* Damage that nothing follows is free too. */
		is_last = item.kind == APP_REGION_END ||
			  (item.kind == APP_REGION_DAMAGED && next == self->config.size);
		if (!is_last && next > self->limit)
			return run;
		if (run.paddings == 0)
			run.start = item.offset;
		if (item.kind == APP_REGION_PADDING) {
			run.paddings++;
			continue;
		}
		run.list_end = item.offset;
		run.end = is_last ? self->limit : item.offset;
		run.is_last = is_last;
		if ((run.paddings != 0 || is_last) && item.offset <= self->limit)
			run.place = start_in(self, run, length, where);
		if (run.place != APP_STORE_ANY)
			return run;
		run.paddings = 0;
	} while (!is_last && next < self->config.size);
	return run;
}

/*@ requires \valid(self) && app_store_memory_ok(self) && app_store_edits_ok(self);
    requires 0 < length <= self->limit;
    requires run_ok(run, self->limit) && place_ok(run, run.place, length);
    terminates \true;
    assigns self->start, self->length, self->edit, self->edits,
	self->edit_at[0 .. APP_STORE_EDITS - 1];
    ensures app_store_memory_ok(self);
    ensures app_store_place_ok(self);
    ensures app_store_edits_ok(self);
    ensures self->length == length && self->edits <= APP_STORE_EDITS;
*/
static void settle(struct app_store *self, struct run run, uint32_t length)
{
	self->start = run.place;
	self->length = length;
	plan(self, run);
}

enum error app_store_place(struct app_store *self, uint32_t length, uint32_t where)
{
	struct run run = search(self, length, where);

	if (run.place == APP_STORE_ANY)
		return E_NOMEM;
	settle(self, run, length);
	return E_OK;
}
