/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "hostile.h"

enum { CONSOLE_WRITE = 1, CONSOLE_WRITTEN = 1, LED_ON = 1, LED_READ = 4 };

__attribute__((section(".rodata.given"))) const volatile struct given given = {
	.magic = {0x48C05711, 0xE5A77AC4},
	.name = "unplaced",
	.kernel_text = 1, /* not zeroes: the linker must keep all of it */
};

struct line {
	char text[120];
	uint32_t used;
};

static void add(struct line *line, const char *text)
{
	for (; *text != '\0' && line->used < sizeof(line->text); text++)
		line->text[line->used++] = *text;
}

static void add_hex(struct line *line, uint32_t value)
{
	for (uint32_t shift = 32; shift > 0; shift -= 4) {
		char digit[2] = {"0123456789abcdef"[value >> (shift - 4) & 0xF], '\0'};

		add(line, digit);
	}
}

static void add_name(struct line *line)
{
	for (uint32_t i = 0; i < sizeof(given.name) && given.name[i] != '\0'; i++) {
		char letter[2] = {given.name[i], '\0'};

		add(line, letter);
	}
}

/* The buffer is on the stack: it is taken back before it goes. */
static void print(const struct line *line)
{
	struct answer old = allow_ro(DRIVER_CONSOLE, 1, at(line->text), line->used);

	if (old.r[0] != SYSCALL_SUCCESS_2_U32)
		return;
	if (command(DRIVER_CONSOLE, CONSOLE_WRITE, line->used, 0).r[0] == SYSCALL_SUCCESS)
		wait_for(DRIVER_CONSOLE, CONSOLE_WRITTEN);
	allow_ro(DRIVER_CONSOLE, 1, 0, 0);
}

static void report(const char *text)
{
	struct line line = {.used = 0};

	add(&line, "attack ");
	add_name(&line);
	add(&line, text);
	add(&line, "\n");
	print(&line);
}

void say(const char *text)
{
	struct line line = {.used = 0};

	add(&line, text);
	add(&line, "\n");
	print(&line);
}

void say_number(const char *text, uint32_t value)
{
	struct line line = {.used = 0};

	add(&line, text);
	add_hex(&line, value);
	add(&line, "\n");
	print(&line);
}

void succeeded(const char *what)
{
	struct line line = {.used = 0};

	add(&line, "attack ");
	add_name(&line);
	add(&line, " SUCCEEDED: ");
	add(&line, what);
	add(&line, "\n");
	print(&line);
}

void must(bool good, const char *what)
{
	if (!good)
		succeeded(what);
}

uint32_t memory(uint32_t number)
{
	return memop(number, 0).r[1];
}

struct answer wait_for(uint32_t driver, uint32_t number)
{
	return sys(SYSCALL_YIELD, YIELD_WAIT_FOR, driver, number, 0);
}

bool has_driver(uint32_t driver)
{
	return command(driver, 0, 0, 0).r[0] >= SYSCALL_SUCCESS;
}

void sleep_ms(uint32_t ms)
{
	uint32_t hz = command(DRIVER_ALARM, 1, 0, 0).r[1];

	subscribe(DRIVER_ALARM, 0, 0, 0);
	command(DRIVER_ALARM, 5, hz / 1000 * ms, 0);
	wait_for(DRIVER_ALARM, 0);
}

void spin_ms(uint32_t ms)
{
	uint32_t ticks = command(DRIVER_ALARM, 1, 0, 0).r[1] / 1000 * ms;
	uint32_t start = command(DRIVER_ALARM, 2, 0, 0).r[1];

	while (command(DRIVER_ALARM, 2, 0, 0).r[1] - start < ticks) {
	}
}

void quit(void)
{
	for (;;)
		sys(SYSCALL_EXIT, EXIT_TERMINATE, 0, 0, 0);
}

void restart(void)
{
	for (;;)
		sys(SYSCALL_EXIT, EXIT_RESTART, 0, 0, 0);
}

bool marked(uint32_t led)
{
	struct answer state = command(DRIVER_LED, LED_READ, led, 0);

	return state.r[0] == SYSCALL_SUCCESS_U32 && state.r[1] != 0;
}

void mark(uint32_t led)
{
	command(DRIVER_LED, LED_ON, led, 0);
}

uint32_t read_word(uint32_t address)
{
	return *(const volatile uint32_t *)(uintptr_t)address;
}

void write_word(uint32_t address, uint32_t value)
{
	*(volatile uint32_t *)(uintptr_t)address = value;
}

void write_byte(uint32_t address, uint8_t value)
{
	*(volatile uint8_t *)(uintptr_t)address = value;
}

#ifdef __arm__
enum { THUMB = 1 };
#else
enum { THUMB = 0 };
#endif

void jump(uint32_t address)
{
	void (*function)(void) = (void (*)(void))(uintptr_t)(address | THUMB);

	function();
}

uint32_t address_of(void (*function)(void))
{
	return (uint32_t)(uintptr_t)function & ~(uint32_t)THUMB;
}

uint32_t random_next(uint32_t *state)
{
	uint32_t x = *state;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	*state = x;
	return x;
}

/* The compiler may ask for these. */
void *memset(void *destination, int value, size_t length);
void *memcpy(void *destination, const void *source, size_t length);

void *memset(void *destination, int value, size_t length)
{
	volatile uint8_t *bytes = destination;

	for (size_t i = 0; i < length; i++)
		bytes[i] = (uint8_t)value;
	return destination;
}

void *memcpy(void *destination, const void *source, size_t length)
{
	volatile uint8_t *to = destination;
	const volatile uint8_t *from = source;

	for (size_t i = 0; i < length; i++)
		to[i] = from[i];
	return destination;
}

void start_main(void) __attribute__((noreturn));

/* Where crt0 goes. An attack that restarts itself begins once only: LED 3 remembers. */
void start_main(void)
{
	if (!marked(3))
		report(" begin");
	attack();
	report(" end");
	quit();
}
