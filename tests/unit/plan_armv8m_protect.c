/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The PMSAv8 code writes to a model of the MPU: an address in two regions faults, and
 * what none holds is the default map to privileged code and nothing to others
 * (Armv8-M, B9 and D1.2). The alias registers count from MPU_RNR.
 *
 * LINK: arch/armv8m/pmsav8_plan.c
 * INCLUDE: arch/armv8m/include arch/arm/include arch/arm/src arch/armv8m
 */
#include "arm_mpu_model.h"

enum {
	ROM = 0x10000000,
	ROM_END = 0x10100000,
	RAM = 0x38000000,
	APP_RAM = 0x38008000,
};

static int match(uint32_t byte);

static void check_between(void);

static void mpu_wrote(uint32_t offset, uint32_t value)
{
	if (offset == MPU_CTRL) {
		model.ctrl = value;
	} else if (offset == MPU_RNR) {
		model.rnr = value;
	} else if (offset == MPU_MAIR0) {
		model.mair0 = value;
	} else if (TEST_CHECK(offset >= MPU_RBAR && offset < MPU_RBAR + 32)) {
		uint32_t alias = (offset - MPU_RBAR) / 8;
		uint32_t number = alias == 0 ? model.rnr : (model.rnr & ~3u) + alias;

		if (TEST_CHECK(number < model.regions))
			(offset % 8 == 4 ? model.base : model.second)[number] = value;
		if (model.ctrl == CTRL_ON)
			check_between();
	}
}

static bool matches(uint32_t number, uint32_t byte)
{
	return (model.second[number] & 1) != 0 && byte >= (model.base[number] & ~31u) &&
	       byte <= (model.second[number] | 31u);
}

/* The kernel goes on in its code while it writes, and an interrupt may come after any write. */
static void check_between(void)
{
	static const uint32_t kernel[] = {ROM, ROM_END - 1, RAM, APP_RAM - 1};

	for (uint32_t i = 0; i < sizeof(kernel) / sizeof(kernel[0]); i++)
		for (uint32_t number = 2; number < model.regions; number++)
			TEST_CHECK(!matches(number, kernel[i]));
}

/* The region that counts; -1: none. */
static int match(uint32_t byte)
{
	int found = -1;

	for (uint32_t number = 0; number < model.regions; number++)
		if (matches(number, byte)) {
			TEST_EQUAL(found, -1); /* an address in two regions faults */
			found = (int)number;
		}
	return found;
}

static bool may(uint32_t byte, enum access access, bool privileged)
{
	/* What AP gives to privileged code and to others. */
	static const uint8_t rights[4][2] = {{3, 0}, {3, 3}, {1, 0}, {1, 1}};
	int number = match(byte);

	if (number < 0)
		return privileged && default_may(byte, access);

	uint32_t rbar = model.base[number], given = rights[rbar >> 1 & 3][privileged ? 0 : 1];

	if (access == EXECUTE)
		return (given & READ) != 0 && (rbar & 1) == 0;
	return (given & access) != 0;
}

/* Of arm/scs.h. */
static struct {
	uint32_t shcsr;
} scb;

static uint32_t sfsr;

#define SCS_SCB (&scb)
#define SCS_SFSR (&sfsr)

enum { SHCSR_SECUREFAULTENA = 1 << 19 };

#include "../../arch/armv8m/src/mpu.c"

/* mpu_load.S: three regions off, then from MPU_RNR on, once three words and once nine. */
void arch_mpu_load(const struct arch_mpu *mpu)
{
	for (uint32_t alias = 1; alias <= 3; alias++)
		mpu_write((enum mpu_register)(MPU_RLAR + 8 * alias), 0);
	for (uint32_t i = 0; i < 3; i++)
		mpu_write((enum mpu_register)(MPU_RNR + 4 * i), mpu->registers[i]);
	mpu_write(MPU_RNR, mpu->registers[3]);
	mpu_write_four(&mpu->registers[4]);
	arm_barrier();
}

uint8_t linker_rom_start[1], linker_rom_end[1], linker_ram_start[1], linker_pool_start[1];

uptr_t arch_address_of(const void *pointer)
{
	if (pointer == linker_rom_start)
		return ROM;
	if (pointer == linker_rom_end)
		return ROM_END;
	if (pointer == linker_ram_start)
		return RAM;
	TEST_CHECK(pointer == linker_pool_start);
	return APP_RAM;
}

/* 1: write-back, write-allocate; 0: write-through. The default map's types. */
static bool is_write_back(int number)
{
	uint32_t attributes = model.mair0 >> 8 * (model.second[number] >> 1 & 7) & 0xFF;

	TEST_CHECK(attributes == 0xFF || attributes == 0xAA);
	return attributes == 0xFF;
}

/* The kernel's code is not writable, its data and what it shares not executable. */
static void check_kernel(uint32_t byte, const struct arch_regions *regions, uint32_t ram_end)
{
	int number = match(byte);
	const struct arch_window *window = window_of(byte, regions);
	bool own = inside(byte, RAM, APP_RAM) ||
		   (regions && inside(byte, regions->ram_start, ram_end));

	if (number >= 0)
		TEST_EQUAL(is_write_back(number), byte >= 0x20000000);
	if (inside(byte, ROM, ROM_END) ||
	    (regions && inside(byte, regions->flash_start, regions->flash_end))) {
		TEST_CHECK(may(byte, READ, true) && !may(byte, WRITE, true));
		TEST_EQUAL(may(byte, EXECUTE, true),
			   inside(byte, ROM, ROM_END) || byte < arch_mpu_code_end(regions));
	} else if (window != NULL) {
		TEST_CHECK(may(byte, READ, true));
		TEST_EQUAL(may(byte, WRITE, true), window->access != ARCH_READ);
	} else if (own) {
		TEST_CHECK(may(byte, READ, true) && may(byte, WRITE, true));
		TEST_CHECK(!may(byte, EXECUTE, true));
	}
}

static uint32_t code_slack(const struct arch_regions *regions)
{
	(void)regions;
	return 32;
}

static void check_region_edges(uint32_t number, const struct arch_regions *regions,
			       uint32_t ram_end)
{
	if ((model.second[number] & 1) == 0)
		return;
	check_edge(model.base[number] & ~31u, regions, ram_end);
	check_edge((model.second[number] | 31u) + 1, regions, ram_end);
}

static void live(uint32_t regions)
{
	const struct ground ground = {0x10100000, APP_RAM + 0x4000, 0x38100000, 0x10300000};
	uint32_t random = 8;

	model.regions = regions;
	for (uint32_t i = 0; i < regions; i++) {
		model.base[i] = RAM | 2; /* what a boot loader left, open to all */
		model.second[i] = (RAM + 0x100000) | 1;
	}
	arm_mpu_init();
	TEST_EQUAL(scb.shcsr, SHCSR_SECUREFAULTENA);
	take_turns(&random, &ground);
	arm_mpu_init(); /* the kernel starts anew */
	take_turns(&random, &ground);
	refuse(&ground);
}

int main(void)
{
	live(8);
	live(16);
	return test_end("plan_armv8m_protect");
}
