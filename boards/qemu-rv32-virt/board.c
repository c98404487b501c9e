/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * QEMU's RISC-V `virt` machine, 32 bits. All of the wiring is here; nothing
 * registers itself elsewhere.
 */
#include "trusted/board.h"
#include "abi/drivers.h"
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
#include "capsules/flash_geometry_driver.h"
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
#include "capsules/rng_driver.h"
#include "capsules/storage.h"
#include "capsules/tock_ipc_driver.h"
#include "capsules/uart_mux.h"
#include "capsules/virtual_panel.h"
#include "chips/app_flash_ram.h"
#include "chips/cfi_flash.h"
#include "chips/qemu_virt.h"
#include "chips/sifive_test.h"
#include "chips/uart16550.h"
#include "chips/virtio_rng.h"
#include "common/credentials.h"
#include "lib/compiler.h"
#include "riscv.h"
#include "trusted/capability.h"
#include "trusted/chip.h"
#include "trusted/kernel.h"
#include "trusted/process.h"

#include <stddef.h>

enum {
	PROCESS_SLOTS = 12,
	LOANS = 24,     /* live at one time, ... */
	LOAN_QUOTA = 8, /* ... of which one process may have made so many */
	POOL_BUFFERS = 2,
	POOL_SIZE = 2048, /* a power of two: every processor can lend that */
	LEDS = 4,
	BUTTONS = 4,
	STORE_PAGES = 32,        /* of 4 KiB */
	RAW_PAGES = 16,          /* after them, for applications with a store of their own */
	STORE_QUOTA = 24 * 1024, /* bytes of each application */
	RAW_IDENTITY = 0x4F53,   /* storage identifier of the security key */
	AREA_BYTES = 4096,       /* of each application, by each of the two drivers */
	APP_GRANULE = 4096,      /* as the protection regions that QEMU is fast with */
	UART_DIVISOR = 2,        /* 115200 baud, where it matters */
};

const struct riscv_range riscv_devices = {0x00000000, 0x24000000};

static struct uart16550 uart;
static struct virtio_rng entropy;
static uint32_t entropy_irq; /* 0: there is no such device */
static struct uart_mux serial;
static struct uart_mux_port console_port, log_port, operator_port;

static struct cfi_flash flash;
static struct flash_mux flash_mux;
static struct flash_part store_part, raw_part;
static struct storage storage;
static struct kv_page store_pages[STORE_PAGES];
static struct app_flash_ram app_flash;
static struct flash_mux app_flash_mux;
static struct flash_part app_flash_part, install_part;
static uint8_t app_flash_page[APP_FLASH_RAM_PAGE], install_page[APP_FLASH_RAM_PAGE];
static struct app_installer app_installer;
static struct app_loader_driver app_loader_driver;
static struct app_manager_driver app_manager_driver;

/* Who has which pages of raw_part. */
static const struct flash_region raw_regions[] = {
	{.identity = RAW_IDENTITY, .first_page = 0, .pages = RAW_PAGES},
};

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
static struct rng_driver rng_driver;
static struct app_flash_driver app_flash_driver;
static struct app_identity_driver app_identity_driver;
static struct flash_geometry_driver flash_geometry_driver;
static struct kv_driver kv_driver;
static struct area_driver isolated_storage_driver, nonvolatile_storage_driver;

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
	{DRIVER_RNG, &rng_driver.driver},
	{DRIVER_LOW_LEVEL_DEBUG, &low_level_debug.driver},
	{DRIVER_CONNECTION, &connection_driver.driver},
	{DRIVER_STRING_REGISTRY, &string_registry.driver},
	{DRIVER_PACKAGE_REGISTRY, &package_registry.driver},
	{DRIVER_RELAY, &relay_driver.driver},
	{DRIVER_TOCK_IPC, &tock_ipc_driver.driver},
	{DRIVER_APP_FLASH, &app_flash_driver.driver},
	{DRIVER_APP_LOADER, &app_loader_driver.driver},
	{DRIVER_APP_MANAGER, &app_manager_driver.driver},
	{DRIVER_FLASH_GEOMETRY, &flash_geometry_driver.driver},
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
	if (number == QEMU_VIRT_UART_IRQ)
		uart16550_interrupt(&uart);
	else if (number == entropy_irq)
		virtio_rng_interrupt(&entropy);
	else
		kernel_fatal("an interrupt came that no driver has", NULL);
}

void board_emergency_write(const char *text, size_t length)
{
	uart16550_emergency_write(&uart, text, length);
}

/* QEMU before 8.0 keeps locked PMP entries over a reset, and then cannot fetch its ROM. */
void board_reset(void)
{
	if (riscv_kernel_locked())
		riscv_restart();
	sifive_test_reset(QEMU_VIRT_TEST_BASE);
}

void board_end(uint32_t status)
{
	sifive_test_end(QEMU_VIRT_TEST_BASE, status);
}

/* A device lands in the highest free slot, so it has to be looked for. */
static void start_entropy(void)
{
	int slot = virtio_mmio_find(QEMU_VIRT_VIRTIO_BASE, QEMU_VIRT_VIRTIO_STRIDE,
				    QEMU_VIRT_VIRTIO_SLOTS, VIRTIO_ID_RNG);

	if (slot < 0) {
		virtio_rng_init(&entropy, 0);
		return;
	}
	virtio_rng_init(&entropy, QEMU_VIRT_VIRTIO_BASE + (uint32_t)slot * QEMU_VIRT_VIRTIO_STRIDE);
	entropy_irq = QEMU_VIRT_VIRTIO_IRQ + (uint32_t)slot;
	plic_enable(&qemu_virt_plic, entropy_irq, 1);
}

/* The second of the two flash banks; QEMU keeps it in the file given for pflash unit 1. */
static void start_storage(void)
{
	static const struct cfi_flash_layout layout = {
		.base = QEMU_VIRT_FLASH_BASE,
		.sector_bytes = QEMU_VIRT_FLASH_SECTOR,
		.page_bytes = 4096,
		.pages = STORE_PAGES + RAW_PAGES,
	};
	static const struct storage_config config = {
		.pages = store_pages,
		.quota = STORE_QUOTA,
	};

	cfi_flash_init(&flash, &layout);
	flash_mux_init(&flash_mux, &flash.flash);
	(void)flash_mux_attach(&flash_mux, &store_part, 0, STORE_PAGES);
	(void)flash_mux_attach(&flash_mux, &raw_part, STORE_PAGES, RAW_PAGES);
	storage_init(&storage, &store_part.flash, &config);
	credentials_init(&storage);
	app_identity_driver_init(&app_identity_driver);
	kv_driver_init(&kv_driver, &storage);
	isolated_storage_driver_init(&isolated_storage_driver, &storage, AREA_BYTES);
	nonvolatile_storage_driver_init(&nonvolatile_storage_driver, &storage, AREA_BYTES);

	static const struct flash_geometry_config raw = {
		.flash = &raw_part.flash,
		.regions = raw_regions,
		.region_count = ARRAY_LENGTH(raw_regions),
	};

	flash_geometry_driver_init(&flash_geometry_driver, &raw);
}

/* The region that applications are in, as a flash for two. */
static void start_installer(void)
{
	static const struct app_installer_config config = {
		.flash = &install_part.flash,
		.page = install_page,
		.granule = APP_GRANULE,
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
	qemu_virt_init();
	uart16550_init(&uart, QEMU_VIRT_UART_BASE, UART_DIVISOR);
	plic_enable(&qemu_virt_plic, QEMU_VIRT_UART_IRQ, 1);

	uart_mux_init(&serial, &uart.transfer.uart);
	uart_mux_attach(&serial, &log_port);
	uart_mux_attach(&serial, &operator_port);
	uart_mux_attach(&serial, &console_port);
	log_console_init(&log_console, &log_port.uart);
	console_driver_init(&console_driver, &console_port.uart);

	alarm_mux_init(&alarms, &qemu_virt_clint.alarm);
	alarm_mux_attach(&alarms, &alarm_port);
	alarm_mux_attach(&alarms, &loan_port);
	alarm_driver_init(&alarm_driver, &alarm_port.alarm);
	start_loans();
	start_connections();
	virtual_panel_init(&panel, LEDS, BUTTONS);
	led_driver_init(&led_driver, &panel.leds);
	button_driver_init(&button_driver, &panel.buttons);
	low_level_debug_init(&low_level_debug);
	start_entropy();
	start_storage();
	start_installer();
	rng_driver_init(&rng_driver, &entropy.entropy);
	process_console_init(&process_console, &operator_port.uart, &console_setup);

	kernel_start();
}
