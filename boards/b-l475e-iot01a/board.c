/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * ST's B-L475E-IOT01A discovery board: STM32L475, Cortex-M4. All of the wiring is
 * here and in common/serial.c; nothing registers itself elsewhere.
 */
#include "trusted/board.h"
#include "abi/drivers.h"
#include "arm/nvic.h"
#include "arm/reset.h"
#include "capsules/alarm_driver.h"
#include "capsules/button_driver.h"
#include "capsules/led_driver.h"
#include "capsules/low_level_debug.h"
#include "chips/stm32_usart.h"
#include "chips/stm32l4.h"
#include "chips/stm32l4_panel.h"
#include "chips/systick_alarm.h"
#include "common/serial.h"
#include "lib/compiler.h"
#include "trusted/capability.h"
#include "trusted/chip.h"
#include "trusted/kernel.h"
#include "trusted/process.h"
#include "trusted/trace.h"

#include <stddef.h>

enum {
	PROCESS_SLOTS = 8,
	UART_BAUD = 115200,
	USART1_FUNCTION = 7, /* data sheet, table 17 */
};

/* The debugger's serial port (UM2153, section 7.4). */
static const struct stm32l4_pin tx_pin = {STM32L4_PORT_B, 6}, rx_pin = {STM32L4_PORT_B, 7};

/* The green lamps LD1 and LD2, and the blue button. */
static const struct stm32l4_pin led_pins[] = {{STM32L4_PORT_A, 5}, {STM32L4_PORT_B, 14}};
static const struct stm32l4_pin button_pins[] = {{STM32L4_PORT_C, 13}};

static struct stm32_usart uart;
static struct alarm *alarm;
static struct stm32l4_leds leds;
static struct stm32l4_buttons buttons;

static struct alarm_driver alarm_driver;
static struct led_driver led_driver;
static struct button_driver button_driver;
static struct low_level_debug low_level_debug;

/* Held by the process console alone. */
static const struct cap_process_admin process_admin;

static const struct driver_entry drivers[] = {
	{DRIVER_ALARM, &alarm_driver.driver},
	{DRIVER_CONSOLE, &console_driver.driver},
	{DRIVER_LED, &led_driver.driver},
	{DRIVER_BUTTON, &button_driver.driver},
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
	if (number == NVIC_SYSTICK)
		systick_alarm_interrupt();
	else if (number == STM32L4_USART1_IRQ)
		stm32_usart_interrupt(&uart);
	else if (number == STM32L4_EXTI10_IRQ)
		stm32l4_buttons_interrupt(&buttons);
	else
		kernel_fatal("an interrupt came that no driver has", NULL);
}

void board_emergency_write(const char *text, size_t length)
{
	stm32_usart_emergency_write(&uart, text, length);
}

void board_reset(void)
{
	arm_system_reset();
}

void board_end(uint32_t status)
{
	semihosting_exit(status);
}

uint32_t trace_clock(void)
{
	return alarm->ops->now(alarm);
}

uint32_t trace_clock_hz(void)
{
	return alarm->frequency_hz;
}

static void start_serial(void)
{
	stm32l4_pin_alternate(tx_pin, USART1_FUNCTION);
	stm32l4_pin_alternate(rx_pin, USART1_FUNCTION);
	stm32_usart_init(&uart, STM32L4_USART1_BASE, STM32L4_CLOCK_HZ / UART_BAUD);
	nvic_enable(STM32L4_USART1_IRQ);
	serial_init(&uart.transfer.uart);
}

static void start_panel(void)
{
	stm32l4_leds_init(&leds, led_pins, ARRAY_LENGTH(led_pins));
	led_driver_init(&led_driver, &leds.bank);
	stm32l4_buttons_init(&buttons, button_pins, ARRAY_LENGTH(button_pins));
	button_driver_init(&button_driver, &buttons.bank);
	nvic_enable(STM32L4_EXTI10_IRQ);
}

/* Entered from the reset code, on the kernel's stack. */
void board_main(void);

void board_main(void)
{
	stm32l4_init();
	start_serial();
	semihosting_probe();

	alarm = systick_alarm_init(STM32L4_CLOCK_HZ);
	alarm_driver_init(&alarm_driver, alarm);
	start_panel();
	low_level_debug_init(&low_level_debug);
	serial_start_operator(&console_setup);

	kernel_start();
}
