/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * PMSAv7, eight regions. The highest number that matches counts.
 *
 *   0    the code space: privileged code may execute, nobody may write
 *   1    the SRAM space: privileged code may write, nobody may execute
 *   2-3  flash of the process that runs; the footers in it have the second one
 *   4-5  its RAM
 *   6-7  its windows, which can close a piece of that
 *
 * Elsewhere privileged code has the default memory map, where devices are never
 * executable, and unprivileged code has nothing. Registers: ARMv7-M, B3.5.
 */
#include "abi/fault_record.h"
#include "arm.h"
#include "kernel/assert.h"
#include "mpu_registers.h"
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
	REGION_FLASH = 2,
	REGION_RAM = 4,
	REGION_WINDOWS = 6,

	SRAM_START = 0x20000000,

	RASR_ENABLE = 1 << 0,
	RASR_SIZE_512M = 28 << 1,
	RASR_CACHE_WT = 1 << 17,             /* C */
	RASR_CACHE_WBWA = 1 << 19 | 3 << 16, /* TEX 1, C, B */
	RASR_TYPE = 0x3F << 16,              /* TEX, S, C, B */
	RASR_PRIVILEGED_RW = 1 << 24,        /* AP */
	RASR_PRIVILEGED_RO = 5 << 24,
	RASR_XN = 1 << 28,
};

/* The regions of windows are in use. */
static bool windows_loaded;

/*
 * MPU_RBAR of region `number`, where nothing is. Between its writes of a base and of a size
 * a region has the new one of the former and the old one of the latter; if it takes the
 * right to execute away it must not lie over the kernel then, for an interrupt may come.
 */
#define RBAR_NOWHERE(number) (0xC0000000u | RBAR_VALID | (number))

static const struct arch_mpu closed = {
	.registers =
		{
			RBAR_NOWHERE(REGION_FLASH + 1),
			0,
			RBAR_NOWHERE(REGION_FLASH),
			0,
			RBAR_NOWHERE(REGION_RAM),
			0,
			RBAR_NOWHERE(REGION_RAM + 1),
			0,
			RBAR_NOWHERE(REGION_FLASH + 1),
		},
	.windows = {RBAR_VALID | REGION_WINDOWS, 0, RBAR_VALID | (REGION_WINDOWS + 1), 0},
};

static void region_set(uint32_t number, uint32_t base, uint32_t rasr)
{
	mpu_write(MPU_RBAR, base | RBAR_VALID | number);
	mpu_write(MPU_RASR, rasr);
}

void arm_mpu_init(void)
{
	ASSERT((mpu_read(MPU_TYPE) >> TYPE_DREGION_SHIFT & 0xFF) >= REGIONS);
	mpu_write(MPU_CTRL, 0);
	region_set(REGION_CODE, 0x00000000,
		   RASR_ENABLE | RASR_SIZE_512M | RASR_PRIVILEGED_RO | RASR_CACHE_WT);
	region_set(REGION_SRAM, SRAM_START,
		   RASR_ENABLE | RASR_SIZE_512M | RASR_PRIVILEGED_RW | RASR_XN | RASR_CACHE_WBWA);
	for (uint32_t i = 0; i < ARCH_WINDOWS; i++)
		region_set(REGION_WINDOWS + i, 0, 0);
	windows_loaded = false;
	arch_mpu_unload();
	mpu_write(MPU_CTRL, CTRL_ENABLE | CTRL_HFNMIENA | CTRL_PRIVDEFENA);
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

static bool window_plan(uptr_t start, uptr_t end, uint8_t access, struct pmsav7_plan *plan)
{
	static const enum pmsav7_attributes attributes[] = {
		[ARCH_CLOSED] = PMSAV7_CLOSED,
		[ARCH_READ] = PMSAV7_READ,
		[ARCH_READ_WRITE] = PMSAV7_RAM,
	};
	const struct pmsav7_need need = {start, end, end};

	if (!pmsav7_plan(&need, attributes[access], plan) || plan->region[1].rasr != 0)
		return false;
	if (end <= SRAM_START) /* of the type that REGION_CODE has */
		plan->region[0].rasr =
			(plan->region[0].rasr & ~(uint32_t)RASR_TYPE) | RASR_CACHE_WT;
	return true;
}

bool arch_mpu_window_fits(uptr_t start, uint32_t length)
{
	struct pmsav7_plan plan;

	return length <= UINT32_MAX - start && window_plan(start, start + length, ARCH_READ, &plan);
}

/* A piece of up to eight subregions; aligned to a power of two it stays within one region. */
struct arch_window_shape arch_mpu_window_shape(uint32_t length)
{
	uint32_t subregion = PMSAV7_SUBREGION_MIN;
	struct arch_window_shape shape = {0, PMSAV7_SUBREGION_MIN};

	while (subregion < PMSAV7_SUBREGION_MAX && length > 8u * subregion)
		subregion *= 2u;
	while (shape.size < length && shape.size < 8u * subregion)
		shape.size += subregion;
	while (shape.alignment < shape.size)
		shape.alignment *= 2u;
	if (shape.size < length)
		shape.size = 0;
	return shape;
}

/*
 * Where the footers' region can begin: the smaller its subregions, the nearer to the
 * code's end. 0: nowhere.
 */
static uptr_t footers_start(const struct arch_regions *regions)
{
	uptr_t end = regions->flash_end;

	if (regions->code_end < regions->flash_start || regions->code_end > end)
		return 0;
	if (end - regions->code_end < PMSAV7_SUBREGION_MIN)
		return end;
	for (uint32_t step = PMSAV7_SUBREGION_MIN; step < PMSAV7_SUBREGION_MAX && end % step == 0;
	     step *= 2) {
		uptr_t from = regions->code_end + (step - regions->code_end % step) % step;

		if (from >= regions->code_end && from < end &&
		    from / (8 * step) == (end - 1) / (8 * step))
			return from;
	}
	return 0;
}

static bool plan_one(uptr_t start, uptr_t end, struct pmsav7_plan *plan)
{
	const struct pmsav7_need need = {start, end, end};

	return pmsav7_plan(&need, PMSAV7_FLASH, plan) && plan->region[1].rasr == 0;
}

/* The footers' region comes after the other one: it takes from that, or adds to it. */
static bool flash_take(const struct arch_regions *regions, struct pmsav7_plan *plan)
{
	const struct pmsav7_need whole = {
		regions->flash_start,
		regions->flash_end,
		regions->flash_end,
	};
	uptr_t from = footers_start(regions);
	struct pmsav7_plan footers;

	if (from == 0 || from == regions->flash_end)
		return from != 0 && pmsav7_plan(&whole, PMSAV7_FLASH, plan);
	if (!plan_one(regions->flash_start, regions->flash_end, plan) &&
	    !plan_one(regions->flash_start, from, plan))
		return false;
	if (!window_plan(from, regions->flash_end, ARCH_READ, &footers))
		return false;
	plan->region[1] = footers.region[0];
	return true;
}

uptr_t arch_mpu_code_end(const struct arch_regions *regions)
{
	struct pmsav7_plan plan;

	return flash_take(regions, &plan) ? footers_start(regions) : 0;
}

static bool window_take(struct arch_mpu *mpu, uint32_t number, const struct arch_window *window)
{
	struct pmsav7_plan plan;

	plan.region[0] = (struct pmsav7_region){0, 0};
	if (window->start != window->end &&
	    !window_plan(window->start, window->end, window->access, &plan))
		return false;
	region_take(&mpu->windows[2 * number], &plan.region[0], REGION_WINDOWS + number);
	return true;
}

/* The windows of `mpu`; false, and it is of no use: one does not fit. */
static bool windows_take(struct arch_mpu *mpu, const struct arch_regions *regions)
{
	for (uint32_t i = 0; i < ARCH_WINDOWS; i++)
		if (!window_take(mpu, i, &regions->windows[i]))
			return false;
	return true;
}

void arch_mpu_set_window(struct arch_mpu *mpu, uint32_t number, const struct arch_window *window)
{
	bool fits = window_take(mpu, number, window);

	ASSERT(fits);
}

bool arch_mpu_plan(struct arch_mpu *mpu, const struct arch_regions *regions)
{
	struct arch_mpu fresh;
	const struct pmsav7_need ram_need = {
		regions->ram_start,
		regions->ram_need,
		regions->ram_limit,
	};
	struct pmsav7_plan flash, ram;

	if (!flash_take(regions, &flash) || !pmsav7_plan(&ram_need, PMSAV7_RAM, &ram) ||
	    !windows_take(&fresh, regions))
		return false;
	region_take(&fresh.registers[0], &flash.region[1], REGION_FLASH + 1);
	region_take(&fresh.registers[2], &flash.region[0], REGION_FLASH);
	for (uint32_t i = 0; i < 2; i++)
		region_take(&fresh.registers[4 + 2 * i], &ram.region[i], REGION_RAM + i);
	if (ram.region[1].rasr == 0)
		fresh.registers[6] = RBAR_NOWHERE(REGION_RAM + 1);
	fresh.registers[8] = fresh.registers[0];
	fresh.registers[0] = RBAR_NOWHERE(REGION_FLASH + 1);
	fresh.ram_end = ram.end;
	*mpu = fresh;
	return true;
}

uptr_t arch_mpu_ram_end(const struct arch_mpu *mpu)
{
	return mpu->ram_end;
}

static bool has_windows(const struct arch_mpu *mpu)
{
	return (mpu->windows[1] | mpu->windows[3]) != 0;
}

static NOINLINE void windows_load(const struct arch_mpu *mpu)
{
	for (uint32_t i = 0; i < 2 * ARCH_WINDOWS; i += 2) {
		/* never the new base with the old size: that could lie over the kernel */
		mpu_write(MPU_RNR, REGION_WINDOWS + i / 2);
		mpu_write(MPU_RASR, 0);
		mpu_write(MPU_RBAR, mpu->windows[i]);
		mpu_write(MPU_RASR, mpu->windows[i + 1]);
	}
	windows_loaded = has_windows(mpu);
}

void arch_mpu_load(const struct arch_mpu *mpu)
{
	if (has_windows(mpu) || windows_loaded)
		windows_load(mpu);
	arm_mpu_write(mpu->registers);
}

void arch_mpu_unload(void)
{
	arch_mpu_load(&closed);
}
