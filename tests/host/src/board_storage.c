/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The storage drivers of the board, on flash in memory. */
#include "board_storage.h"

#include "capsules/flash_mux.h"
#include "chips/app_flash_ram.h"
#include "chips/flash_ram.h"
#include "state.h"

enum {
	PAGE = 2048,
	STORE_PAGES = 6,
	RAW_PAGES = 2, /* of each of the two drivers for raw flash */
	PAGES = STORE_PAGES + 2 * RAW_PAGES,
	ENDURANCE = 10000,
	AREA = 1024,
	QUOTA = 3000,
};

struct kv_driver host_kv_driver;
struct area_driver host_isolated_driver, host_nonvolatile_driver;
struct flash_geometry_driver host_geometry_driver;
struct app_flash_driver host_app_flash_driver;
struct opensk_compat host_opensk;

static struct flash_ram flash;
static struct app_flash_ram app_flash;
static uint8_t medium[PAGE * PAGES];
static uint8_t written[FLASH_RAM_WRITTEN(sizeof(medium))];
static uint8_t app_page[APP_FLASH_RAM_PAGE];
static struct flash_mux mux;
static struct flash_part store_part, raw_part, opensk_part;
static struct storage storage;
static struct kv_page store_pages[STORE_PAGES];

static const struct flash_region regions[] = {
	{.identity = HOST_RAW_FLASH_IDENTITY, .first_page = 0, .pages = RAW_PAGES}};

void host_storage_init(void)
{
	static const struct flash_ram_layout layout = {
		.bytes = medium,
		.written = written,
		.page_bytes = PAGE,
		.pages = PAGES,
		.writes_per_word = 1,
	};
	static const struct storage_config config = {.pages = store_pages, .quota = QUOTA};
	static const struct flash_geometry_config raw = {&raw_part.flash, regions, 1};
	static const struct opensk_compat_config opensk = {
		{&opensk_part.flash, regions, 1}, HOST_OPENSK_ADDRESS, ENDURANCE};

	flash_ram_init(&flash, &layout);
	app_flash_ram_init(&app_flash);
	flash_mux_init(&mux, &flash.flash);
	if (flash_mux_attach(&mux, &store_part, 0, STORE_PAGES) != E_OK ||
	    flash_mux_attach(&mux, &raw_part, STORE_PAGES, RAW_PAGES) != E_OK ||
	    flash_mux_attach(&mux, &opensk_part, STORE_PAGES + RAW_PAGES, RAW_PAGES) != E_OK)
		host_give_up("the parts of the flash do not fit");
	storage_init(&storage, &store_part.flash, &config);
	kv_driver_init(&host_kv_driver, &storage);
	isolated_storage_driver_init(&host_isolated_driver, &storage, AREA);
	nonvolatile_storage_driver_init(&host_nonvolatile_driver, &storage, AREA);
	flash_geometry_driver_init(&host_geometry_driver, &raw);
	opensk_compat_init(&host_opensk, &opensk);
	app_flash_driver_init(&host_app_flash_driver, &app_flash.flash, app_page);
}
