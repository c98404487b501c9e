/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The store of applications, for Eva: operations in any order with any arguments,
 * over a region that holds anything at any time, and that fails at any time.
 */
#include "__fc_builtin.h"
#include "lib/app_store.h"

enum { PAGE = 256, PAGES = 8, SIZE = PAGE * PAGES, PIECE = 32 };

static uint8_t buffer[PAGE];
static uint8_t piece[PIECE];
static struct app_store store;

static uint32_t any(void)
{
	return Frama_C_unsigned_int_interval(0, 0xFFFFFFFF);
}

static void any_bytes(struct app_medium *medium, uint32_t offset, uint8_t *to, uint32_t length)
{
	(void)medium;
	(void)offset;
	Frama_C_make_unknown((char *)to, length);
}

/* What app_region_at() promises, and is proved to keep. */
static void any_item(struct app_medium *medium, uint32_t offset, struct app_region_item *item)
{
	(void)medium;
	Frama_C_make_unknown((char *)item, sizeof(*item));
	item->kind = (enum app_region_kind)Frama_C_interval(APP_REGION_END, APP_REGION_DAMAGED);
	item->offset = offset;
	item->next = Frama_C_unsigned_int_interval(0, SIZE);
	if (item->kind == APP_REGION_END)
		item->next = offset;
}

static const struct app_medium_ops ops = {any_bytes, any_item};

static int operate(void)
{
	switch (Frama_C_interval(0, 8)) {
	case 0:
		return app_store_recover(&store);
	case 1:
		return app_store_reserve(&store, any(), any());
	case 2:
		Frama_C_make_unknown((char *)piece, PIECE);
		return app_store_write(&store, any(), piece, Frama_C_unsigned_int_interval(0, PIECE));
	case 3:
		return app_store_seal(&store);
	case 4:
		return app_store_accept(&store, any());
	case 5:
		return app_store_reject(&store);
	case 6:
		return app_store_remove(&store, any());
	case 7:
		return app_store_set_flags(&store, any(), any());
	default:
		app_store_forget(&store);
		return 0;
	}
}

int main(void)
{
	struct app_medium medium = {&ops};
	const struct app_store_config config = {
		.base = 0x20040000,
		.size = SIZE,
		.page_bytes = PAGE,
		.granule = 1u << Frama_C_interval(4, 10),
		.power_of_two = (bool)Frama_C_interval(0, 1),
	};
	struct app_store_request request;

	/* A write takes no more than it is given: the analysis has to be told which bounds to try. */
	//@ widen_hints global:store.taken, 31, 32;
	app_store_init(&store, &config, &medium, buffer);
	while (Frama_C_interval(0, 1)) {
		(void)operate();
		while (Frama_C_interval(0, 1) && app_store_step(&store, &request))
			app_store_done(&store, (enum error)Frama_C_interval(0, 13));
	}
	return 0;
}
