/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Which applications the board has, and where they lie in flash. */
#include "host/helper.h"
#include "layout.h"
#include "state.h"

#include "lib/bytes.h"
#include "trusted/linker.h"

#include <stdio.h>
#include <string.h>

static struct host_app *new_app(const char *name, uptr_t flash_start)
{
	struct host_app *app = &host.apps[host.app_count];

	if (host.booted)
		host_give_up("%s: applications must be added before the kernel runs", name);
	if (host.app_count == HOST_APPS)
		host_give_up("%s: there are %d applications already", name, HOST_APPS);
	host.app_count++;
	*app = (struct host_app){.flash_start = flash_start};
	snprintf(app->name, sizeof(app->name), "%s", name != NULL ? name : "(no name)");
	return app;
}

uint32_t host_flash_add(const void *bytes, size_t length)
{
	uptr_t address = host.flash_used;

	if (length > HOST_FLASH_END - address)
		host_give_up("%zu bytes more do not fit in flash", length);
	memcpy((void *)(uintptr_t)address, bytes, length);
	host.flash_used += (uptr_t)length;
	return address;
}

struct host_app *host_script_add_image(const struct host_image_options *options)
{
	static uint8_t image[64 * 1024];
	uint32_t size = host_image_build(image, sizeof(image), options);

	if (size > sizeof(image))
		host_give_up("images of tests have at most %zu bytes", sizeof(image));
	return new_app(options->name, host_flash_add(image, size));
}

struct host_app *host_script_add(const char *name)
{
	return host_script_add_image(&(struct host_image_options){.name = name});
}

extern uint8_t linker_helper_start[], linker_helper_end[];

/* Elsewhere it lies in the kernel's image: here at the end of what applications have. */
struct host_app *host_helper_add(void)
{
	size_t room = (size_t)(linker_helper_end - linker_helper_start);

	host_image_build(
		linker_helper_start, room,
		&(struct host_image_options){.name = "helper", .total_size = (uint32_t)room});
	return new_app("helper", arch_address_of(linker_helper_start));
}

static uint32_t find_image(const char *name)
{
	uint32_t index = 0;

	while (host_images[index].name != NULL && strcmp(host_images[index].name, name) != 0)
		index++;
	if (host_images[index].name == NULL)
		host_give_up("this program has no application %s: add it to its APPS", name);
	return index;
}

/* Code lies one page behind the header, which counts as protected. */
struct host_app *host_app_add(const char *name)
{
	uint32_t index = find_image(name);
	const struct host_image *image = &host_images[index];
	uptr_t flash = host_compiled_flash(index);
	uptr_t entry = (uptr_t)(uintptr_t)image->start;
	uint8_t header[256];
	struct host_image_options options = {
		.name = name,
		.total_size = HOST_COMPILED_FLASH,
		.min_ram = host_compiled_ram_needed(index),
		.fixed_ram = host_compiled_ram(index),
		.fixed_flash = flash + HOST_CODE_OFFSET,
	};
	struct host_app *app = new_app(name, flash);
	uint32_t header_size;

	host_image_build(header, sizeof(header), &options);
	header_size = le16_load(header + 2);
	options.protected_size = HOST_CODE_OFFSET - header_size;
	options.init_fn_offset = entry - flash - header_size;
	host_image_build(header, sizeof(header), &options);
	host_compiled_open();
	memcpy((void *)(uintptr_t)flash, header, header_size);
	app->image = image;
	return app;
}
