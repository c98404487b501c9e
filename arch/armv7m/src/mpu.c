/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * PMSAv7, eight regions. The highest number that matches counts.
 *
 *   0    the code space: privileged code may execute, nobody may write
 *   1    the SRAM space: privileged code may write, nobody may execute
 *   2-3  free, for loans
 *   4-5  flash of the process that runs
 *   6-7  its RAM
 *
 * Elsewhere privileged code has the default memory map, where devices are never
 * executable, and unprivileged code has nothing. Registers: ARMv7-M, B3.5.
 */
#include "abi/fault_record.h"
#include "arm.h"
#include "kernel/assert.h"
#include "pmsav7_plan.h"
#include "trusted/arch.h"

enum {
	TYPE_DREGION_SHIFT = 8,
	REGIONS = 8,

	CTRL_ENABLE = 1 << 0,
	CTRL_HFNMIENA = 1 << 1, /* in HardFault too: it may do accesses for a process */
	CTRL_PRIVDEFENA = 1 << 2,

	RBAR_VALID = 1 << 4, /* the region number is in the low bits */
	REGION_CODE = 0,
	REGION_SRAM = 1,
	REGION_LOANS = 2,
	REGION_FLASH = 4,
	REGION_RAM = 6,

	RASR_ENABLE = 1 << 0,
	RASR_SIZE_512M = 28 << 1,
	RASR_CACHE_WT = 1 << 17,             /* C */
	RASR_CACHE_WBWA = 1 << 19 | 3 << 16, /* TEX 1, C, B */
	RASR_PRIVILEGED_RW = 1 << 24,        /* AP */
	RASR_PRIVILEGED_RO = 5 << 24,
	RASR_XN = 1 << 28,
};

struct mpu {
	volatile const uint32_t type; /* 0xE000ED90 */
	volatile uint32_t ctrl;
	volatile uint32_t rnr;
	volatile uint32_t rbar;
	volatile uint32_t rasr;
};

#define MPU ((struct mpu *)0xE000ED90u)

static const struct arch_mpu closed = {
	.registers =
		{
			RBAR_VALID | (REGION_FLASH + 0),
			0,
			RBAR_VALID | (REGION_FLASH + 1),
			0,
			RBAR_VALID | (REGION_RAM + 0),
			0,
			RBAR_VALID | (REGION_RAM + 1),
			0,
		},
};

static void region_set(uint32_t number, uint32_t base, uint32_t rasr)
{
	MPU->rbar = base | RBAR_VALID | number;
	MPU->rasr = rasr;
}

void arm_mpu_init(void)
{
	ASSERT((MPU->type >> TYPE_DREGION_SHIFT & 0xFF) >= REGIONS);
	MPU->ctrl = 0;
	region_set(REGION_CODE, 0x00000000,
		   RASR_ENABLE | RASR_SIZE_512M | RASR_PRIVILEGED_RO | RASR_CACHE_WT);
	region_set(REGION_SRAM, 0x20000000,
		   RASR_ENABLE | RASR_SIZE_512M | RASR_PRIVILEGED_RW | RASR_XN | RASR_CACHE_WBWA);
	region_set(REGION_LOANS + 0, 0, 0);
	region_set(REGION_LOANS + 1, 0, 0);
	arch_mpu_unload();
	MPU->ctrl = CTRL_ENABLE | CTRL_HFNMIENA | CTRL_PRIVDEFENA;
	arm_barrier();
}

const uint8_t arm_fault_record_arch = FAULT_RECORD_ARMV7M;

uint32_t arm_secure_fault_take(void)
{
	return 0;
}

const char *arch_protection_name(void)
{
	return "PMSAv7 MPU, W^X";
}

bool arch_mpu_place(struct arch_placement *placement, const struct arch_placement *window,
		    uint32_t app_bytes, uint32_t kernel_bytes, uptr_t fixed)
{
	const struct pmsav7_window search = {
		.start = window->start,
		.end = window->start + window->size,
		.app_bytes = app_bytes < ARCH_INITIAL_BREAK ? ARCH_INITIAL_BREAK : app_bytes,
		.kernel_bytes = kernel_bytes,
		.is_fixed = fixed != 0,
	};
	struct pmsav7_placement found;

	if (!pmsav7_place_ram(&search, &found))
		return false;
	*placement = (struct arch_placement){found.start, found.end - found.start};
	return true;
}

static void region_take(uint32_t registers[2], const struct pmsav7_region *region, uint32_t number)
{
	registers[0] = region->rbar | RBAR_VALID | number;
	registers[1] = region->rasr;
}

bool arch_mpu_plan(struct arch_mpu *mpu, const struct arch_regions *regions)
{
	const struct pmsav7_need flash_need = {
		regions->flash_start,
		regions->flash_end,
		regions->flash_end,
	};
	const struct pmsav7_need ram_need = {
		regions->ram_start,
		regions->ram_need,
		regions->ram_limit,
	};
	struct pmsav7_plan flash, ram;

	if (!pmsav7_plan(&flash_need, PMSAV7_FLASH, &flash) ||
	    !pmsav7_plan(&ram_need, PMSAV7_RAM, &ram))
		return false;
	for (uint32_t i = 0; i < 2; i++) {
		region_take(&mpu->registers[2 * i], &flash.region[i], REGION_FLASH + i);
		region_take(&mpu->registers[4 + 2 * i], &ram.region[i], REGION_RAM + i);
	}
	mpu->ram_end = ram.end;
	return true;
}

uptr_t arch_mpu_ram_end(const struct arch_mpu *mpu)
{
	return mpu->ram_end;
}

void arch_mpu_load(const struct arch_mpu *mpu)
{
	arm_mpu_write(mpu->registers);
}

void arch_mpu_unload(void)
{
	arm_mpu_write(closed.registers);
}
