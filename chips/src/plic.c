/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "chips/plic.h"

#include "chips/mmio.h"
#include "kernel/assert.h"

#define SOURCES_MAX 1023u

struct plic_registers {
	struct rw32 priority[SOURCES_MAX + 1];
	struct ro32 pending[32];
	uint32_t reserved_1080[(0x2000 - 0x1080) / 4];
	struct rw32 enable[32]; /* of context 0, one bit a source */
	uint32_t reserved_2080[(0x200000 - 0x2080) / 4];
	struct rw32 threshold;
	struct rw32 claim; /* read: claim; write: complete */
};

REGISTER_AT(struct plic_registers, pending, 0x1000);
REGISTER_AT(struct plic_registers, enable, 0x2000);
REGISTER_AT(struct plic_registers, threshold, 0x200000);
REGISTER_AT(struct plic_registers, claim, 0x200004);

void plic_init(struct plic *plic, uintptr_t base, uint32_t sources)
{
	ASSERT(sources >= 1 && sources <= SOURCES_MAX);
	plic->registers = (struct plic_registers *)base;
	plic->sources = sources;
	for (uint32_t word = 0; word <= sources / 32; word++)
		plic->registers->enable[word].rw = 0;
	plic->registers->threshold.rw = 0;
}

void plic_enable(struct plic *plic, uint32_t source, uint32_t priority)
{
	ASSERT(source >= 1 && source <= plic->sources);
	plic->registers->priority[source].rw = priority;
	plic->registers->enable[source / 32].rw |= 1u << (source % 32);
	/* A claim may be left from before a restart; it counts as ended only once enabled. */
	plic_complete(plic, source);
}

void plic_disable(struct plic *plic, uint32_t source)
{
	ASSERT(source >= 1 && source <= plic->sources);
	plic->registers->enable[source / 32].rw &= ~(1u << (source % 32));
}

uint32_t plic_claim(struct plic *plic)
{
	return plic->registers->claim.rw;
}

void plic_complete(struct plic *plic, uint32_t source)
{
	plic->registers->claim.rw = source;
}
