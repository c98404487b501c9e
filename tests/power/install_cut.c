/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Power cuts while applications are installed, updated and removed. A random
 * workload runs on the store (lib/app_store.h); before every single write and
 * erase of it the medium is copied, and on the copy power goes before, in the
 * middle of and after this very operation. The copy is recovered, its recovery cut
 * in turn, and the row of applications compared with a model: the old one or the
 * new one, every byte of every application as it was written.
 *
 *	install_cut [operations] [seed] [page bytes] [pages] [granule] [power of two]
 */
#include "flash_model.h"
#include "lib/app_store.h"
#include "tbf_app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { APPS_MAX = 16, SIZE_MAX_UNITS = 40, PAGES_MAX = 64, PAGE_MAX = 4096 };

/* An application: its size and seed tell every byte. */
struct app {
	uint32_t offset, size, seed, flags;
};

struct row {
	uint32_t count;
	struct app app[APPS_MAX];
};

struct machine {
	struct app_medium medium;
	struct flash_model flash;
	struct app_store store;
	uint8_t buffer[PAGE_MAX];
	uint8_t foreign[PAGE_MAX]; /* what the store is given to write */
};

static struct app_store_config config = {.base = 0x100000, .page_bytes = 512, .granule = 512};
static uint32_t pages = 24;
static struct machine first, second;
static struct row before, after; /* of the operation under way */
static uint64_t cuts, losses, done_operations, refused;
static uint32_t random_state;

static uint32_t pick(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state;
}

static void loss(const char *what, uint32_t value)
{
	losses++;
	if (losses < 20)
		printf("loss after cut %llu: %s, %u\n", (unsigned long long)cuts, what, value);
}

static void medium_read(struct app_medium *medium, uint32_t offset, uint8_t *to, uint32_t length)
{
	const struct machine *machine = (struct machine *)medium;

	memcpy(to, machine->flash.bytes + offset, length);
}

static void medium_at(struct app_medium *medium, uint32_t offset, struct app_region_item *item)
{
	const struct machine *machine = (struct machine *)medium;

	app_region_at(machine->flash.bytes, config.size, offset, item);
}

static const struct app_medium_ops medium_ops = {medium_read, medium_at};

/* ---- what an application looks like ---- */

static uint8_t app_byte(const struct app *app, uint32_t at)
{
	uint8_t head[TBF_APP_HEADER];

	if (at >= TBF_APP_HEADER) /* among them what looks like a header */
		return at % 64 == 0 ? TBF_VERSION : (uint8_t)(app->seed * 31 + at * 7 + (at >> 8));
	tbf_app_header(head, app->size);
	le32_store(head + 8, app->flags);
	le32_store(head + TBF_APP_MIN_RAM, app->seed);
	tbf_app_seal(head, TBF_APP_HEADER);
	return head[at];
}

static bool app_whole(const struct machine *machine, const struct app *app)
{
	for (uint32_t i = 0; i < app->size; i++)
		if (machine->flash.bytes[app->offset + i] != app_byte(app, i))
			return false;
	return true;
}

static int by_offset(const void *a, const void *b)
{
	return ((const struct app *)a)->offset < ((const struct app *)b)->offset ? -1 : 1;
}

/* The row as it is found; a damaged header is a loss. */
static bool row_read(const struct machine *machine, struct row *row)
{
	struct app_region_item item = {.next = 0};

	*row = (struct row){0};
	for (;;) {
		app_region_at(machine->flash.bytes, config.size, item.next, &item);
		if (item.kind == APP_REGION_END)
			return true;
		if (item.kind == APP_REGION_DAMAGED || row->count == APPS_MAX)
			return false;
		if (item.kind == APP_REGION_APP)
			row->app[row->count++] = (struct app){item.offset, item.info.total_size,
							      item.info.min_ram, item.info.flags};
	}
}

static bool row_same(const struct row *a, const struct row *b)
{
	return a->count == b->count && memcmp(a->app, b->app, a->count * sizeof(a->app[0])) == 0;
}

static void row_remove(struct row *row, uint32_t index)
{
	row->app[index] = row->app[--row->count];
	qsort(row->app, row->count, sizeof(row->app[0]), by_offset);
}

static void row_add(struct row *row, struct app app)
{
	row->app[row->count++] = app;
	qsort(row->app, row->count, sizeof(row->app[0]), by_offset);
}

static void compare(const struct machine *machine)
{
	struct row row;

	if (!row_read(machine, &row)) {
		loss("the row is damaged", row.count);
		return;
	}
	if (!row_same(&row, &before) && !row_same(&row, &after))
		loss("neither the old row nor the new one", row.count);
	for (uint32_t i = 0; i < row.count; i++)
		if (!app_whole(machine, &row.app[i]))
			loss("an application is damaged", row.app[i].offset);
}

/* ---- running the store ---- */

static enum error perform(struct machine *machine, const struct app_store_request *request)
{
	if (request->kind == APP_STORE_WRITE)
		return flash_model_write(&machine->flash, request->offset, request->bytes,
					 request->length);
	return flash_model_erase(&machine->flash, request->offset / config.page_bytes);
}

static void start(struct machine *machine)
{
	flash_model_power_on(&machine->flash);
	app_store_init(&machine->store, &config, &machine->medium, machine->buffer);
}

/* Recovers, with power lost `times` more at random. */
static void recover(struct machine *machine, uint32_t times)
{
	struct app_store_request request;
	enum error status = E_OK;

	do {
		start(machine);
		if (times != 0) {
			machine->flash.cut_at = pick() % 6;
			machine->flash.cut = (enum flash_model_cut)(CUT_BEFORE + pick() % 3);
		}
		if (app_store_recover(&machine->store) != E_OK)
			loss("cannot recover", 0);
		status = E_OK;
		while (status == E_OK && app_store_step(&machine->store, &request)) {
			status = perform(machine, &request);
			app_store_done(&machine->store, status);
		}
		cuts += status == E_OFF;
	} while (status == E_OFF && (times = times == 0 ? 0 : times - 1, true));
	if (status != E_OK)
		loss("recovery failed", (uint32_t)status);
	flash_model_power_on(&machine->flash);
	start(machine);
	if (app_store_is_open(&machine->store))
		loss("open after recovery", 0);
}

static void try_cuts(const struct app_store_request *request)
{
	for (int kind = CUT_BEFORE; kind <= CUT_AFTER; kind++) {
		flash_model_copy(&second.flash, &first.flash);
		second.flash.random = pick() | 1;
		second.flash.cut_at = 0;
		second.flash.cut = (enum flash_model_cut)kind;
		(void)perform(&second, request);
		cuts++;
		recover(&second, pick() % 12);
		compare(&second);
	}
}

static enum error run(enum error error)
{
	struct app_store_request request;

	if (error != E_OK)
		return error;
	while (app_store_step(&first.store, &request)) {
		try_cuts(&request);
		app_store_done(&first.store, perform(&first, &request));
	}
	return first.store.status;
}

static enum error write_piece(const struct app *app, uint32_t at, uint32_t length)
{
	for (uint32_t i = 0; i < length; i++)
		first.foreign[i] = app_byte(app, at + i);
	return run(app_store_write(&first.store, at, first.foreign, length));
}

/* In pieces of any size, one of them twice, the first one first or last. */
static enum error write_all(const struct app *app)
{
	uint32_t piece = 8 + pick() % (config.page_bytes + 100), from = pick() % 2 ? piece : 0;
	enum error error = E_OK;

	if (piece > PAGE_MAX)
		piece = PAGE_MAX;
	for (uint32_t at = from; at < app->size && error == E_OK; at += piece)
		error = write_piece(app, at, app->size - at < piece ? app->size - at : piece);
	if (from != 0 && error == E_OK)
		error = write_piece(app, 0, app->size < piece ? app->size : piece);
	if (pick() % 3 == 0 && error == E_OK)
		error = write_piece(app, app->size / 2, app->size - app->size / 2 < 40 ? 8 : 40);
	return error;
}

/* Installs an application; in place of number `old` where there are so many. */
static enum error install(uint32_t old)
{
	struct app app = {.size = (3 + pick() % SIZE_MAX_UNITS) * 16,
			  .seed = pick(),
			  .flags = TBF_FLAG_ENABLED};
	uint32_t instead = old < before.count ? before.app[old].offset : APP_STORE_ANY;
	enum error error;

	if (pick() % 3 == 0)
		app.size = config.page_bytes * (1 + pick() % 3);
	error = run(app_store_reserve(&first.store, app.size, APP_STORE_ANY));
	if (error != E_OK)
		return error;
	app.offset = first.store.start;
	if ((config.base + app.offset) % config.granule != 0)
		loss("not aligned", app.offset);
	error = write_all(&app);
	if (error != E_OK)
		return error;
	if (pick() % 6 == 0) { /* given up before the end */
		app_store_forget(&first.store);
		return E_OK;
	}
	after = before;
	error = run(app_store_seal(&first.store));
	if (error != E_OK)
		return error;
	if (pick() % 6 == 0)
		return run(app_store_reject(&first.store));
	if (instead != APP_STORE_ANY)
		row_remove(&after, old);
	row_add(&after, app);
	return run(app_store_accept(&first.store, instead));
}

static enum error work(void)
{
	uint32_t kind = pick() % 9;
	enum error error;

	after = before;
	if (kind < 3 && before.count != 0) {
		uint32_t index = pick() % before.count;

		row_remove(&after, index);
		error = run(app_store_remove(&first.store, before.app[index].offset));
	} else if (kind == 8 && before.count != 0) {
		struct app *app = &after.app[pick() % before.count];

		app->flags ^= TBF_FLAG_ENABLED;
		error = run(app_store_set_flags(&first.store, app->offset, app->flags));
	} else {
		error = before.count == APPS_MAX ? E_NOMEM
						 : install(kind < 5 ? pick() % 8 : APPS_MAX);
	}
	return error;
}

static void machine_init(struct machine *machine, uint32_t seed)
{
	machine->medium.ops = &medium_ops;
	machine->flash = (struct flash_model){
		.page_bytes = config.page_bytes,
		.pages = pages,
		.word_bytes = 8,
		.writes_per_word = 1,
		.random = seed,
	};
	/* The region's first life: no header at its start, and anything after. */
	flash_model_init(&machine->flash, false);
	memset(machine->flash.bytes, 0xFF, 4);
	start(machine);
}

static uint32_t argument(int count, char **arguments, int index, uint32_t otherwise)
{
	return index < count ? (uint32_t)strtoul(arguments[index], NULL, 0) : otherwise;
}

int main(int count, char **arguments)
{
	uint32_t operations = argument(count, arguments, 1, 300);
	uint32_t seed = argument(count, arguments, 2, 1);

	config.page_bytes = argument(count, arguments, 3, 512);
	pages = argument(count, arguments, 4, 24);
	config.granule = argument(count, arguments, 5, 512);
	config.power_of_two = argument(count, arguments, 6, 0) != 0;
	config.size = pages * config.page_bytes;
	if (pages > PAGES_MAX || config.page_bytes > PAGE_MAX) {
		printf("at most %d pages of %d bytes\n", PAGES_MAX, PAGE_MAX);
		return 2;
	}
	random_state = seed * 2654435761u | 1;
	machine_init(&first, seed | 1);
	machine_init(&second, seed | 1);
	for (uint32_t i = 0; i < operations; i++) {
		enum error error = work();

		if (error != E_OK && error != E_NOMEM)
			loss("an operation failed", (uint32_t)error);
		if (error == E_OK)
			done_operations++;
		else
			refused++;
		compare(&first);
		if (!row_read(&first, &before))
			loss("cannot go on", i);
		if (pick() % 16 == 0)
			recover(&first, 0);
	}
	if (done_operations < operations / 3)
		loss("most operations were refused", (uint32_t)refused);
	printf("%u operations on %u pages of %u bytes, granule %u%s: done %llu, refused %llu\n",
	       operations, pages, config.page_bytes, config.granule,
	       config.power_of_two ? ", sizes aligned" : "", (unsigned long long)done_operations,
	       (unsigned long long)refused);
	printf("cuts made %llu, recoveries %llu, losses found %llu\n", (unsigned long long)cuts,
	       (unsigned long long)cuts, (unsigned long long)losses);
	flash_model_free(&first.flash);
	flash_model_free(&second.flash);
	return losses != 0 || cuts == 0;
}
