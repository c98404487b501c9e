/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Interrupts, virtual time and the timeslice timer. */
#include "state.h"

#include "trusted/chip.h"

void host_raise(enum host_irq irq)
{
	host.irqs |= 1u << irq;
}

void host_interrupt(uint32_t number)
{
	host.irqs |= 1u << number % 32;
}

bool chip_interrupt_pending(void)
{
	return host.irqs != 0;
}

void chip_service_interrupts(void)
{
	while (host.irqs != 0) {
		uint32_t number = (uint32_t)__builtin_ctz(host.irqs);

		host.irqs &= host.irqs - 1;
		board_interrupt(number);
	}
}

void chip_timeslice_start(uint32_t microseconds)
{
	host.slice_running = true;
	host.slice_over = false;
	host.slice_end_us = host.now_us + microseconds;
}

void chip_timeslice_stop(void)
{
	host.slice_running = false;
	host.slice_over = false;
}

bool chip_timeslice_expired(void)
{
	return host.slice_running && (host.slice_over || host.now_us >= host.slice_end_us);
}
