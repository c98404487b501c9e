/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Arm's MPS2 with the image AN386. All of the wiring is here; nothing registers
 * itself elsewhere. The boards with other images of the family include this file:
 * what differs for them stands in chips/mps2.h.
 */
#include "trusted/board.h"
#include "abi/drivers.h"
#include "arm/nvic.h"
#include "arm/reset.h"
#include "capsules/alarm_driver.h"
#include "capsules/alarm_mux.h"
#include "capsules/app_flash_driver.h"
#include "capsules/app_identity_driver.h"
#include "capsules/app_installer_state.h"
#include "capsules/app_loader_driver.h"
#include "capsules/app_manager_driver.h"
#include "capsules/button_driver.h"
#include "capsules/connection_driver.h"
#include "capsules/console_driver.h"
#include "capsules/flash_mux.h"
#include "capsules/isolated_storage_driver.h"
#include "capsules/kv_driver.h"
#include "capsules/led_driver.h"
#include "capsules/loan_driver.h"
#include "capsules/loan_timer.h"
#include "capsules/log_console.h"
#include "capsules/low_level_debug.h"
#include "capsules/nonvolatile_storage_driver.h"
#include "capsules/process_console.h"
#include "capsules/registry_driver.h"
#include "capsules/relay_driver.h"
#include "capsules/storage.h"
#include "capsules/tock_ipc_driver.h"
#include "capsules/uart_mux.h"
#include "capsules/virtual_panel.h"
#include "chips/app_flash_ram.h"
#include "chips/cmsdk_dualtimer.h"
#include "chips/cmsdk_uart.h"
#include "chips/flash_ram.h"
#include "chips/mps2.h"
#include "chips/systick_slice.h"
#include "common/credentials.h"
#include "lib/compiler.h"
#include "trusted/capability.h"
#include "trusted/chip.h"
#include "trusted/kernel.h"
#include "trusted/process.h"
#include "trusted/trace.h"

#include <stddef.h>

enum {
	PROCESS_SLOTS = 12,
	LOANS = 24,     /* live at one time, ... */
	LOAN_QUOTA = 8, /* ... of which one process may have made so many */
	POOL_BUFFERS = 2,
	POOL_SIZE = 2048, /* a power of two: every processor can lend that */
	STORE_PAGES = 16, /* of 4 KiB; lost with the power, as all of this machine's memory */
	STORE_PAGE = 4096,
	STORE_QUOTA = 16 * 1024,
	AREA_BYTES = 4096,
	LEDS = 4,
	BUTTONS = 4,
	UART_BAUD = 115200,
};

static struct cmsdk_uart uart;
static struct cmsdk_dualtimer timer;
static struct uart_mux serial;
static struct uart_mux_port console_port, log_port, operator_port;

/* What flash_ram sets itself need not be cleared by the start-up code. */
static uint8_t store_bytes[STORE_PAGES * STORE_PAGE] SECTION(".noinit");
static uint8_t store_written[FLASH_RAM_WRITTEN(sizeof(store_bytes))] SECTION(".noinit");
static struct flash_ram flash;
static struct storage storage;
static struct kv_page store_pages[STORE_PAGES];
static struct app_flash_ram app_flash;
static struct flash_mux app_flash_mux;
static struct flash_part app_flash_part, install_part;
static uint8_t app_flash_page[APP_FLASH_RAM_PAGE], install_page[APP_FLASH_RAM_PAGE];
static struct app_installer app_installer;
static struct app_loader_driver app_loader_driver;
static struct app_manager_driver app_manager_driver;
static struct app_flash_driver app_flash_driver;
static struct app_identity_driver app_identity_driver;
static struct kv_driver kv_driver;
static struct area_driver isolated_storage_driver, nonvolatile_storage_driver;

static struct alarm_mux alarms;
static struct alarm_mux_port alarm_port, loan_port;
static struct alarm_driver alarm_driver;
static struct console_driver console_driver;
static struct led_driver led_driver;
static struct button_driver button_driver;
static struct low_level_debug low_level_debug;

static struct loan loans[LOANS];
static struct loan_timer_entry loan_times[LOANS];
static struct loan_timer loan_timer;
static struct loan_driver loan_driver;
static struct connection_slot connections[PROCESS_SLOTS];
static struct connection_driver connection_driver;
static struct registry_driver string_registry, package_registry;
static struct relay_driver relay_driver;
static struct tock_ipc_driver tock_ipc_driver;

/* Buffers that applications borrow of the kernel. */
static struct pool_buffer pool[POOL_BUFFERS];
static _Alignas(POOL_SIZE) uint8_t pool_memory[POOL_BUFFERS][POOL_SIZE] SECTION(".pool");

static struct virtual_panel panel;
static struct log_console log_console;
static struct process_console process_console;

static const struct cap_process_admin process_admin;
static const struct cap_app_loading app_loading;
static const struct cap_app_check app_checking;

/* Held by the drivers that make loans. */
static const struct cap_loans loan_right;

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

/* Who may install applications here; for all else they are as any other. */
static const struct process_policy policies[] = {
	{.name = "loader",
	 .installs = true,
	 .storage = STORAGE_BY_CLAIM,
	 .fault = FAULT_STOP,
	 .timeslice_us = 10000},
	{.name = "app_loader",
	 .installs = true,
	 .storage = STORAGE_BY_CLAIM,
	 .fault = FAULT_STOP,
	 .timeslice_us = 10000},
};

const struct board board = {
	.name = BOARD_NAME,
	.drivers = drivers,
	.driver_count = ARRAY_LENGTH(drivers),
	.processes = processes,
	.process_count = PROCESS_SLOTS,
	.policy = {.storage = CREDENTIALS_STORAGE, .fault = FAULT_STOP, .timeslice_us = 10000},
	.policies = policies,
	.policy_count = ARRAY_LENGTH(policies),
	.loans = {.table = loans, .slots = LOANS, .quota = LOAN_QUOTA},
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
	uart_mux_init(&serial, &uart.transfer.uart);
	uart_mux_attach(&serial, &log_port);
	uart_mux_attach(&serial, &operator_port);
	uart_mux_attach(&serial, &console_port);
	log_console_init(&log_console, &log_port.uart);
	console_driver_init(&console_driver, &console_port.uart);
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
	storage_init(&storage, &flash.flash, &config);
	credentials_init(&storage);
	app_identity_driver_init(&app_identity_driver);
	kv_driver_init(&kv_driver, &storage);
	isolated_storage_driver_init(&isolated_storage_driver, &storage, AREA_BYTES);
	nonvolatile_storage_driver_init(&nonvolatile_storage_driver, &storage, AREA_BYTES);
}

/* The region that applications are in, as a flash for two. */
static void start_installer(void)
{
	static const struct app_installer_config config = {
		.flash = &install_part.flash,
		.page = install_page,
		.granule = APP_FLASH_RAM_PAGE,
		.power_of_two = MPS2_APPS_POWER_OF_TWO,
		.loading = &app_loading,
		.checking = &app_checking,
		.admin = &process_admin,
	};
	static const struct app_manager_rights rights = {&app_loading, &process_admin};

	app_flash_ram_init(&app_flash);
	flash_mux_init(&app_flash_mux, &app_flash.flash);
	(void)flash_mux_attach(&app_flash_mux, &app_flash_part, 0, app_flash.flash.geometry.pages);
	(void)flash_mux_attach(&app_flash_mux, &install_part, 0, app_flash.flash.geometry.pages);
	app_flash_driver_init(&app_flash_driver, &app_flash_part.flash, app_flash_page);
	app_installer_init(&app_installer, &config);
	app_loader_driver_init(&app_loader_driver, &app_installer, &app_loading);
	app_manager_driver_init(&app_manager_driver, &app_installer, &rights);
}

static void start_loans(void)
{
	static const struct loan_driver_config no_pool = {&loan_right, &loan_timer, NULL, 0};
	static const struct loan_driver_config driver_config = {&loan_right, &loan_timer, pool,
								POOL_BUFFERS};
	bool pool_ready = true;
	static const struct loan_timer_config config = {
		.alarm = &loan_port.alarm,
		.cap = &loan_right,
		.entries = loan_times,
		.count = LOANS,
	};

	loan_timer_init(&loan_timer, &config);
	for (uint32_t i = 0; i < POOL_BUFFERS; i++)
		pool_ready = pool_buffer_init(&pool[i], pool_memory[i], POOL_SIZE) && pool_ready;
	loan_driver_init(&loan_driver, pool_ready ? &driver_config : &no_pool);
}

static void start_connections(void)
{
	connection_driver_init(&connection_driver, connections, ARRAY_LENGTH(connections));
	string_registry_init(&string_registry);
	package_registry_init(&package_registry);
	relay_driver_init(&relay_driver);
	tock_ipc_driver_init(&tock_ipc_driver, &loan_right);
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
	alarm_mux_init(&alarms, &timer.alarm);
	alarm_mux_attach(&alarms, &alarm_port);
	alarm_mux_attach(&alarms, &loan_port);
	alarm_driver_init(&alarm_driver, &alarm_port.alarm);
	start_loans();
	start_connections();
	virtual_panel_init(&panel, LEDS, BUTTONS);
	led_driver_init(&led_driver, &panel.leds);
	button_driver_init(&button_driver, &panel.buttons);
	low_level_debug_init(&low_level_debug);
	process_console_init(&process_console, &operator_port.uart, &console_setup);

	start_storage();
	start_installer();
	kernel_start();
}
