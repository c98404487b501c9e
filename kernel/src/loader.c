/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The app region is a row of TBF images (lib/app_region.h). Applications that must
 * lie at a given RAM address are placed first, so that their order in flash does
 * not matter; the others take what is left.
 */
#include "loader.h"

#include "abi/syscall.h"
#include "abi/tbf.h"
#include "app_admission.h"
#include "grant_private.h"
#include "kernel/log.h"
#include "lib/app_region.h"
#include "process.h"
#include "ram.h"
#include "trusted/linker.h"
#include "trusted/trace.h"

#include <stddef.h>

enum {
	NAME_MAX = 32, /* characters of a name in messages */
};

struct image {
	uptr_t start;
	struct tbf_info info;
};

static bool prompted; /* the board's prompt comes once, after the first applications */

typedef void image_visitor(const struct image *image);

/* The region is being repaired: nothing may be loaded from it yet. */
static bool held;

/* A name for messages, from an image that no process owns yet. */
struct printable {
	char text[NAME_MAX];
};

static struct printable image_name(const struct image *image)
{
	struct printable name = {{0}};
	const uint8_t *text = arch_kernel_pointer(image->start + image->info.name.offset);
	size_t length = image->info.name.length;

	if (length > NAME_MAX - 1)
		length = NAME_MAX - 1;
	for (size_t i = 0; i < length; i++)
		name.text[i] = (text[i] < ' ' || text[i] > '~') ? '?' : (char)text[i];
	return name;
}

/* Calls `visit` for every whole image; tells of the others where `tell` is set. */
static void walk(image_visitor *visit, bool tell)
{
	uptr_t start = arch_address_of(linker_apps_start);
	uint32_t size = arch_address_of(linker_apps_end) - start;
	struct app_region_item item = {.next = 0};

	for (;;) {
		app_region_at(arch_kernel_pointer(start), size, item.next, &item);
		if (item.kind == APP_REGION_END)
			return;
		if (item.kind != APP_REGION_DAMAGED)
			visit(&(struct image){start + item.offset, item.info});
		else if (tell)
			log_print("app at 0x%08x skipped: %s\r\n", start + item.offset,
				  tbf_status_text(item.status));
	}
}

/* A slot that was never used, else one whose process has ended for good; not a retired one. */
static struct process *free_slot(void)
{
	struct process *ended = NULL;

	for (uint32_t i = 0; i < board.process_count; i++) {
		struct process *process = &board.processes[i];

		if (process_is_retired(process))
			continue;
		if (process->state == PROCESS_UNUSED)
			return process;
		if (process->state == PROCESS_TERMINATED && ended == NULL)
			ended = process;
	}
	return ended;
}

static bool is_loaded(const struct image *image)
{
	for (uint32_t i = 0; i < board.process_count; i++)
		if (board.processes[i].state != PROCESS_UNUSED &&
		    board.processes[i].flash_start == image->start)
			return true;
	return false;
}

static bool same_name(const struct image *image, const char *name)
{
	const uint8_t *text = arch_kernel_pointer(image->start + image->info.name.offset);

	for (size_t i = 0; i < image->info.name.length; i++)
		if (name[i] == '\0' || (uint8_t)name[i] != text[i])
			return false;
	return name[image->info.name.length] == '\0';
}

static const struct process_policy *policy_for(const struct image *image,
					       const struct app_identity *identity)
{
	for (uint32_t i = 0; i < board.policy_count; i++) {
		const struct process_policy *policy = &board.policies[i];

		if ((policy->name == NULL || same_name(image, policy->name)) &&
		    (policy->short_id == 0 || policy->short_id == identity->short_id) &&
		    (policy->role == 0 || policy->role == identity->role))
			return policy;
	}
	return &board.policy;
}

/* Takes a slot over; what it was used for before is forgotten but its handles. */
static void adopt(struct process *process, const struct image *image,
		  const struct app_identity *identity, const struct process_policy *policy)
{
	const struct tbf_info *info = &image->info;
	uptr_t header_end = image->start + info->header_size;

	*process = (struct process){
		.id = process->id,
		.policy = policy,
		.flash_start = image->start,
		.flash_end = image->start + info->total_size,
		.code_end = image->start + info->binary_end_offset,
		.entry = header_end + info->init_fn_offset,
		.app_start = header_end + info->protected_size,
		.ram_requested = info->min_ram,
		.ram_fixed = info->fixed_ram == TBF_ADDRESS_ANY ? 0 : info->fixed_ram,
		.name_offset = info->name.offset,
		.name_length = (uint8_t)(info->name.length > TBF_NAME_MAX ? TBF_NAME_MAX
									  : info->name.length),
		.writeable_offset = info->writeable_flash.offset,
		.writeable_regions = (uint16_t)tbf_writeable_flash_count(info),
		.identity = *identity,
		.storage_offset = info->storage_permissions.offset,
		.storage_length = info->storage_permissions.length,
	};
	if (info->permissions.length >= 2) {
		process->permissions_offset = (uint16_t)(info->permissions.offset + 2);
		process->permissions_count = (uint16_t)((info->permissions.length - 2) / 16);
	}
	process->filtered =
		process->permissions_offset != 0 || process->policy->permissions != NULL;
	/* A number that no class has sends every call the long way. */
	process->fast_class = process->filtered ? CLASS_NONE : SYSCALL_COMMAND;
}

static void refuse_for_ram(const struct image *image, const struct arch_placement *gap)
{
	const struct tbf_info *info = &image->info;

	log_print("app %s at 0x%08x refused: it needs %u bytes of RAM and %u for the kernel, ",
		  image_name(image).text, image->start, info->min_ram, grant_memory_needed());
	if (info->fixed_ram == TBF_ADDRESS_ANY)
		log_print("the largest gap has %u\r\n", gap->size);
	else
		log_print("%u are free at its address 0x%08x\r\n", gap->size, info->fixed_ram);
}

static void refuse_for_protection(const struct image *image, const struct arch_placement *place)
{
	log_print("app %s refused: flash 0x%08x-0x%08x, RAM 0x%08x-0x%08x cannot be "
		  "protected by this hardware\r\n",
		  image_name(image).text, image->start, image->start + image->info.total_size,
		  place->start, place->start + place->size);
}

static bool find_ram(const struct image *image, struct arch_placement *place)
{
	const struct tbf_info *info = &image->info;
	uptr_t fixed = info->fixed_ram == TBF_ADDRESS_ANY ? 0 : info->fixed_ram;

	return ram_find(place, info->min_ram, grant_memory_needed(), fixed);
}

static bool can_protect(const struct image *image, const struct arch_placement *place)
{
	static const struct arch_window none[ARCH_WINDOWS];
	const struct arch_regions regions = {
		.windows = none,
		.flash_start = image->start,
		.code_end = image->start + image->info.binary_end_offset,
		.flash_end = image->start + image->info.total_size,
		.ram_start = place->start,
		.ram_need = place->start + ARCH_INITIAL_BREAK,
		.ram_limit = place->start + place->size,
	};
	struct arch_mpu trial;

	return arch_mpu_plan(&trial, &regions);
}

/* What the slot held before is lost only once nothing can go wrong any more. */
static enum error create_as(const struct image *image, const struct app_identity *identity,
			    const struct process_policy *policy, struct process **made)
{
	struct process *process = free_slot();
	struct arch_placement place;

	if (process == NULL) {
		log_print("app %s at 0x%08x refused: all %u process slots are taken\r\n",
			  image_name(image).text, image->start, board.process_count);
		return E_BUSY;
	}
	if (!find_ram(image, &place)) {
		refuse_for_ram(image, &place);
		return E_NOMEM;
	}
	if (!can_protect(image, &place)) {
		refuse_for_protection(image, &place);
		return E_INVAL;
	}
	adopt(process, image, identity, policy);
	process->memory.ram_start = place.start;
	process->memory.ram_end = place.start + place.size;
	if (process_start(process)) {
		trace_name(process_slot(process), image_name(image).text);
		*made = process;
		return E_OK;
	}
	refuse_for_protection(image, &place);
	process->state = PROCESS_UNUSED;
	return E_INVAL;
}

static enum error create(const struct image *image)
{
	struct app_identity identity;
	struct process *process;

	if (!app_admitted(image->start, &image->info, &identity))
		return E_FAIL;

	enum error error = create_as(image, &identity, policy_for(image, &identity), &process);

	if (error == E_OK)
		app_admission_used(process);
	return error;
}

struct process *loader_create_embedded(uptr_t start, uint32_t size,
				       const struct process_policy *policy)
{
	struct image image = {.start = start};
	const struct app_identity nobody = {.key = APP_NO_KEY};
	struct process *process;

	process_unmap();
	if (tbf_parse(arch_kernel_pointer(start), size, &image.info) != TBF_OK ||
	    create_as(&image, &nobody, policy, &process) != E_OK)
		return NULL;
	return process;
}

/* Why an application does not run although its header is whole; NULL: it does. */
static const char *objection(const struct image *image)
{
	const struct tbf_info *info = &image->info;

	if ((info->flags & TBF_FLAG_ENABLED) == 0)
		return "it is disabled";
	if (!tbf_kernel_version_ok(info, KERNEL_ABI_MAJOR, KERNEL_ABI_MINOR))
		return "it asks for another kernel version";
	if (info->fixed_flash != TBF_ADDRESS_ANY &&
	    info->fixed_flash != image->start + info->header_size + info->protected_size)
		return "it was built for another flash address";
	return NULL;
}

static void tell_objection(const struct image *image)
{
	const struct tbf_info *info = &image->info;
	const char *reason = info->is_padding ? NULL : objection(image);

	if (reason == NULL)
		return;
	log_print("app %s at 0x%08x skipped: %s\r\n", image_name(image).text, image->start, reason);
	if (!tbf_kernel_version_ok(info, KERNEL_ABI_MAJOR, KERNEL_ABI_MINOR))
		log_print("  wanted %u.%u, this is %u.%u\r\n", info->kernel_major,
			  info->kernel_minor, KERNEL_ABI_MAJOR, KERNEL_ABI_MINOR);
}

static bool is_runnable(const struct image *image)
{
	return !image->info.is_padding && objection(image) == NULL && !is_loaded(image);
}

static void create_fixed(const struct image *image)
{
	if (is_runnable(image) && image->info.fixed_ram != TBF_ADDRESS_ANY)
		(void)create(image);
}

static void tell_and_create_fixed(const struct image *image)
{
	tell_objection(image);
	create_fixed(image);
}

static void create_anywhere(const struct image *image)
{
	if (is_runnable(image) && image->info.fixed_ram == TBF_ADDRESS_ANY)
		(void)create(image);
}

static void look(const struct image *image)
{
	tell_objection(image);
	if (is_runnable(image))
		app_admission_look(image->start, &image->info, image_name(image).text);
}

void loader_look(void)
{
	process_unmap();
	walk(look, true);
}

void loader_load_admitted(bool tell)
{
	if (held)
		return;
	process_unmap(); /* a plan in force keeps the kernel from that process's flash */
	walk(tell ? tell_and_create_fixed : create_fixed, tell);
	walk(create_anywhere, false);
	if (!prompted && board.prompt != NULL)
		log_print("%s", board.prompt);
	prompted = true;
}

void loader_load_all(void)
{
	if (!held && !app_admission_begin())
		loader_load_admitted(true);
}

/* The row alone says where an application begins: a header can stand anywhere in a binary. */
static bool find_in_row(uptr_t start, struct image *image)
{
	uptr_t region = arch_address_of(linker_apps_start);
	uint32_t size = arch_address_of(linker_apps_end) - region;
	struct app_region_item item = {.next = 0};

	do
		app_region_at(arch_kernel_pointer(region), size, item.next, &item);
	while (item.kind != APP_REGION_END && item.next <= start - region);
	*image = (struct image){start, item.info};
	return item.kind == APP_REGION_APP && item.offset == start - region;
}

enum error loader_load_at(uptr_t start)
{
	struct image image;

	process_unmap();
	if (held || !find_in_row(start, &image))
		return E_FAIL;
	if (is_loaded(&image))
		return E_ALREADY;
	tell_objection(&image);
	return objection(&image) == NULL ? create(&image) : E_FAIL;
}

void loader_hold(bool hold)
{
	held = hold;
}
