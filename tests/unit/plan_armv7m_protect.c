/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The PMSAv7 code writes to a model of the MPU: the highest region that matches
 * counts, subregions that are off do not match, and what no region holds is the
 * default map to privileged code and nothing to others (ARMv7-M, B3.5).
 *
 * LINK: arch/armv7m/pmsav7_plan.c
 * INCLUDE: arch/armv7m/include arch/arm/include arch/arm/src arch/armv7m
 */
#include "arm_mpu_model.h"

enum {
	RBAR_REGION = 0xF,
	RBAR_VALID_BIT = 0x10,

	TYPE_BITS = 0x3F << 16, /* TEX, S, C, B */

	CODE_END = 0x20000000,
	SRAM_END = 0x40000000,
};

static uint32_t kernel_end = 0x100000; /* from here on there are applications */

static void check_between(void);

/* MPU_RBAR to MPU_RASR_A3; the aliases are the same two registers. */
static void mpu_wrote(uint32_t offset, uint32_t value)
{
	if (offset == MPU_CTRL) {
		model.ctrl = value;
	} else if (offset == MPU_RNR) {
		model.rnr = value;
	} else if (TEST_CHECK(offset >= MPU_RBAR && offset < MPU_RBAR + 32)) {
		if (offset % 8 == 4 && (value & RBAR_VALID_BIT) != 0)
			model.rnr = value & RBAR_REGION;
		if (TEST_CHECK(model.rnr < model.regions))
			(offset % 8 == 4 ? model.base : model.second)[model.rnr] = value;
	}
	if (model.ctrl == CTRL_ON)
		check_between();
}

/* Two to the power of this is the size of a region. */
static uint32_t size_bits(uint32_t number)
{
	return (model.second[number] >> 1 & 31) + 1;
}

static bool matches(uint32_t number, uint32_t byte)
{
	uint32_t rasr = model.second[number], bits = size_bits(number);
	uint32_t base = model.base[number] & ~31u;

	if ((rasr & 1) == 0)
		return false;
	/* The hardware does not look at what is below the size. */
	TEST_CHECK(model.unsettled || (base & (uint32_t)((UINT64_C(1) << bits) - 1)) == 0);
	TEST_CHECK(bits >= 5);
	TEST_CHECK(bits >= 8 || (rasr >> 8 & 0xFF) == 0); /* else not predictable */
	if (((uint64_t)byte ^ base) >> bits != 0)
		return false;
	return bits < 8 || (rasr >> (8 + (byte >> (bits - 3) & 7)) & 1) == 0;
}

/* The region that counts; -1: none. */
static int match(uint32_t byte)
{
	for (int number = (int)model.regions - 1; number >= 0; number--)
		if (matches((uint32_t)number, byte))
			return number;
	return -1;
}

static bool may(uint32_t byte, enum access access, bool privileged)
{
	/* What AP gives to privileged code and to others; 4 and 7 are not used. */
	static const uint8_t rights[8][2] = {{0, 0}, {3, 0}, {3, 1}, {3, 3},
					     {0, 0}, {1, 0}, {1, 1}, {0, 0}};
	int number = match(byte);

	if (number < 0)
		return privileged && default_may(byte, access);

	uint32_t rasr = model.second[number], ap = rasr >> 24 & 7;
	uint32_t given = rights[ap][privileged ? 0 : 1];

	TEST_CHECK(ap != 4 && ap != 7);
	if (access == EXECUTE)
		return (given & READ) != 0 && (rasr >> 28 & 1) == 0;
	return (given & access) != 0;
}

/* The kernel goes on while it writes, and an interrupt may come after any write. */
static void check_between(void)
{
	const uint32_t code[] = {0, 0x4000, kernel_end - 2};
	static const uint32_t ram[] = {CODE_END, CODE_END + 0xFFFC};

	for (size_t i = 0; i < sizeof(code) / sizeof(code[0]); i++)
		TEST_CHECK(may(code[i], EXECUTE, true));
	for (size_t i = 0; i < sizeof(ram) / sizeof(ram[0]); i++)
		TEST_CHECK(may(ram[i], WRITE, true) && may(ram[i], READ, true));
}

void arm_mpu_write(const uint32_t registers[9]);

#include "../../arch/armv7m/src/mpu.c"

/* mpu_load.S */
void arm_mpu_write(const uint32_t registers[9])
{
	mpu_write_four(registers);
	mpu_write(MPU_RBAR, registers[8]);
	arm_barrier();
}

/* Nothing of code or SRAM is both writable and executable to the kernel. */
static void check_kernel(uint32_t byte, const struct arch_regions *regions, uint32_t ram_end)
{
	const struct arch_window *window = window_of(byte, regions);
	bool footers = regions && inside(byte, arch_mpu_code_end(regions), regions->flash_end);

	(void)ram_end;
	if (byte >= SRAM_END)
		return;
	TEST_CHECK(may(byte, READ, true));
	TEST_EQUAL(may(byte, EXECUTE, true), byte < CODE_END && window == NULL && !footers);
	TEST_EQUAL(may(byte, WRITE, true),
		   byte >= CODE_END && (window == NULL || window->access != ARCH_READ));
	/* One type for one address, whoever is loaded. */
	TEST_EQUAL(model.second[match(byte)] & TYPE_BITS,
		   model.second[byte < CODE_END ? REGION_CODE : REGION_SRAM] & TYPE_BITS);
}

/* A piece of 32 bytes, or two sevenths of what is behind the code: docs/reference/appid.md. */
static uint32_t code_slack(const struct arch_regions *regions)
{
	uint32_t footers = (uint32_t)(regions->flash_end - regions->code_end);

	return footers * 2 / 7 < 32 ? 32 : footers * 2 / 7 + 1;
}

static void check_region_edges(uint32_t number, const struct arch_regions *regions,
			       uint32_t ram_end)
{
	uint32_t bits = size_bits(number), piece = 1u << (bits < 8 ? bits - 1 : bits - 3);

	if ((model.second[number] & 1) == 0)
		return;
	for (uint32_t i = 0; i <= 8; i++)
		check_edge((model.base[number] & ~31u) + i * piece, regions, ram_end);
}

/* Flash of any size and place: what is planned keeps the promise, and what cannot be is refused. */
static void odd_flash(uint32_t *random, const struct ground *ground)
{
	static const struct arch_window none[ARCH_WINDOWS];
	uint32_t planned = 0, inexact = 0;

	for (uint32_t i = 0; i < 2000; i++) {
		uint32_t unit = 32u << test_random(random) % 6;
		uint32_t length = (1 + test_random(random) % 40) * unit;
		struct arch_regions regions = {
			.windows = none,
			.flash_start = ground->flash + test_random(random) % 64 * unit,
			.ram_start = ground->ram,
			.ram_need = ground->ram + 0x1000,
			.ram_limit = ground->ram + 0x1000,
		};
		struct arch_mpu plan;

		regions.flash_end = regions.flash_start + length;
		regions.code_end = regions.flash_start + 16 + test_random(random) % (length - 15);
		TEST_EQUAL(arch_mpu_plan(&plan, &regions), arch_mpu_code_end(&regions) != 0);
		if (arch_mpu_code_end(&regions) == 0)
			continue;
		planned++;
		inexact += arch_mpu_code_end(&regions) - regions.code_end >= 32;
		arch_mpu_load(&plan);
		check_all(&regions, (uint32_t)arch_mpu_ram_end(&plan));
	}
	TEST_CHECK(planned > 300 && planned < 2000 && inexact > 100);
	arch_mpu_unload();
}

int main(void)
{
	const struct ground ground = {0x00100000, 0x20010000, 0x20200000, 0x00300000};
	const struct ground close = {0x00104000, 0x20010000, 0x20200000, 0x00300000};
	uint32_t random = 7;

	model.regions = 8;
	for (uint32_t i = 0; i < model.regions; i++) {
		model.base[i] = 0x20000000; /* what a boot loader left, open to all */
		model.second[i] = 3 << 24 | 27 << 1 | 1;
	}
	arm_mpu_init();
	take_turns(&random, &ground);
	arm_mpu_init(); /* the kernel starts anew */
	take_turns(&random, &ground);
	refuse(&ground);
	kernel_end = close.flash; /* aligned to less than what applications have */
	odd_flash(&random, &close);
	return test_end("plan_armv7m_protect");
}
