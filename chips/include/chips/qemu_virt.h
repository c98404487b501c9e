/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * QEMU's RISC-V `virt` machine: addresses, interrupt numbers and the parts that
 * every board on it has. Implements trusted/chip.h but for the board_ functions.
 * Source: QEMU, hw/riscv/virt.c and include/hw/riscv/virt.h.
 */
#ifndef CHIPS_QEMU_VIRT_H
#define CHIPS_QEMU_VIRT_H

#include "chips/clint.h"
#include "chips/plic.h"

#define QEMU_VIRT_TEST_BASE 0x00100000u
#define QEMU_VIRT_CLINT_BASE 0x02000000u
#define QEMU_VIRT_PLIC_BASE 0x0c000000u
#define QEMU_VIRT_UART_BASE 0x10000000u
#define QEMU_VIRT_VIRTIO_BASE 0x10001000u

/* The second flash bank, 32 MiB; with -drive if=pflash,unit=1 a file of that size keeps it. */
#define QEMU_VIRT_FLASH_BASE 0x22000000u
#define QEMU_VIRT_FLASH_SECTOR 0x40000u
#define QEMU_VIRT_FLASH_SECTORS 128u

#define QEMU_VIRT_VIRTIO_STRIDE 0x1000u
#define QEMU_VIRT_VIRTIO_SLOTS 8u

#define QEMU_VIRT_VIRTIO_IRQ 1u /* of slot 0; the others follow */
#define QEMU_VIRT_UART_IRQ 10u
#define QEMU_VIRT_SOURCES 53u /* the smallest controller of all QEMU releases */

#define QEMU_VIRT_TIMER_HZ 10000000u
#define QEMU_VIRT_UART_HZ 3686400u

extern struct clint qemu_virt_clint; /* its .alarm is the board's alarm */
extern struct plic qemu_virt_plic;

/*
 * Timer, interrupt controller, and their bits in `mie`. Once, before anything
 * of trusted/chip.h. mstatus.MIE stays as it is: 0.
 */
void qemu_virt_init(void);

#endif
