/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The RISC-V protection code writes to a model of the PMP instead of the CPU's
 * registers: entries in order, locks, privilege mode, and Smepmp's table of rights
 * (Privileged Architecture 1.12, section 3.7.1; Smepmp 1.0, section 2.1). After
 * each step the model is asked about every address where an answer can change.
 *
 * LINK: arch/riscv/pmp_plan.c
 */
#define ARCH_CSR_H /* instead of the instructions in arch/csr.h */
#define csr_read(name) model_read(CSR_TEXT(name))
#define csr_write(name, value) step(CSR_TEXT(name), (uint32_t)(value))
#define csr_clear(name, bits) step(CSR_TEXT(name), model_read(CSR_TEXT(name)) & ~(uint32_t)(bits))
#define CSR_TEXT_(name) #name
#define CSR_TEXT(name) CSR_TEXT_(name)
#define RISCV_PMP_GRANULE 4096u
#define __riscv_xlen 32

#include "process_promise.h"
#include "test.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ENTRIES = 16, MML = 1, MMWP = 2, RLB = 4, LOCK = 0x80 };

static struct {
	uint32_t address[ENTRIES];
	uint8_t cfg[ENTRIES];
	uint32_t mseccfg;
	bool has_mseccfg;
	uint32_t mstatus, mcounteren;
} model;

static bool locked(unsigned int entry)
{
	return (model.cfg[entry] & LOCK) != 0 && (model.mseccfg & RLB) == 0;
}

static void address_write(unsigned int entry, uint32_t value)
{
	bool next_is_locked_tor =
		entry + 1 < ENTRIES && locked(entry + 1) && (model.cfg[entry + 1] >> 3 & 3) == 1;

	if (!locked(entry) && !next_is_locked_tor)
		model.address[entry] = value;
}

static void cfg_write(unsigned int entry, uint8_t value)
{
	unsigned int rights = value & 7u;
	bool machine_code = (value & LOCK) != 0 &&
			    (rights == 1 + 4 || rights == 4 || rights == 2 || rights == 6);

	if (locked(entry)) {
		TEST_EQUAL(value, model.cfg[entry]); /* QEMU 7.2 would take another one */
		return;
	}
	if ((model.mseccfg & MML) != 0 && (model.mseccfg & RLB) == 0 && machine_code)
		return; /* Smepmp: no new code for machine mode once MML is set */
	if ((model.mseccfg & MML) == 0 && (rights & 3) == 2)
		return; /* reserved: write without read */
	model.cfg[entry] = value;
}

static void mseccfg_write(uint32_t value)
{
	bool any_locked = false;

	for (unsigned int i = 0; i < ENTRIES; i++)
		any_locked |= (model.cfg[i] & LOCK) != 0;
	if (any_locked && (model.mseccfg & RLB) == 0)
		value &= ~(uint32_t)RLB;
	model.mseccfg = (value & (MML | MMWP | RLB)) | (model.mseccfg & (MML | MMWP)); /* sticky */
}

static uint32_t model_read(const char *name)
{
	if (strcmp(name, "mstatus") == 0)
		return model.mstatus;
	if (strcmp(name, "pmpcfg2") == 0)
		return model.cfg[8] | (uint32_t)model.cfg[9] << 8 | (uint32_t)model.cfg[10] << 16 |
		       (uint32_t)model.cfg[11] << 24;
	if (!TEST_CHECK(strcmp(name, "0x747") == 0 && model.has_mseccfg))
		printf("\tread of %s\n", name);
	return model.mseccfg;
}

static void model_write(const char *name, uint32_t value)
{
	unsigned int number = (unsigned int)strtoul(name + strcspn(name, "0123456789"), NULL, 0);

	if (strncmp(name, "pmpaddr", 7) == 0 && number < ENTRIES) {
		address_write(number, value);
	} else if (strncmp(name, "pmpcfg", 6) == 0 && number < ENTRIES / 4) {
		for (unsigned int i = 0; i < 4; i++)
			cfg_write(4 * number + i, (uint8_t)(value >> (8 * i)));
	} else if (strcmp(name, "0x747") == 0 && model.has_mseccfg) {
		mseccfg_write(value);
	} else if (strcmp(name, "mstatus") == 0) {
		model.mstatus = value;
	} else if (strcmp(name, "mcounteren") == 0) {
		model.mcounteren = value;
	} else {
		TEST_CHECK(!"a register that the model has not");
		printf("\twrite of %s\n", name);
	}
}

/* The lowest entry that holds the byte; -1: none. Only the modes that are used. */
static int match(uint32_t byte)
{
	for (int i = 0; i < ENTRIES; i++) {
		uint64_t low = i == 0 ? 0 : (uint64_t)model.address[i - 1] << 2;

		TEST_CHECK((model.cfg[i] >> 3 & 3) <= 1);
		if ((model.cfg[i] >> 3 & 3) == 1 && byte >= low &&
		    byte < (uint64_t)model.address[i] << 2)
			return i;
	}
	return -1;
}

/* What Smepmp's table gives for the four bits L R W X, to machine and to user mode. */
static unsigned int smepmp_rights(uint8_t cfg, bool machine)
{
	static const struct {
		uint8_t machine, user;
	} table[2][8] = {/* the index has R as 1, W as 2, X as 4 */
			 {{0, 0}, {0, 1}, {3, 1}, {0, 3}, {0, 4}, {0, 5}, {3, 3}, {0, 7}},
			 {{0, 0}, {1, 0}, {4, 4}, {3, 0}, {4, 0}, {5, 0}, {5, 4}, {1, 1}}};
	unsigned int row = cfg / LOCK;

	return machine ? table[row][cfg & 7].machine : table[row][cfg & 7].user;
}

static bool may(uint32_t byte, enum access access, bool machine)
{
	int entry = match(byte);

	if (entry < 0) {
		if (!machine || (model.mseccfg & MMWP) != 0)
			return false;
		return (model.mseccfg & MML) == 0 || access != EXECUTE;
	}
	if ((model.mseccfg & MML) != 0)
		return (smepmp_rights(model.cfg[entry], machine) & access) != 0;
	if (machine && (model.cfg[entry] & LOCK) == 0)
		return true;
	return (model.cfg[entry] & access) != 0;
}

/* ---- the kernel's surroundings, with addresses of our choice ---- */

static void step(const char *name, uint32_t value);

#include "../../arch/riscv/src/protect.c"

uint8_t linker_text_start[1], linker_text_end[1], linker_rom_start[1], linker_apps_end[1];
uint8_t linker_ram_start[1], linker_app_ram_end[1];
const struct riscv_range riscv_devices = {0x02000000, 0x20000000};

enum {
	ROM = 0x80000000,
	TEXT_END = 0x8000A000,
	APPS_END = 0x80200000,
	RAM = 0x80200000,
	APP_RAM = 0x80240000,
	RAM_END = 0x80400000,
};

/* The kernel goes on between any two writes: with its text, its own RAM and its devices. */
static void step(const char *name, uint32_t value)
{
	model_write(name, value);
	if ((model.mseccfg & MML) == 0)
		return;
	TEST_CHECK(may(ROM, EXECUTE, true) && may(TEXT_END - 1, EXECUTE, true));
	TEST_CHECK(may(RAM, WRITE, true) && may(RAM + 0x10000, WRITE, true));
	TEST_CHECK(may(riscv_devices.start, WRITE, true));
}

uptr_t arch_address_of(const void *pointer)
{
	const struct {
		const void *symbol;
		uptr_t address;
	} symbols[] = {
		{linker_text_start, ROM}, {linker_text_end, TEXT_END},
		{linker_rom_start, ROM},  {linker_apps_end, APPS_END},
		{linker_ram_start, RAM},  {linker_app_ram_end, RAM_END},
	};

	for (size_t i = 0; i < ARRAY_LENGTH(symbols); i++)
		if (symbols[i].symbol == pointer)
			return symbols[i].address;
	TEST_CHECK(!"an address of no known symbol");
	return 0;
}

bool riscv_has_mseccfg(void)
{
	return model.has_mseccfg;
}

/* ---- what has to hold ---- */

/* Machine mode under Smepmp: code is not writable, data is not executable. */
static void check_machine(uint32_t byte, const struct arch_regions *regions, uint32_t ram_end)
{
	bool process = regions && (inside(byte, regions->flash_start, regions->flash_end) ||
				   inside(byte, regions->ram_start, ram_end));
	bool text = inside(byte, ROM, TEXT_END);
	const struct arch_window *window = window_of(byte, regions);
	bool data =
		inside(byte, RAM, RAM_END) || inside(byte, riscv_devices.start, riscv_devices.end);

	if (!model.has_mseccfg)
		return;
	if (window != NULL) { /* what the kernel shares it keeps */
		TEST_EQUAL(may(byte, EXECUTE, true), false);
		TEST_EQUAL(may(byte, READ, true), window->kernels);
		TEST_EQUAL(may(byte, WRITE, true), window->kernels);
		return;
	}
	TEST_EQUAL(may(byte, EXECUTE, true), text);
	TEST_EQUAL(may(byte, WRITE, true), data && !process);
	TEST_EQUAL(may(byte, READ, true), (data || inside(byte, ROM, APPS_END)) && !process);
}

static void check_edge(uint32_t edge, const struct arch_regions *regions, uint32_t ram_end)
{
	for (uint32_t byte = edge - 1; byte != edge + 1; byte++) {
		check_process(byte, regions, ram_end);
		check_machine(byte, regions, ram_end);
	}
}

static void check_all(const struct arch_regions *regions, uint32_t ram_end)
{
	const uint32_t fixed[] = {0,
				  4,
				  ROM,
				  TEXT_END,
				  APPS_END,
				  APP_RAM,
				  RAM_END,
				  0xFFFFFFFC,
				  riscv_devices.start,
				  riscv_devices.end};

	for (size_t i = 0; i < ARRAY_LENGTH(fixed); i++)
		check_edge(fixed[i], regions, ram_end);
	for (unsigned int i = 0; i < ENTRIES; i++)
		check_edge(model.address[i] << 2, regions, ram_end);
	if (regions) {
		check_edge(regions->code_end, regions, ram_end);
		check_edge(regions->code_end + 4, regions, ram_end);
		check_edge(regions->ram_need, regions, ram_end);
		check_edge(regions->ram_limit, regions, ram_end);
		for (uint32_t i = 0; i < ARCH_WINDOWS; i++) {
			check_edge(regions->windows[i].start, regions, ram_end);
			check_edge(regions->windows[i].end, regions, ram_end);
		}
	}
}

/* Three places, on both sides of the kernel's RAM: devices, the pool, others' RAM. */
static struct arch_window random_open(uint32_t *random, uint32_t number)
{
	static const uint32_t place[] = {0x10000000, RAM + 0x20000, RAM_END - 0x10000};
	uint32_t start = place[test_random(random) % 3] + 0x4000 * number +
			 test_random(random) % 0x1000 / 4 * 4;

	return (struct arch_window){
		.start = start,
		.end = start + 4 + test_random(random) % 0x2000 / 4 * 4,
		.access = test_random(random) % 2 == 0 ? ARCH_READ : ARCH_READ_WRITE,
		.kernels = test_random(random) % 2 == 0,
	};
}

/* A closed one is in a half of its own of the RAM that is used. */
static void random_windows(uint32_t *random, const struct arch_regions *regions,
			   struct arch_window windows[ARCH_WINDOWS])
{
	uint32_t half = (regions->ram_need - regions->ram_start) / 2 / 4 * 4;

	for (uint32_t i = 0; i < ARCH_WINDOWS; i++) {
		uint32_t from = test_random(random) % 0x100 / 4 * 4;

		windows[i] = (struct arch_window){.start = 0};
		if (test_random(random) % 3 == 0)
			continue;
		windows[i] = random_open(random, i);
		if (half < 0x200 || test_random(random) % 2 == 0)
			continue;
		windows[i].start = regions->ram_start + i * half + from;
		windows[i].end = regions->ram_start + i * half + half - from % 12 / 4 * 4;
		windows[i].access = ARCH_CLOSED;
		windows[i].kernels = false;
	}
}

static struct arch_regions random_regions(uint32_t *random,
					  struct arch_window windows[ARCH_WINDOWS])
{
	struct arch_regions regions;
	uint32_t flash_size = 64 + test_random(random) % 0x4000 / 4 * 4;
	uint32_t used = test_random(random) % 0x3000;

	regions.flash_start = ROM + 0x100000 + test_random(random) % 0x80000 / 4 * 4;
	regions.flash_end = regions.flash_start + flash_size;
	regions.code_end = regions.flash_end - test_random(random) % 3 * (flash_size / 5);
	regions.ram_start = APP_RAM + test_random(random) % 0x100000 / 4 * 4;
	regions.ram_need = regions.ram_start + used;
	regions.ram_limit = regions.ram_need + test_random(random) % 0x2000;
	regions.windows = windows;
	random_windows(random, &regions, windows);
	return regions;
}

static void live(uint32_t *random)
{
	arch_init();
	TEST_EQUAL(model.mcounteren, 0);
	TEST_EQUAL(riscv_kernel_locked(), model.has_mseccfg);
	check_all(NULL, 0);

	uint32_t locked_address[ENTRIES - PMP_PROCESS_ENTRIES];
	uint8_t locked_cfg[ENTRIES - PMP_PROCESS_ENTRIES];

	memcpy(locked_address, model.address + PMP_PROCESS_ENTRIES, sizeof(locked_address));
	memcpy(locked_cfg, model.cfg + PMP_PROCESS_ENTRIES, sizeof(locked_cfg));
	for (int round = 0; round < 300; round++) {
		struct arch_window windows[ARCH_WINDOWS];
		struct arch_regions regions = random_regions(random, windows);
		struct arch_mpu plan;
		bool possible = regions.ram_need <= regions.ram_limit / 4 * 4;

		TEST_EQUAL(arch_mpu_plan(&plan, &regions), possible);
		if (!possible)
			continue;
		TEST_EQUAL(arch_mpu_code_end(&regions), (regions.code_end + 3) / 4 * 4);
		TEST_CHECK(arch_mpu_ram_end(&plan) >= regions.ram_need);
		TEST_CHECK(arch_mpu_ram_end(&plan) <= regions.ram_limit);
		arch_mpu_load(&plan);
		check_all(&regions, arch_mpu_ram_end(&plan)); /* nothing of the one before */
		for (uint32_t i = 0; i < ARCH_WINDOWS; i++) { /* one after the other replaced */
			struct arch_window others[ARCH_WINDOWS];

			random_windows(random, &regions, others);
			windows[i] = others[i];
			arch_mpu_set_window(&plan, i, &windows[i]);
			arch_mpu_load(&plan);
			check_all(&regions, arch_mpu_ram_end(&plan));
		}
		if (round % 5 == 0) {
			arch_mpu_unload();
			check_all(NULL, 0);
		}
		TEST_CHECK(memcmp(locked_address, model.address + PMP_PROCESS_ENTRIES,
				  sizeof(locked_address)) == 0);
		TEST_CHECK(memcmp(locked_cfg, model.cfg + PMP_PROCESS_ENTRIES,
				  sizeof(locked_cfg)) == 0);
	}
}

int main(void)
{
	uint32_t random = 23;

	model.has_mseccfg = true;
	live(&random);
	closed = (struct arch_mpu){.ram_end = 0};
	arch_mpu_unload(); /* the kernel starts anew, and its locks are there already */
	live(&random);
	memset(&model, 0, sizeof(model));
	live(&random); /* a CPU without Smepmp */
	return test_end("plan_riscv_protect");
}
