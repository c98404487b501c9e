/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Arm's MPS2 boards: addresses, interrupt numbers and clocks of what every FPGA
 * image has. Sources: Arm application notes AN385, AN386 and AN500 (one map for
 * the three), and AN505 with the secure aliases, where MPS2_AN505 is defined.
 */
#ifndef CHIPS_MPS2_H
#define CHIPS_MPS2_H

#ifdef MPS2_AN505
#define MPS2_CLOCK_HZ 20000000u
#define MPS2_DUALTIMER_BASE 0x50002000u
#define MPS2_DUALTIMER_IRQ 5u
#define MPS2_UART0_BASE 0x50200000u
#define MPS2_UART1_BASE 0x50201000u
#define MPS2_UART2_BASE 0x50202000u
#define MPS2_UART0_IRQ 32u
#define MPS2_UART1_IRQ 34u
#define MPS2_UART2_IRQ 36u
#define MPS2_APPS_POWER_OF_TWO 0
#else
#define MPS2_CLOCK_HZ 25000000u
#define MPS2_DUALTIMER_BASE 0x40002000u
#define MPS2_DUALTIMER_IRQ 10u
#define MPS2_UART0_BASE 0x40004000u
#define MPS2_UART1_BASE 0x40005000u
#define MPS2_UART2_BASE 0x40006000u
#define MPS2_UART0_IRQ 0u
#define MPS2_UART1_IRQ 2u
#define MPS2_UART2_IRQ 4u
#define MPS2_APPS_POWER_OF_TWO 1 /* for the PMSAv7 regions */
#endif

/* A UART has two interrupts, for its two directions: this many from its _IRQ on. */
#define MPS2_UART_IRQS 2u

#endif
