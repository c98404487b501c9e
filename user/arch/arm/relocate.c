/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Puts the data of a position-independent image in place. Runs before the
 * global offset table is there: nothing in here may use a variable with static
 * storage or a constant that is not in the instructions.
 *
 * The image is linked with flash at 0x80000000 and RAM at 0, so that an
 * address tells by its highest bit which of the two it belongs to. 0 stays 0:
 * that is a null pointer.
 */
#include <stdint.h>

/* Filled in by user/arm.ld. Offsets are from the start of flash or of RAM. */
struct image_header {
	uint32_t stack_size; /* bytes */
	uint32_t heap_start; /* in RAM */
	uint32_t got_load;   /* in flash */
	uint32_t got_start;  /* in RAM */
	uint32_t got_size;   /* bytes */
	uint32_t data_load;  /* in flash */
	uint32_t data_start; /* in RAM */
	uint32_t data_size;  /* bytes */
	uint32_t bss_start;  /* in RAM */
	uint32_t bss_size;   /* bytes */
	uint32_t fixups;     /* in flash: struct fixup_table, which the packer puts there */
};

struct fixup {
	uint32_t offset; /* in RAM */
	uint32_t info;
};

/* The relocations of .data as the linker wrote them (ELF for Arm, section 5.6). */
struct fixup_table {
	uint32_t size; /* bytes */
	struct fixup fixup[];
};

#define FLASH_BIT 0x80000000u
#define R_ARM_ABS32 2u
#define R_ARM_TARGET1 38u /* constructors; an absolute address on this platform */

void relocate_image(const struct image_header *header, uintptr_t ram);

static uint32_t moved(uint32_t address, uintptr_t flash, uintptr_t ram)
{
	if (address == 0)
		return 0;
	return address & FLASH_BIT ? (address ^ FLASH_BIT) + flash : address + ram;
}

void relocate_image(const struct image_header *header, uintptr_t ram)
{
	uintptr_t flash = (uintptr_t)header;
	const uint32_t *from = (const uint32_t *)(flash + header->got_load);
	uint32_t *to = (uint32_t *)(ram + header->got_start);
	const struct fixup_table *table = (const struct fixup_table *)(flash + header->fixups);

	for (uint32_t i = 0; i < header->got_size / sizeof(*to); i++)
		to[i] = moved(from[i], flash, ram);

	from = (const uint32_t *)(flash + header->data_load);
	to = (uint32_t *)(ram + header->data_start);
	for (uint32_t i = 0; i < header->data_size / sizeof(*to); i++)
		to[i] = from[i];

	to = (uint32_t *)(ram + header->bss_start);
	for (uint32_t i = 0; i < header->bss_size / sizeof(*to); i++)
		to[i] = 0;

	for (uint32_t i = 0; i < table->size / sizeof(struct fixup); i++) {
		uint32_t *word = (uint32_t *)(ram + table->fixup[i].offset);
		uint32_t type = table->fixup[i].info & 0xff;

		if (type == R_ARM_ABS32 || type == R_ARM_TARGET1)
			*word = moved(*word, flash, ram);
	}
}
