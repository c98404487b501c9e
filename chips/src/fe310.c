/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "chips/fe310.h"

#include "arch/csr.h"
#include "chips/mmio.h"
#include "trusted/chip.h"
#include "trusted/trace.h"

/* Power, reset, clock. */
struct prci_registers {
	struct rw32 ring_oscillator;
	struct rw32 crystal;
	struct rw32 multiplier;
	struct rw32 output_divider;
};

REGISTER_AT(struct prci_registers, output_divider, 0x0c);

struct aon_registers {
	uint32_t reserved_00[0x70 / 4];
	struct ro32 low_oscillator;
};

REGISTER_AT(struct aon_registers, low_oscillator, 0x70);

#define AON ((const struct aon_registers *)0x10000000u)
#define PRCI ((struct prci_registers *)0x10008000u)

#define OSCILLATOR_ENABLE (1u << 30)
#define OSCILLATOR_READY (1u << 31)

enum {
	RING_RESET = 16 << 16 | 4, /* trim and divider as a reset leaves them: about 14 MHz */

	MULTIPLIER_SELECT = 1 << 16, /* the CPU takes this clock, not the ring oscillator's */
	MULTIPLIER_CRYSTAL = 1 << 17,
	MULTIPLIER_BYPASS = 1 << 18,

	OUTPUT_UNDIVIDED = 1 << 8,

	READY_POLLS = 1000000,
};

struct clint fe310_clint;
struct plic fe310_plic;

static uint32_t ticks_per_us; /* 16 bits of it are the fraction */

void fe310_init(uint32_t timer_hz)
{
	/* hz * 2^16 / 10^6, without a product of more than 32 bits. */
	ticks_per_us = timer_hz / 15625 * 1024 + timer_hz % 15625 * 1024 / 15625;
	clint_init(&fe310_clint, FE310_CLINT_BASE, timer_hz);
	plic_init(&fe310_plic, FE310_PLIC_BASE, FE310_SOURCES);
	csr_set(mie, CSR_MIX_TIMER | CSR_MIX_EXTERNAL);
}

/* On the chip the low-frequency oscillator is enabled by the reset. */
bool fe310_emulated(void)
{
	return AON->low_oscillator.read == 0;
}

static bool ready(const struct rw32 *oscillator)
{
	for (uint32_t polls = 0; polls < READY_POLLS; polls++) {
		if ((oscillator->rw & OSCILLATOR_READY) != 0)
			return true;
	}
	return false;
}

/* A boot loader may have left the multiplier in use: it must not change under the CPU. */
void fe310_clock_crystal(void)
{
	PRCI->ring_oscillator.rw = OSCILLATOR_ENABLE | RING_RESET;
	if (!ready(&PRCI->ring_oscillator))
		return;
	PRCI->multiplier.rw &= ~(uint32_t)MULTIPLIER_SELECT;
	PRCI->crystal.rw = OSCILLATOR_ENABLE;
	if (!ready(&PRCI->crystal))
		return;
	PRCI->output_divider.rw = OUTPUT_UNDIVIDED;
	PRCI->multiplier.rw = MULTIPLIER_CRYSTAL | MULTIPLIER_BYPASS;
	PRCI->multiplier.rw |= MULTIPLIER_SELECT;
}

static void external_interrupt(void)
{
	uint32_t source;

	while ((source = plic_claim(&fe310_plic)) != 0) {
		board_interrupt(source);
		plic_complete(&fe310_plic, source);
	}
}

void chip_service_interrupts(void)
{
	uintptr_t pending = csr_read(mip);

	if ((pending & CSR_MIX_TIMER) != 0)
		clint_interrupt(&fe310_clint);
	if ((pending & CSR_MIX_EXTERNAL) != 0)
		external_interrupt();
}

bool chip_interrupt_pending(void)
{
	return (csr_read(mip) & (CSR_MIX_TIMER | CSR_MIX_EXTERNAL)) != 0;
}

void chip_timeslice_start(uint32_t microseconds)
{
	clint_slice_start(&fe310_clint, (uint32_t)((uint64_t)microseconds * ticks_per_us >> 16));
}

void chip_timeslice_stop(void)
{
	clint_slice_stop(&fe310_clint);
}

/* Cheap where the timer's interrupt does not wait to be serviced. */
bool chip_timeslice_expired(void)
{
	if (fe310_clint.slice == CLINT_SLICE_EXPIRED)
		return true;
	return (csr_read(mip) & CSR_MIX_TIMER) != 0 && clint_slice_expired(&fe310_clint);
}

uint32_t trace_clock(void)
{
	return fe310_clint.alarm.ops->now(&fe310_clint.alarm);
}

uint32_t trace_clock_hz(void)
{
	return fe310_clint.alarm.frequency_hz;
}
