/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Where the compiled applications of a program lie. make/host.mk links the
 * application number i to these addresses; scripted ones come behind them.
 */
#ifndef HOST_LAYOUT_H
#define HOST_LAYOUT_H

#include "trusted/types.h"

#include <stdint.h>

enum {
	HOST_COMPILED_FLASH = 0x80000, /* bytes of flash each has */
	HOST_COMPILED_RAM = 0x100000,  /* and of RAM, to the next one's */
	HOST_CODE_OFFSET = 0x1000,     /* of its code, from its flash */
	HOST_DATA_OFFSET = 0x20000,    /* of its variables, from its RAM: below is the stack */
	HOST_HEAP = 0x10000,           /* bytes */
};

uptr_t host_compiled_flash(uint32_t index);
uptr_t host_compiled_ram(uint32_t index);
uint32_t host_compiled_ram_needed(uint32_t index);

/* All application memory can be read and written by the harness. */
void host_compiled_open(void);

#endif
