/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "chips/stm32l4.h"

#include "chips/mmio.h"

struct rcc_registers {
	struct rw32 control;
	uint32_t reserved_04[(0x4c - 0x04) / 4];
	struct rw32 ahb2_enable;
	uint32_t reserved_50[(0x60 - 0x50) / 4];
	struct rw32 apb2_enable;
};

REGISTER_AT(struct rcc_registers, ahb2_enable, 0x4c);
REGISTER_AT(struct rcc_registers, apb2_enable, 0x60);

struct gpio_registers {
	struct rw32 mode; /* two bits a pin */
	struct rw32 type;
	struct rw32 speed;
	struct rw32 pull;
	struct ro32 input;
	struct rw32 output;
	struct wo32 set_reset; /* upper half: reset */
	struct rw32 lock;
	struct rw32 function[2]; /* four bits a pin */
};

REGISTER_AT(struct gpio_registers, input, 0x10);
REGISTER_AT(struct gpio_registers, set_reset, 0x18);
REGISTER_AT(struct gpio_registers, function, 0x20);

struct syscfg_registers {
	uint32_t reserved_00[2];
	struct rw32 exti_port[4]; /* four bits a pin */
};

REGISTER_AT(struct syscfg_registers, exti_port, 0x08);

struct exti_registers {
	struct rw32 interrupt;
	struct rw32 event;
	struct rw32 rising;
	struct rw32 falling;
	struct rw32 software;
	struct rw32 pending; /* cleared by writing 1 */
};

REGISTER_AT(struct exti_registers, pending, 0x14);

#define RCC ((struct rcc_registers *)0x40021000u)
#define GPIO_BASE 0x48000000u
#define GPIO_STRIDE 0x400u
#define SYSCFG ((struct syscfg_registers *)0x40010000u)
#define EXTI ((struct exti_registers *)0x40010400u)

enum {
	CONTROL_MSI_READY = 1 << 1,
	CONTROL_MSI_RANGE_SELECT = 1 << 3, /* of this register, not of the standby one */
	CONTROL_MSI_RANGE = 0xF << 4,
	CONTROL_MSI_16_MHZ = 8 << 4,

	AHB2_PORTS_A_TO_C = 7,
	APB2_SYSCFG = 1 << 0,
	APB2_USART1 = 1 << 14,

	MODE_INPUT = 0,
	MODE_OUTPUT = 1,
	MODE_ALTERNATE = 2,
};

static struct gpio_registers *port_of(struct stm32l4_pin pin)
{
	return (struct gpio_registers *)(GPIO_BASE + pin.port * GPIO_STRIDE);
}

/* A field of `width` bits, the `index`-th from the low end. */
static void field_set(struct rw32 *reg, uint32_t index, uint32_t width, uint32_t value)
{
	uint32_t mask = (1u << width) - 1;

	reg->rw = (reg->rw & ~(mask << (index * width))) | value << (index * width);
}

void stm32l4_init(void)
{
	while ((RCC->control.rw & CONTROL_MSI_READY) == 0) {
	}
	RCC->control.rw = (RCC->control.rw & ~(uint32_t)CONTROL_MSI_RANGE) | CONTROL_MSI_16_MHZ |
			  CONTROL_MSI_RANGE_SELECT;
	while ((RCC->control.rw & CONTROL_MSI_READY) == 0) {
	}
	RCC->ahb2_enable.rw |= AHB2_PORTS_A_TO_C;
	RCC->apb2_enable.rw |= APB2_SYSCFG | APB2_USART1;
}

void stm32l4_pin_output(struct stm32l4_pin pin)
{
	field_set(&port_of(pin)->mode, pin.number, 2, MODE_OUTPUT);
}

void stm32l4_pin_input(struct stm32l4_pin pin)
{
	field_set(&port_of(pin)->mode, pin.number, 2, MODE_INPUT);
}

void stm32l4_pin_alternate(struct stm32l4_pin pin, uint32_t function)
{
	field_set(&port_of(pin)->function[pin.number / 8], pin.number % 8, 4, function);
	field_set(&port_of(pin)->mode, pin.number, 2, MODE_ALTERNATE);
}

void stm32l4_pin_write(struct stm32l4_pin pin, bool high)
{
	port_of(pin)->set_reset.write = 1u << (high ? pin.number : pin.number + 16);
}

bool stm32l4_pin_read(struct stm32l4_pin pin)
{
	return (port_of(pin)->input.read >> pin.number & 1) != 0;
}

bool stm32l4_pin_written(struct stm32l4_pin pin)
{
	return (port_of(pin)->output.rw >> pin.number & 1) != 0;
}

void stm32l4_pin_watch(struct stm32l4_pin pin, bool watched)
{
	uint32_t bit = 1u << pin.number;

	EXTI->interrupt.rw &= ~bit;
	if (!watched)
		return;
	field_set(&SYSCFG->exti_port[pin.number / 4], pin.number % 4, 4, pin.port);
	EXTI->rising.rw |= bit;
	EXTI->falling.rw |= bit;
	EXTI->pending.rw = bit;
	EXTI->interrupt.rw |= bit;
}

uint32_t stm32l4_pins_changed(void)
{
	uint32_t changed = EXTI->pending.rw & EXTI->interrupt.rw;

	EXTI->pending.rw = changed;
	return changed;
}
