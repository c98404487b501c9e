/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "arm/systick.h"

#include "arm.h"
#include "kernel/assert.h"
#include "scs.h"
#include "trusted/chip.h"

enum {
	CSR_ENABLE = 1 << 0,
	CSR_TICKINT = 1 << 1,
	CSR_CLKSOURCE = 1 << 2, /* the processor's clock */

	TICKS_MAX = 0xFFFFFF,
};

/* Set by the exception, entry.S. */
volatile bool systick_expired;

static uint32_t ticks_per_microsecond;

void systick_init(uint32_t frequency_hz)
{
	ticks_per_microsecond = frequency_hz / 1000000u;
	ASSERT(ticks_per_microsecond != 0);
}

void chip_timeslice_stop(void)
{
	SCS_SYSTICK->csr = 0;
	SCS_SCB->icsr = ICSR_PENDSTCLR;
	systick_expired = false;
}

/* A timeslice that the counter cannot hold is cut to what it can. */
void chip_timeslice_start(uint32_t microseconds)
{
	uint32_t ticks = TICKS_MAX;

	if (microseconds < TICKS_MAX / ticks_per_microsecond)
		ticks = microseconds * ticks_per_microsecond;
	chip_timeslice_stop();
	SCS_SYSTICK->rvr = ticks;
	SCS_SYSTICK->cvr = 0;
	SCS_SYSTICK->csr = CSR_ENABLE | CSR_TICKINT | CSR_CLKSOURCE;
}

/* In the main loop the exception is only pending: it has the loop's own priority. */
bool chip_timeslice_expired(void)
{
	return systick_expired || (SCS_SCB->icsr & ICSR_PENDSTSET) != 0;
}
