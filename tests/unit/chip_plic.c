/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* LINK: chips/src/plic.c */
#include "chip_check.h"
#include "chips/plic.h"

#include <string.h>

#define ENABLE 0x2000u
#define THRESHOLD 0x200000u
#define CLAIM 0x200004u

static uint64_t device[0x200008 / 8];
static struct plic plic;

static void enable_zero(void)
{
	plic_enable(&plic, 0, 1);
}

static void enable_beyond(void)
{
	plic_enable(&plic, 54, 1);
}

static void disable_zero(void)
{
	plic_disable(&plic, 0);
}

static void disable_beyond(void)
{
	plic_disable(&plic, UINT32_MAX);
}

static void init_beyond(void)
{
	plic_init(&plic, (uintptr_t)device, 1024);
}

int main(void)
{
	memset(device, 0xff, sizeof(device));
	plic_init(&plic, (uintptr_t)device, 53);
	CHECK(word_get(device, ENABLE) == 0);
	CHECK(word_get(device, ENABLE + 4) == 0);
	CHECK(word_get(device, THRESHOLD) == 0);

	plic_enable(&plic, 10, 3);
	plic_enable(&plic, 31, 1);
	plic_enable(&plic, 32, 2);
	plic_enable(&plic, 53, 7);
	CHECK(word_get(device, 4 * 10) == 3);
	CHECK(word_get(device, 4 * 53) == 7);
	CHECK(word_get(device, ENABLE) == (1u << 10 | 1u << 31));
	CHECK(word_get(device, ENABLE + 4) == (1u | 1u << 21));
	plic_disable(&plic, 31);
	plic_disable(&plic, 32);
	CHECK(word_get(device, ENABLE) == 1u << 10);
	CHECK(word_get(device, ENABLE + 4) == 1u << 21);

	word_set(device, CLAIM, 10);
	CHECK(plic_claim(&plic) == 10);
	plic_complete(&plic, 53);
	CHECK(word_get(device, CLAIM) == 53);

	CHECK(chip_traps(enable_zero));
	CHECK(chip_traps(enable_beyond));
	CHECK(chip_traps(disable_zero));
	CHECK(chip_traps(disable_beyond));
	CHECK(chip_traps(init_beyond));
	return chip_result("chip_plic");
}
