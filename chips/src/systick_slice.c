/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "chips/systick_slice.h"

#include "arm/nvic.h"
#include "arm/scs.h"
#include "kernel/assert.h"
#include "trusted/chip.h"

static uint32_t ticks_per_microsecond;

void systick_slice_init(uint32_t frequency_hz)
{
	ticks_per_microsecond = frequency_hz / 1000000u;
	ASSERT(ticks_per_microsecond != 0);
}

void chip_timeslice_stop(void)
{
	SCS_SYSTICK->csr = 0;
	SCS_SCB->icsr = ICSR_PENDSTCLR;
	arm_systick_fired = false;
}

/* A timeslice that the counter cannot hold is cut to what it can. */
void chip_timeslice_start(uint32_t microseconds)
{
	uint32_t ticks = SYSTICK_TICKS_MAX;

	if (microseconds < SYSTICK_TICKS_MAX / ticks_per_microsecond)
		ticks = microseconds * ticks_per_microsecond;
	SCS_SYSTICK->csr = 0;
	SCS_SYSTICK->rvr = ticks;
	SCS_SYSTICK->cvr = 0;
	SCS_SCB->icsr = ICSR_PENDSTCLR;
	arm_systick_fired = false;
	SCS_SYSTICK->csr = SYSTICK_RUN;
}

/* In the main loop the exception is only pending: BASEPRI holds it back. */
bool chip_timeslice_expired(void)
{
	return arm_systick_fired || (SCS_SCB->icsr & ICSR_PENDSTSET) != 0;
}
