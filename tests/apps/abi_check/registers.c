/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A system call must preserve every register but those of its return variant,
 * and being interrupted must preserve all.
 */
#include "check.h"

#if defined(__riscv)

enum {
	REGISTERS = 32,
	FIRST_ARGUMENT = 10, /* a0 */
	CLASS = 14,          /* a4 */
	FIRST_PATTERN = 5,   /* t0 */
	COUNTER = 17,        /* a7 */
	SPIN_SKIPS = 31,
};

void probe_trap(uintptr_t registers[REGISTERS]);
void probe_spin(uintptr_t registers[REGISTERS], uint32_t count);

/* sp, gp, tp and the base register come back as differences. */
static bool is_difference(unsigned int number)
{
	return (number >= 2 && number <= 4) || number == 31;
}

static void trap(enum syscall_class class, uintptr_t *registers)
{
	registers[CLASS] = class;
	probe_trap(registers);
}

#else

enum {
	REGISTERS = 15,
	FIRST_ARGUMENT = 0,
	FIRST_PATTERN = 0,
	COUNTER = 0,
	SPIN_SKIPS = 13,
};

void probe_trap_0(uintptr_t registers[REGISTERS]);
void probe_trap_1(uintptr_t registers[REGISTERS]);
void probe_trap_2(uintptr_t registers[REGISTERS]);
void probe_trap_3(uintptr_t registers[REGISTERS]);
void probe_trap_4(uintptr_t registers[REGISTERS]);
void probe_trap_5(uintptr_t registers[REGISTERS]);
void probe_spin(uintptr_t registers[REGISTERS], uint32_t count);

/* r9 and sp come back as differences; lr is not looked at. */
static bool is_difference(unsigned int number)
{
	return number == 9 || number >= 13;
}

static void trap(enum syscall_class class, uintptr_t *registers)
{
	switch (class) {
	case SYSCALL_YIELD:
		probe_trap_0(registers);
		break;
	case SYSCALL_SUBSCRIBE:
		probe_trap_1(registers);
		break;
	case SYSCALL_COMMAND:
		probe_trap_2(registers);
		break;
	case SYSCALL_ALLOW_RW:
		probe_trap_3(registers);
		break;
	case SYSCALL_ALLOW_RO:
		probe_trap_4(registers);
		break;
	default:
		probe_trap_5(registers);
		break;
	}
	registers[14] = 0;
}

#endif

struct probe {
	const char *what;
	enum syscall_class class;
	uintptr_t argument[4];
	unsigned int returned; /* how many of a0-a3 the answer defines */
};

static const struct probe probes[] = {
	{"registers over a command", SYSCALL_COMMAND, {DRIVER_ALARM, 0, 0x111, 0x222}, 4},
	{"registers over a missing driver", SYSCALL_COMMAND, {MISSING_DRIVER, 1, 0x333, 0x444}, 4},
	{"registers over a value command", SYSCALL_COMMAND, {DRIVER_ALARM, 2, 0x333, 0x444}, 4},
	{"registers over memop", SYSCALL_MEMOP, {MEMOP_RAM_START, 0, 0x555, 0x666}, 2},
	{"registers over brk", SYSCALL_MEMOP, {MEMOP_BRK, 1, 0x777, 0x888}, 2},
	{"registers over memop 10", SYSCALL_MEMOP, {MEMOP_STACK_TOP, 0x999, 0xaaa, 0xbbb}, 1},
	{"registers over subscribe", SYSCALL_SUBSCRIBE, {DRIVER_ALARM, 0, 0, 0xccc}, 4},
	{"registers over read-write allow", SYSCALL_ALLOW_RW, {DRIVER_CONSOLE, 1, 0, 0}, 4},
	{"registers over read-only allow", SYSCALL_ALLOW_RO, {DRIVER_CONSOLE, 1, 0, 0}, 4},
	{"registers over a refused allow", SYSCALL_ALLOW_RO, {DRIVER_CONSOLE, 1, 0, 99}, 4},
	{"registers over yield-no-wait", SYSCALL_YIELD, {YIELD_NO_WAIT, 0, 0, 0}, 4},
	{"registers over an unknown yield", SYSCALL_YIELD, {99, 0, 0, 0}, 4},
};

static uintptr_t pattern(unsigned int number)
{
	return 0x9e3779b9u * (number + 3);
}

static void fill(uintptr_t *registers)
{
	for (unsigned int i = 0; i < REGISTERS; i++)
		registers[i] = pattern(i);
}

static void check_probe(const struct probe *probe)
{
	uintptr_t registers[REGISTERS];

	fill(registers);
	for (unsigned int i = 0; i < 4; i++)
		registers[FIRST_ARGUMENT + i] = probe->argument[i];
	trap(probe->class, registers);
	for (unsigned int i = FIRST_PATTERN < 2 ? 0 : 2; i < REGISTERS; i++) {
		uintptr_t want = is_difference(i) ? 0 : pattern(i);
		unsigned int argument = i - FIRST_ARGUMENT;

		if (argument < probe->returned)
			continue;
		if (argument < 4)
			want = probe->argument[argument];
#if defined(__riscv)
		if (i == CLASS)
			want = probe->class;
#endif
		check_equal(probe->what, registers[i], want);
	}
}

/* Long enough for several timer interrupts, with nothing but registers in use. */
static void check_spin(void)
{
	uintptr_t registers[REGISTERS];

	fill(registers);
	subscribe(DRIVER_ALARM, 0, (struct subscription){NULL, NULL}, NULL);
	command(DRIVER_ALARM, 5, 20000, 0);
	probe_spin(registers, 4000000);
	for (unsigned int i = FIRST_PATTERN; i < SPIN_SKIPS; i++) {
		if (i == COUNTER)
			check_equal("the counter after being interrupted", registers[i], 0);
		else if (!is_difference(i))
			check_equal("registers after being interrupted", registers[i], pattern(i));
	}
}

void check_registers(void)
{
	for (unsigned int i = 0; i < sizeof(probes) / sizeof(probes[0]); i++)
		check_probe(&probes[i]);
	check_spin();
}
