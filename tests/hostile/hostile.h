/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What every application of the hostile suite is made of: bare system calls, a few words of output,
 * and the addresses of what it must not reach. docs/hostile.md says how the suite works.
 */
#ifndef HOSTILE_H
#define HOSTILE_H

#include "abi/drivers.h"
#include "abi/error.h"
#include "abi/syscall.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Filled in by tests/hostile/suite.py when it places the image. */
struct given {
	uint32_t magic[2];
	char name[32];
	uint32_t kernel_text, kernel_rodata, kernel_data, kernel_bss;
	uint32_t kernel_stack, kernel_stack_end;
	uint32_t witness_flash, witness_ram;
	uint32_t uart, timer, interrupt_controller, end_register;
	uint32_t parameter; /* what distinguishes several images of one attack */
};

extern const volatile struct given given;

/*
 * An attack is one function; each becomes an application of its own. How it must end:
 *	FAULTS   the kernel stops it
 *	ENDS     it comes to its end, having got the answers that it must get
 *	EITHER   one of these
 *	GOES_ON  it never ends by itself
 * The text says what it does, for docs/hostile.md.
 */
#ifdef LIST_ATTACKS
#define ATTACK(name, end, text) @ATTACK(name, end, text) void attack_##name(void)
#else
#define ATTACK(name, end, text)                                                                    \
	void attack_##name(void);                                                                  \
	void attack_##name(void)
#endif

/* Says that the attack did what it must not be able to do. Returns. */
void succeeded(const char *what);

/* The same unless `good`. */
void must(bool good, const char *what);

/* A line on the console, by driver 1. */
void say(const char *text);
void say_number(const char *text, uint32_t value);

struct answer {
	uint32_t r[4];
};

/* System call `class_number`; unknown classes as far as the processor can say them. */
struct answer sys(uint32_t class_number, uint32_t a, uint32_t b, uint32_t c, uint32_t d);

static inline struct answer command(uint32_t driver, uint32_t number, uint32_t a, uint32_t b)
{
	return sys(SYSCALL_COMMAND, driver, number, a, b);
}

static inline struct answer subscribe(uint32_t driver, uint32_t number, uint32_t function,
				      uint32_t data)
{
	return sys(SYSCALL_SUBSCRIBE, driver, number, function, data);
}

static inline struct answer allow_rw(uint32_t driver, uint32_t number, uint32_t base,
				     uint32_t length)
{
	return sys(SYSCALL_ALLOW_RW, driver, number, base, length);
}

static inline struct answer allow_ro(uint32_t driver, uint32_t number, uint32_t base,
				     uint32_t length)
{
	return sys(SYSCALL_ALLOW_RO, driver, number, base, length);
}

static inline struct answer memop(uint32_t number, uint32_t argument)
{
	return sys(SYSCALL_MEMOP, number, argument, 0, 0);
}

/* The value that a memop answers. */
uint32_t memory(uint32_t number);

/* Waits for one event, as yield-wait-for does. */
struct answer wait_for(uint32_t driver, uint32_t number);

/* Whether a driver is there. */
bool has_driver(uint32_t driver);

/* Waits with the processor free. */
void sleep_ms(uint32_t ms);

/* Keeps the processor busy for about so many milliseconds. */
void spin_ms(uint32_t ms);

void quit(void) __attribute__((noreturn));
void restart(void) __attribute__((noreturn));

/* One bit that outlives a restart: a LED. */
bool marked(uint32_t led);
void mark(uint32_t led);

uint32_t read_word(uint32_t address);
void write_word(uint32_t address, uint32_t value);
void write_byte(uint32_t address, uint8_t value);

/* Calls an address as a function, with the Thumb bit where there is one. */
void jump(uint32_t address);

/* The address of an object or of a function, without the Thumb bit. */
static inline uint32_t at(const volatile void *object)
{
	return (uint32_t)(uintptr_t)object;
}

uint32_t address_of(void (*function)(void));

/* Pseudo-random numbers; the state is the caller's and is never 0. */
uint32_t random_next(uint32_t *state);

/* What the attack itself provides. */
void attack(void);

enum {
	KIB = 1024,
	FAR = 0x70000000, /* no memory is there on any board */
};

#endif
