/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * STM32L475: addresses, interrupt numbers, clock and pins. Source: ST RM0351,
 * sections 2.2 (memory map), 6.4 (RCC), 8.4 (GPIO), 14 (interrupts and EXTI).
 */
#ifndef CHIPS_STM32L4_H
#define CHIPS_STM32L4_H

#include <stdbool.h>
#include <stdint.h>

#define STM32L4_CLOCK_HZ 16000000u

#define STM32L4_USART1_BASE 0x40013800u
#define STM32L4_USART1_IRQ 37u
#define STM32L4_EXTI10_IRQ 40u /* of the pins 10 to 15 */
#define STM32L4_IRQS 82u

enum stm32l4_port {
	STM32L4_PORT_A,
	STM32L4_PORT_B,
	STM32L4_PORT_C,
};

struct stm32l4_pin {
	uint8_t port; /* enum stm32l4_port */
	uint8_t number;
};

/*
 * The multi-speed oscillator at 16 MHz as the clock of everything, which needs no
 * wait states; and the clocks of the ports A to C, SYSCFG and USART1. Once.
 */
void stm32l4_init(void);

void stm32l4_pin_output(struct stm32l4_pin pin);
void stm32l4_pin_input(struct stm32l4_pin pin);
/* 0 <= function < 16: the column of the data sheet's table "Alternate function". */
void stm32l4_pin_alternate(struct stm32l4_pin pin, uint32_t function);

void stm32l4_pin_write(struct stm32l4_pin pin, bool high);
bool stm32l4_pin_read(struct stm32l4_pin pin);
/* What was written. */
bool stm32l4_pin_written(struct stm32l4_pin pin);

/* Both edges of the pin make an interrupt, or none does. */
void stm32l4_pin_watch(struct stm32l4_pin pin, bool watched);

/* The pins (one bit a number) that changed; they are forgotten. */
uint32_t stm32l4_pins_changed(void);

#endif
