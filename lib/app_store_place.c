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
	bool is_last; /* no application follows */
};

void app_store_padding(uint8_t head[APP_STORE_HEAD], uint32_t size)
{
	const uint32_t first = TBF_VERSION | TBF_BASE_SIZE << 16;

	le32_store(head, first);
	le32_store(head + 4, size);
	le32_store(head + 8, 0);
	le32_store(head + 12, first ^ size);
}

/* A header is changed with one page. */
static bool in_one_page(const struct app_store *self, uint32_t offset)
{
	uint32_t bytes = self->config.page_bytes;

	return offset % bytes <= bytes - APP_STORE_HEAD;
}

bool app_store_find(const struct app_store *self, uint32_t offset, struct app_region_item *item)
{
	self->medium->ops->item_at(self->medium, 0, item);
	while (item->kind != APP_REGION_END && item->offset < offset && item->next < self->limit)
		self->medium->ops->item_at(self->medium, item->next, item);
	return item->kind == APP_REGION_APP && item->offset == offset &&
	       item->next <= self->limit && in_one_page(self, offset);
}

static uint32_t alignment(const struct app_store *self, uint32_t length)
{
	uint32_t align = self->config.granule;

	while (self->config.power_of_two && align < length)
		align *= 2;
	return align;
}

static uint32_t align_up(const struct app_store *self, uint32_t offset, uint32_t align)
{
	uint32_t address = self->config.base + offset;

	return offset + (align - address % align) % align;
}

/* A gap that is left must hold a padding header; what follows the last one needs an end mark. */
static bool gap_fits(uint32_t gap)
{
	return gap == 0 || gap >= APP_STORE_HEAD;
}

static bool fits(const struct app_store *self, const struct run *run, uint32_t start,
		 uint32_t length)
{
	if (start < run->start || start >= run->end || !gap_fits(start - run->start) ||
	    length > run->end - start || !in_one_page(self, run->start))
		return false;
	if (run->is_last && start + length >= run->list_end)
		return run->end - start - length >= APP_STORE_HEAD;
	return gap_fits((run->is_last ? run->list_end : run->end) - start - length);
}

static void edit(struct app_store *self, uint32_t offset, uint32_t size)
{
	self->edit_at[self->edits++] = (struct app_store_edit){offset, size};
}

static void plan(struct app_store *self, const struct run *run)
{
	uint32_t start = self->start, end = self->start + self->length;
	bool grows = run->is_last && end >= run->list_end;
	uint32_t run_end = grows ? end : run->is_last ? run->list_end : run->end;

	self->edit = 0;
	self->edits = 0;
	if (grows)
		edit(self, end, 0);
	if (run->paddings > 1 || (run->paddings == 1 && grows))
		edit(self, run->start, run_end - run->start);
	if (end < run_end)
		edit(self, end, run_end - end);
	if (start > run->start)
		edit(self, start, self->length);
	edit(self, run->start, start > run->start ? start - run->start : self->length);
}

static bool try_run(struct app_store *self, const struct run *run, uint32_t length, uint32_t where)
{
	uint32_t align = alignment(self, length);
	uint32_t start = where != APP_STORE_ANY ? where : align_up(self, run->start, align);

	if (where == APP_STORE_ANY && !gap_fits(start - run->start))
		start += align;
	if (!fits(self, run, start, length))
		return false;
	self->start = start;
	self->length = length;
	plan(self, run);
	return true;
}

enum error app_store_place(struct app_store *self, uint32_t length, uint32_t where)
{
	struct app_region_item item = {.next = 0};
	struct run run = {0};
	bool is_last;

	do {
		self->medium->ops->item_at(self->medium, item.next, &item);
		/* Damage that nothing follows is free too. */
		is_last = item.kind == APP_REGION_END ||
			  (item.kind == APP_REGION_DAMAGED && item.next == self->config.size);
		if (!is_last && item.next > self->limit)
			return E_NOMEM;
		if (item.kind == APP_REGION_PADDING) {
			run.start = run.paddings == 0 ? item.offset : run.start;
			run.paddings++;
		} else {
			run.start = run.paddings == 0 ? item.offset : run.start;
			run.list_end = item.offset;
			run.end = is_last ? self->limit : item.offset;
			run.is_last = is_last;
			if ((run.paddings != 0 || is_last) && item.offset <= self->limit &&
			    try_run(self, &run, length, where))
				return E_OK;
			run = (struct run){0};
		}
	} while (!is_last && item.next < self->config.size);
	return E_NOMEM;
}
