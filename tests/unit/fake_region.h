/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The region of applications as capsules see it: bytes of the test's own. */
#ifndef FAKE_REGION_H
#define FAKE_REGION_H

#include <stdint.h>

struct fake_region {
	uint32_t address;
	const uint8_t *bytes;
	uint32_t size;
};

/* The test's. What is asked for outside of it ends the test. */
extern const struct fake_region fake_region;

#endif
