/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "arm/nvic.h"

#include "arm.h"
#include "arm/scs.h"
#include "kernel/assert.h"
#include "trusted/chip.h"

#define WORDS ((ARM_IRQ_COUNT + 31u) / 32u)

/* The interrupts that were enabled; the top half turns them off in the NVIC for a while. */
static uint32_t wired[WORDS];
static uint32_t words_wired; /* the last one that has any is below this */

void nvic_enable(uint32_t number)
{
	ASSERT(number < ARM_IRQ_COUNT);
	wired[number / 32] |= 1u << (number % 32);
	if (words_wired <= number / 32)
		words_wired = number / 32 + 1;
	SCS_NVIC->priority[number] = ARM_PRIORITY_INTERRUPT;
	SCS_NVIC->iser[number / 32] = 1u << (number % 32);
}

static bool systick_wired;

volatile bool arm_systick_fired;

void nvic_enable_systick(void)
{
	systick_wired = true;
}

static bool is_any_pending(void)
{
	return (SCS_SCB->icsr & ICSR_ISRPENDING) != 0;
}

static bool is_systick_pending(void)
{
	return systick_wired && (arm_systick_fired || (SCS_SCB->icsr & ICSR_PENDSTSET) != 0);
}

bool chip_interrupt_pending(void)
{
	if (is_systick_pending())
		return true;
	if (!is_any_pending())
		return false;
	for (uint32_t word = 0; word < words_wired; word++)
		if ((SCS_NVIC->ispr[word] & wired[word]) != 0)
			return true;
	return false;
}

/* The line is low again after the handler, else it becomes pending anew. */
static void service(uint32_t number)
{
	uint32_t bit = 1u << (number % 32);

	board_interrupt(number);
	SCS_NVIC->icpr[number / 32] = bit;
	SCS_NVIC->iser[number / 32] = bit;
}

void chip_service_interrupts(void)
{
	if (is_systick_pending())
		board_interrupt(NVIC_SYSTICK);
	for (uint32_t word = 0; word < words_wired; word++) {
		uint32_t pending = SCS_NVIC->ispr[word] & wired[word];

		/* What nobody wired would look pending, at a glance, for ever. */
		SCS_NVIC->icpr[word] = ~wired[word];
		while (pending != 0) {
			uint32_t bit = (uint32_t)__builtin_ctz(pending);

			pending &= pending - 1;
			service(word * 32 + bit);
		}
	}
}
