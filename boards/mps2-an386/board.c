/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Arm's MPS2 with the image AN386. All of the wiring is here and in the
 * files of boards/common that it includes; nothing registers itself elsewhere. The
 * boards with other images of the family include this file: what differs for them
 * stands in chips/mps2.h.
 */
#include "trusted/board.h"
#include "abi/drivers.h"
#include "arm/nvic.h"
#include "arm/reset.h"
#include "capsules/button_driver.h"
#include "capsules/led_driver.h"
#include "capsules/low_level_debug.h"
#include "capsules/virtual_panel.h"
#include "chips/app_flash_ram.h"
#include "chips/cmsdk_dualtimer.h"
#include "chips/cmsdk_uart.h"
#include "chips/flash_ram.h"
#include "chips/mps2.h"
#include "chips/systick_slice.h"
#include "common/credentials.h"
#include "common/installer.h"
#include "common/serial.h"
#include "common/sharing.h"
#include "common/storage_drivers.h"
#include "lib/compiler.h"
#include "trusted/capability.h"
#include "trusted/chip.h"
#include "trusted/kernel.h"
#include "trusted/process.h"
#include "trusted/trace.h"

#include <stddef.h>

enum {
	PROCESS_SLOTS = 12,
	STORE_PAGES = 16, /* of 4 KiB; lost with the power, as all of this machine's memory */
	STORE_PAGE = 4096,
	STORE_QUOTA = 16 * 1024,
	LEDS = 4,
	BUTTONS = 4,
	UART_BAUD = 115200,
};

static struct cmsdk_uart uart;
static struct cmsdk_dualtimer timer;

/* What flash_ram sets itself need not be cleared by the start-up code. */
static uint8_t store_bytes[STORE_PAGES * STORE_PAGE] SECTION(".noinit");
static uint8_t store_written[FLASH_RAM_WRITTEN(sizeof(store_bytes))] SECTION(".noinit");
static struct flash_ram flash;
static struct kv_page store_pages[STORE_PAGES];

static struct led_driver led_driver;
static struct button_driver button_driver;
static struct low_level_debug low_level_debug;
static struct virtual_panel panel;

static struct connection_slot connections[PROCESS_SLOTS];

/* Held by the process console. */
static const struct cap_process_admin process_admin;

static const struct driver_entry drivers[] = {
	{DRIVER_ALARM, &alarm_driver.driver},
	{DRIVER_CONSOLE, &console_driver.driver},
	{DRIVER_LOAN, &loan_driver.driver},
	{DRIVER_LED, &led_driver.driver},
	{DRIVER_BUTTON, &button_driver.driver},
	{DRIVER_LOW_LEVEL_DEBUG, &low_level_debug.driver},
	{DRIVER_CONNECTION, &connection_driver.driver},
	{DRIVER_STRING_REGISTRY, &string_registry.driver},
	{DRIVER_PACKAGE_REGISTRY, &package_registry.driver},
	{DRIVER_RELAY, &relay_driver.driver},
	{DRIVER_TOCK_IPC, &tock_ipc_driver.driver},
	{DRIVER_APP_FLASH, &app_flash_driver.driver},
	{DRIVER_APP_LOADER, &app_loader_driver.driver},
	{DRIVER_APP_MANAGER, &app_manager_driver.driver},
	{DRIVER_NONVOLATILE_STORAGE, &nonvolatile_storage_driver.driver},
	{DRIVER_KEY_VALUE, &kv_driver.driver},
	{DRIVER_ISOLATED_STORAGE, &isolated_storage_driver.driver},
	{DRIVER_APP_IDENTITY, &app_identity_driver.driver},
	CREDENTIALS_DRIVER};

static const struct process_console_setup console_setup = {
	.admin = &process_admin,
	.console = &console_driver,
	.panel = &panel,
};

static struct process processes[PROCESS_SLOTS];

static const struct installer_places app_places = {
	.granule = APP_FLASH_RAM_PAGE,
	.power_of_two = MPS2_APPS_POWER_OF_TWO,
};

const struct board board = {
	.name = BOARD_NAME,
	.drivers = drivers,
	.driver_count = ARRAY_LENGTH(drivers),
	.processes = processes,
	.process_count = PROCESS_SLOTS,
	.policy = {.storage = CREDENTIALS_STORAGE, .fault = FAULT_STOP, .timeslice_us = 10000},
	.policies = installer_policies,
	.policy_count = INSTALLERS,
	.loans = {.table = shared_loans, .slots = SHARED_LOANS, .quota = SHARED_LOAN_QUOTA},
	.prompt = PROCESS_CONSOLE_PROMPT,
	CREDENTIALS_CHECKER};

void board_interrupt(uint32_t number)
{
	if (number == MPS2_DUALTIMER_IRQ)
		cmsdk_dualtimer_interrupt(&timer);
	else if (number - MPS2_UART0_IRQ < MPS2_UART_IRQS)
		cmsdk_uart_interrupt(&uart);
	else
		kernel_fatal("an interrupt came that no driver has", NULL);
}

void board_emergency_write(const char *text, size_t length)
{
	cmsdk_uart_emergency_write(&uart, text, length);
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
	return timer.alarm.ops->now(&timer.alarm);
}

uint32_t trace_clock_hz(void)
{
	return timer.alarm.frequency_hz;
}

static void start_serial(void)
{
	cmsdk_uart_init(&uart, MPS2_UART0_BASE, MPS2_CLOCK_HZ / UART_BAUD);
	for (uint32_t i = 0; i < MPS2_UART_IRQS; i++)
		nvic_enable(MPS2_UART0_IRQ + i);
	serial_init(&uart.transfer.uart);
}

static void start_storage(void)
{
	static const struct flash_ram_layout layout = {
		.bytes = store_bytes,
		.written = store_written,
		.page_bytes = STORE_PAGE,
		.pages = STORE_PAGES,
		.writes_per_word = 1,
	};
	static const struct storage_config config = {.pages = store_pages, .quota = STORE_QUOTA};

	flash_ram_init(&flash, &layout);
	storage_drivers_init(&flash.flash, &config);
}

/* Entered from the reset code, on the kernel's stack. */
void board_main(void);

void board_main(void)
{
	systick_slice_init(MPS2_CLOCK_HZ);
	start_serial();
	semihosting_probe();

	cmsdk_dualtimer_init(&timer, MPS2_DUALTIMER_BASE, MPS2_CLOCK_HZ);
	nvic_enable(MPS2_DUALTIMER_IRQ);
	sharing_init(&timer.alarm, connections, PROCESS_SLOTS);
	virtual_panel_init(&panel, LEDS, BUTTONS);
	led_driver_init(&led_driver, &panel.leds);
	button_driver_init(&button_driver, &panel.buttons);
	low_level_debug_init(&low_level_debug);
	serial_start_operator(&console_setup);

	start_storage();
	installer_init(&app_places);
	kernel_start();
}
