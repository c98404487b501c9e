/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * QEMU's RISC-V `virt` machine, 32 bits. All of the wiring is here and in the
 * files of boards/common that it includes; nothing registers itself elsewhere.
 */
#include "trusted/board.h"
#include "abi/drivers.h"
#include "capsules/button_driver.h"
#include "capsules/flash_geometry_driver.h"
#include "capsules/flash_mux.h"
#include "capsules/led_driver.h"
#include "capsules/low_level_debug.h"
#include "capsules/rng_driver.h"
#include "capsules/virtual_panel.h"
#include "chips/cfi_flash.h"
#include "chips/qemu_virt.h"
#include "chips/sifive_test.h"
#include "chips/uart16550.h"
#include "chips/virtio_rng.h"
#include "common/credentials.h"
#include "common/installer.h"
#include "common/serial.h"
#include "common/sharing.h"
#include "common/storage_drivers.h"
#include "lib/compiler.h"
#include "riscv.h"
#include "trusted/capability.h"
#include "trusted/chip.h"
#include "trusted/kernel.h"
#include "trusted/process.h"

#include <stddef.h>

enum {
	PROCESS_SLOTS = 12,
	LEDS = 4,
	BUTTONS = 4,
	STORE_PAGES = 32,        /* of 4 KiB */
	RAW_PAGES = 16,          /* after them, for applications with a store of their own */
	STORE_QUOTA = 24 * 1024, /* bytes of each application */
	RAW_IDENTITY = 0x4F53,   /* storage identifier of the security key */
	APP_GRANULE = 4096,      /* as the protection regions that QEMU is fast with */
	UART_DIVISOR = 2,        /* 115200 baud, where it matters */
};

const struct riscv_range riscv_devices = {0x00000000, 0x24000000};

static struct uart16550 uart;
static struct virtio_rng entropy;
static uint32_t entropy_irq; /* 0: there is no such device */

static struct cfi_flash flash;
static struct flash_mux flash_mux;
static struct flash_part store_part, raw_part;
static struct kv_page store_pages[STORE_PAGES];

/* Who has which pages of raw_part. */
static const struct flash_region raw_regions[] = {
	{.identity = RAW_IDENTITY, .first_page = 0, .pages = RAW_PAGES},
};

static struct led_driver led_driver;
static struct button_driver button_driver;
static struct low_level_debug low_level_debug;
static struct rng_driver rng_driver;
static struct flash_geometry_driver flash_geometry_driver;
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

static const struct installer_places app_places = {.granule = APP_GRANULE};

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
	storage_drivers_init(&store_part.flash, &config);

	static const struct flash_geometry_config raw = {
		.flash = &raw_part.flash,
		.regions = raw_regions,
		.region_count = ARRAY_LENGTH(raw_regions),
	};

	flash_geometry_driver_init(&flash_geometry_driver, &raw);
}

/* Entered from the reset code, on the kernel's stack. */
void board_main(void);

void board_main(void)
{
	qemu_virt_init();
	uart16550_init(&uart, QEMU_VIRT_UART_BASE, UART_DIVISOR);
	plic_enable(&qemu_virt_plic, QEMU_VIRT_UART_IRQ, 1);

	serial_init(&uart.transfer.uart);
	sharing_init(&qemu_virt_clint.alarm, connections, PROCESS_SLOTS);
	virtual_panel_init(&panel, LEDS, BUTTONS);
	led_driver_init(&led_driver, &panel.leds);
	button_driver_init(&button_driver, &panel.buttons);
	low_level_debug_init(&low_level_debug);
	start_entropy();
	start_storage();
	installer_init(&app_places);
	rng_driver_init(&rng_driver, &entropy.entropy);
	serial_start_operator(&console_setup);

	kernel_start();
}
