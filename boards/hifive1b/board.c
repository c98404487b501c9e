/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * SiFive's HiFive1 Rev B, and QEMU's machine `sifive_e,revb=true`. All of the
 * wiring is here and in common/serial.c; nothing registers itself elsewhere.
 */
#include "trusted/board.h"
#include "abi/drivers.h"
#include "capsules/alarm_driver.h"
#include "capsules/led_driver.h"
#include "capsules/low_level_debug.h"
#include "chips/fe310.h"
#include "chips/sifive_uart.h"
#include "common/serial.h"
#include "lib/compiler.h"
#include "riscv.h"
#include "trusted/capability.h"
#include "trusted/chip.h"
#include "trusted/kernel.h"
#include "trusted/process.h"

#include <stddef.h>

enum {
	PROCESS_SLOTS = 3,
	CRYSTAL_HZ = 16000000,
	UART_BAUD = 115200,
	TIMER_HZ = 32768,
	EMULATED_TIMER_HZ = 10000000, /* QEMU counts so; include/hw/intc/riscv_aclint.h */
};

const struct riscv_range riscv_devices = {0x00000000, 0x20000000};

/* Green, blue, red: one lamp of three colours. */
static const uint8_t led_pins[] = {19, 21, 22};

static struct sifive_uart uart;
static struct fe310_leds leds;

static struct alarm_driver alarm_driver;
static struct led_driver led_driver;
static struct low_level_debug low_level_debug;

/* Held by the process console alone. */
static const struct cap_process_admin process_admin;

static const struct driver_entry drivers[] = {
	{DRIVER_ALARM, &alarm_driver.driver},
	{DRIVER_CONSOLE, &console_driver.driver},
	{DRIVER_LED, &led_driver.driver},
	{DRIVER_LOW_LEVEL_DEBUG, &low_level_debug.driver},
};

static const struct process_console_setup console_setup = {
	.admin = &process_admin,
	.console = &console_driver,
};

static struct process processes[PROCESS_SLOTS];

const struct board board = {
	.name = BOARD_NAME,
	.drivers = drivers,
	.driver_count = ARRAY_LENGTH(drivers),
	.processes = processes,
	.process_count = PROCESS_SLOTS,
	.policy = {.fault = FAULT_STOP, .timeslice_us = 10000},
	.prompt = PROCESS_CONSOLE_PROMPT,
};

void board_interrupt(uint32_t number)
{
	if (number == FE310_UART0_IRQ)
		sifive_uart_interrupt(&uart);
	else
		kernel_fatal("an interrupt came that no driver has", NULL);
}

void board_emergency_write(const char *text, size_t length)
{
	sifive_uart_emergency_write(&uart, text, length);
}

/* The CPU's protection is never locked here, so that nothing is left of what was. */
void board_reset(void)
{
	riscv_restart();
}

/* Neither the board nor QEMU's machine can end itself. */
void board_end(uint32_t status)
{
	(void)status;
	for (;;) {
	}
}

/* Entered from the reset code, on the kernel's stack. */
void board_main(void);

void board_main(void)
{
	fe310_clock_crystal();
	fe310_init(fe310_emulated() ? EMULATED_TIMER_HZ : TIMER_HZ);
	fe310_pins_to_device(FE310_UART0_PINS);
	sifive_uart_init(&uart, FE310_UART0_BASE, CRYSTAL_HZ / UART_BAUD);
	plic_enable(&fe310_plic, FE310_UART0_IRQ, 1);

	serial_init(&uart.transfer.uart);

	alarm_driver_init(&alarm_driver, &fe310_clint.alarm);
	fe310_leds_init(&leds, led_pins, ARRAY_LENGTH(led_pins));
	led_driver_init(&led_driver, &leds.bank);
	low_level_debug_init(&low_level_debug);
	serial_start_operator(&console_setup);

	kernel_start();
}
