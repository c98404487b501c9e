/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Symbols that every kernel.ld exports. Only their addresses mean anything. */
#ifndef TRUSTED_LINKER_H
#define TRUSTED_LINKER_H

#include <stdint.h>

extern uint8_t linker_text_start[], linker_text_end[];
extern uint8_t linker_rodata_start[], linker_rodata_end[];
extern uint8_t linker_data_start[], linker_data_end[];
extern uint8_t linker_bss_start[], linker_bss_end[];
extern uint8_t linker_stack_start[], linker_stack_end[];
extern uint8_t linker_apps_start[], linker_apps_end[];
extern uint8_t linker_app_ram_start[], linker_app_ram_end[];
extern uint8_t linker_pool_start[], linker_pool_end[]; /* what the kernel lends */
extern const char linker_build_record[];               /* lines of key=value, then a NUL */

#endif
