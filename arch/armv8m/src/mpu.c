/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * PMSAv8, eight regions or more. They must not overlap, and what is in none has
 * the default memory map for privileged code and nothing for unprivileged code.
 *
 *   0    the kernel's code and constants: privileged code may execute, not write
 *   1    the kernel's RAM but for the pool, which it lends: privileged code may
 *        write, not execute
 *   2    free
 *   3    footers in the flash of the process that runs
 *   4    the rest of that flash
 *   5-7  the pieces of its RAM between closed windows, and its other windows
 *
 * Registers: Armv8-M, D1.2.
 */
#include "abi/fault_record.h"
#include "arm.h"
#include "arm/scs.h"
#include "kernel/assert.h"
#include "mpu_registers.h"
#include "pmsav8_plan.h"
#include "trusted/arch.h"
#include "trusted/linker.h"

#include <stddef.h>

enum {
	TYPE_DREGION_SHIFT = 8,
	REGIONS = 8,

	CTRL_ENABLE = 1 << 0,
	CTRL_HFNMIENA = 1 << 1, /* in HardFault too: it may do accesses for a process */
	CTRL_PRIVDEFENA = 1 << 2,

	REGION_CODE = 0,
	REGION_SRAM = 1,
	REGION_FOOTERS = 3,
	REGION_PROCESS = 4, /* a multiple of 4: the alias registers count from there */

	/* Indices in arch_mpu.registers. */
	PLAN_FOOTERS = 1,
	PLAN_FLASH = 4,
	PLAN_RAM = 6,

	SRAM_START = 0x20000000, /* below it is code, of flash's type in the default map too */

	RBAR_XN = 1 << 0,
	RBAR_PRIVILEGED_RW = 0 << 1,
	RBAR_PRIVILEGED_RO = 2 << 1,
	RLAR_ENABLE = 1 << 0,
	RLAR_RAM = 0 << 1, /* index in MAIR0 */
	RLAR_FLASH = 1 << 1,
};

/*
 * MPU_RBAR of a region for flash that is off: with the limit of what was there before, until
 * that is written too, it holds nothing, and so does not overlap the kernel's. The others are
 * off before their bases are written: mpu_load.S.
 */
#define RBAR_NOWHERE 0xFFFFFFE1u

static const struct arch_mpu closed = {
	.registers = {REGION_FOOTERS, RBAR_NOWHERE, 0, REGION_PROCESS, RBAR_NOWHERE},
};

extern uint8_t linker_rom_start[], linker_rom_end[], linker_ram_start[];

/* [start, end), both multiples of 32. */
static void region_set(uint32_t number, uptr_t start, uptr_t end, uint32_t access)
{
	mpu_write(MPU_RNR, number);
	mpu_write(MPU_RBAR, start | (access & 0x1F));
	mpu_write(MPU_RLAR, (end - PMSAV8_GRAIN) | access >> 5);
}

void arm_mpu_init(void)
{
	uint32_t count = mpu_read(MPU_TYPE) >> TYPE_DREGION_SHIFT & 0xFF;

	ASSERT(count >= REGIONS);
	mpu_write(MPU_CTRL, 0);
	mpu_write(MPU_MAIR0, PMSAV8_MAIR0);
	for (uint32_t number = 0; number < count; number++) {
		mpu_write(MPU_RNR, number);
		mpu_write(MPU_RLAR, 0);
	}
	region_set(REGION_CODE, arch_address_of(linker_rom_start), arch_address_of(linker_rom_end),
		   RBAR_PRIVILEGED_RO | (RLAR_FLASH | RLAR_ENABLE) << 5);
	region_set(REGION_SRAM, arch_address_of(linker_ram_start),
		   arch_address_of(linker_pool_start),
		   RBAR_PRIVILEGED_RW | RBAR_XN | (RLAR_RAM | RLAR_ENABLE) << 5);
	mpu_write(MPU_RNR, REGION_PROCESS);
	mpu_write(MPU_CTRL, CTRL_ENABLE | CTRL_HFNMIENA | CTRL_PRIVDEFENA);
	SCS_SCB->shcsr |= SHCSR_SECUREFAULTENA;
	arm_barrier();
}

const uint8_t arm_fault_record_arch = FAULT_RECORD_ARMV8M;

uint32_t arm_secure_fault_take(void)
{
	uint32_t status = *SCS_SFSR;

	*SCS_SFSR = status;
	return status;
}

const char *arch_protection_name(void)
{
	return "PMSAv8 MPU, kernel W^X";
}

/* The next multiple of the grain, 0 where there is none. */
static uint32_t round_up(uint32_t value)
{
	return (value + (PMSAV8_GRAIN - 1)) & ~(uint32_t)(PMSAV8_GRAIN - 1);
}

bool arch_mpu_place(struct arch_placement *placement, const struct arch_placement *window,
		    uint32_t app_bytes, uint32_t kernel_bytes, uptr_t fixed)
{
	const struct pmsav8_window search = {
		.start = window->start,
		.size = window->size,
		.app_bytes = app_bytes < ARCH_INITIAL_BREAK ? ARCH_INITIAL_BREAK : app_bytes,
		.kernel_bytes = kernel_bytes,
		.is_fixed = fixed != 0,
	};
	struct pmsav8_placement found;

	if (!pmsav8_place_ram(&search, &found))
		return false;
	*placement = (struct arch_placement){found.start, found.size};
	return true;
}

bool arch_mpu_window_fits(uptr_t start, uint32_t length)
{
	return start % PMSAV8_GRAIN == 0 && length % PMSAV8_GRAIN == 0 &&
	       length <= UINT32_MAX - start;
}

struct arch_window_shape arch_mpu_window_shape(uint32_t length)
{
	return (struct arch_window_shape){round_up(length), PMSAV8_GRAIN};
}

/* Where the next free region of a plan is. */
struct filling {
	uint32_t *next, *end;
};

/* Adds [start, end), both multiples of the grain; nothing, if it is empty. */
static bool region_add(struct filling *filling, uptr_t start, uptr_t end, enum pmsav8_access access)
{
	const struct pmsav8_need need = {start, end, end};
	struct pmsav8_region region;
	uint32_t unused;

	if (start == end)
		return true;
	if (filling->next == filling->end || !pmsav8_plan(&need, access, &region, &unused))
		return false;
	*filling->next++ = region.rbar;
	*filling->next++ = region.rlar | (end <= SRAM_START ? RLAR_FLASH : 0);
	return true;
}

/* The closed window that begins lowest at or above the address; NULL: none. */
static const struct arch_mpu_window *next_closed(const struct arch_mpu *mpu, uptr_t address)
{
	const struct arch_mpu_window *found = NULL;

	for (uint32_t i = 0; i < ARCH_WINDOWS; i++) {
		const struct arch_mpu_window *window = &mpu->windows[i];

		if (window->access == ARCH_CLOSED && window->start != window->end &&
		    window->start >= address && (found == NULL || window->start < found->start))
			found = window;
	}
	return found;
}

/* The regions for RAM but for what is closed in it, and for the open windows. */
static bool ram_and_windows(struct arch_mpu *mpu)
{
	struct filling filling = {&mpu->registers[PLAN_RAM],
				  &mpu->registers[ARRAY_LENGTH(mpu->registers)]};
	uptr_t from = mpu->ram_start;
	const struct arch_mpu_window *gap;

	for (uint32_t *word = filling.next; word != filling.end; word += 2) {
		word[0] = 0;
		word[1] = 0;
	}
	while ((gap = next_closed(mpu, from)) != NULL) {
		if (!region_add(&filling, from, gap->start, PMSAV8_RAM))
			return false;
		from = gap->end;
	}
	if (!region_add(&filling, from, mpu->ram_end, PMSAV8_RAM))
		return false;
	for (uint32_t i = 0; i < ARCH_WINDOWS; i++) {
		const struct arch_mpu_window *window = &mpu->windows[i];

		if (window->access != ARCH_CLOSED &&
		    !region_add(&filling, window->start, window->end,
				window->access == ARCH_READ ? PMSAV8_READ : PMSAV8_RAM))
			return false;
	}
	return true;
}

static void window_take(struct arch_mpu *mpu, uint32_t number, const struct arch_window *window)
{
	mpu->windows[number] = (struct arch_mpu_window){window->start, window->end, window->access};
}

void arch_mpu_set_window(struct arch_mpu *mpu, uint32_t number, const struct arch_window *window)
{
	bool fits;

	window_take(mpu, number, window);
	fits = ram_and_windows(mpu);
	ASSERT(fits);
}

uptr_t arch_mpu_code_end(const struct arch_regions *regions)
{
	return arch_code_end_by_grain(regions, PMSAV8_GRAIN);
}

/* The regions for the flash; false: it does not fit. */
static bool flash_take(struct arch_mpu *mpu, const struct arch_regions *regions)
{
	const struct pmsav8_need need = {
		regions->flash_start,
		regions->code_end,
		regions->flash_end,
	};
	struct filling filling = {&mpu->registers[PLAN_FOOTERS], &mpu->registers[PLAN_FOOTERS + 2]};
	struct pmsav8_region flash;
	uint32_t code_end;

	if (!pmsav8_plan(&need, PMSAV8_FLASH, &flash, &code_end) ||
	    !region_add(&filling, code_end, regions->flash_end, PMSAV8_READ))
		return false;
	mpu->registers[PLAN_FLASH] = flash.rbar;
	mpu->registers[PLAN_FLASH + 1] = flash.rlar;
	return true;
}

bool arch_mpu_plan(struct arch_mpu *mpu, const struct arch_regions *regions)
{
	struct arch_mpu fresh = closed;
	const struct pmsav8_need ram_need = {
		regions->ram_start,
		regions->ram_need,
		regions->ram_limit,
	};
	struct pmsav8_region ram;

	fresh.ram_start = regions->ram_start;
	for (uint32_t i = 0; i < ARCH_WINDOWS; i++)
		window_take(&fresh, i, &regions->windows[i]);
	if (!flash_take(&fresh, regions) ||
	    !pmsav8_plan(&ram_need, PMSAV8_RAM, &ram, &fresh.ram_end) || !ram_and_windows(&fresh))
		return false;
	*mpu = fresh;
	return true;
}

uptr_t arch_mpu_ram_end(const struct arch_mpu *mpu)
{
	return mpu->ram_end;
}

void arch_mpu_unload(void)
{
	arch_mpu_load(&closed);
}
