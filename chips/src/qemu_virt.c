/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "chips/qemu_virt.h"

#include "arch/csr.h"
#include "trusted/chip.h"
#include "trusted/trace.h"

#define TICKS_PER_MICROSECOND (QEMU_VIRT_TIMER_HZ / 1000000u)

struct clint qemu_virt_clint;
struct plic qemu_virt_plic;

void qemu_virt_init(void)
{
	clint_init(&qemu_virt_clint, QEMU_VIRT_CLINT_BASE, QEMU_VIRT_TIMER_HZ);
	plic_init(&qemu_virt_plic, QEMU_VIRT_PLIC_BASE, QEMU_VIRT_SOURCES);
	csr_set(mie, CSR_MIX_TIMER | CSR_MIX_EXTERNAL);
}

static void external_interrupt(void)
{
	uint32_t source;

	while ((source = plic_claim(&qemu_virt_plic)) != 0) {
		board_interrupt(source);
		plic_complete(&qemu_virt_plic, source);
	}
}

void chip_service_interrupts(void)
{
	uintptr_t pending = csr_read(mip);

	if ((pending & CSR_MIX_TIMER) != 0)
		clint_interrupt(&qemu_virt_clint);
	if ((pending & CSR_MIX_EXTERNAL) != 0)
		external_interrupt();
}

bool chip_interrupt_pending(void)
{
	return (csr_read(mip) & (CSR_MIX_TIMER | CSR_MIX_EXTERNAL)) != 0;
}

void chip_timeslice_start(uint32_t microseconds)
{
	clint_slice_start(&qemu_virt_clint, microseconds * TICKS_PER_MICROSECOND);
}

void chip_timeslice_stop(void)
{
	clint_slice_stop(&qemu_virt_clint);
}

/* Cheap where the timer's interrupt does not wait to be serviced. */
bool chip_timeslice_expired(void)
{
	if (qemu_virt_clint.slice == CLINT_SLICE_EXPIRED)
		return true;
	return (csr_read(mip) & CSR_MIX_TIMER) != 0 && clint_slice_expired(&qemu_virt_clint);
}

uint32_t trace_clock(void)
{
	return qemu_virt_clint.alarm.ops->now(&qemu_virt_clint.alarm);
}

uint32_t trace_clock_hz(void)
{
	return QEMU_VIRT_TIMER_HZ;
}
