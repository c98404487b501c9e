/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * QEMU's RISC-V `virt` machine with console, alarm, RNG and low-level debug and
 * nothing else: the smallest board that runs applications.
 */
#include "trusted/board.h"
#include "abi/drivers.h"
#include "capsules/alarm_driver.h"
#include "capsules/console_driver.h"
#include "capsules/log_console.h"
#include "capsules/low_level_debug.h"
#include "capsules/rng_driver.h"
#include "capsules/uart_mux.h"
#include "chips/qemu_virt.h"
#include "chips/sifive_test.h"
#include "chips/uart16550.h"
#include "chips/virtio_rng.h"
#include "lib/compiler.h"
#include "riscv.h"
#include "trusted/chip.h"
#include "trusted/kernel.h"
#include "trusted/process.h"

#include <stddef.h>

enum {
	PROCESS_SLOTS = 4,
	UART_DIVISOR = 2, /* 115200 baud, where it matters */
};

const struct riscv_range riscv_devices = {0x00000000, 0x20000000};

static struct uart16550 uart;
static struct virtio_rng entropy;
static uint32_t entropy_irq; /* 0: there is no such device */
static struct uart_mux serial;
static struct uart_mux_port console_port, log_port;

static struct alarm_driver alarm_driver;
static struct console_driver console_driver;
static struct low_level_debug low_level_debug;
static struct rng_driver rng_driver;

static struct log_console log_console;

static const struct driver_entry drivers[] = {
	{DRIVER_ALARM, &alarm_driver.driver},
	{DRIVER_CONSOLE, &console_driver.driver},
	{DRIVER_RNG, &rng_driver.driver},
	{DRIVER_LOW_LEVEL_DEBUG, &low_level_debug.driver},
};

static struct process processes[PROCESS_SLOTS];

const struct board board = {
	.name = BOARD_NAME,
	.drivers = drivers,
	.driver_count = ARRAY_LENGTH(drivers),
	.processes = processes,
	.process_count = PROCESS_SLOTS,
	.policy = {.fault = FAULT_STOP, .timeslice_us = 10000},
};

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

/* Entered from the reset code, on the kernel's stack. */
void board_main(void);

void board_main(void)
{
	qemu_virt_init();
	uart16550_init(&uart, QEMU_VIRT_UART_BASE, UART_DIVISOR);
	plic_enable(&qemu_virt_plic, QEMU_VIRT_UART_IRQ, 1);

	uart_mux_init(&serial, &uart.transfer.uart);
	uart_mux_attach(&serial, &log_port);
	uart_mux_attach(&serial, &console_port);
	log_console_init(&log_console, &log_port.uart);
	console_driver_init(&console_driver, &console_port.uart);

	alarm_driver_init(&alarm_driver, &qemu_virt_clint.alarm);
	low_level_debug_init(&low_level_debug);
	start_entropy();
	rng_driver_init(&rng_driver, &entropy.entropy);

	kernel_start();
}
