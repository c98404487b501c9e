/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Parts of the application's own image that it may rewrite (driver 0x50000). A
 * variable of such a part is declared so, and read as any other:
 *
 *	APP_FLASH static const struct settings settings = {...};
 *
 * Bytes that were blank (0xFF) are written where they are. Where others change,
 * power that goes takes the whole page with it, and what else is in it: keep two
 * copies with a page of unused bytes around each (docs/syscalls/50000_app_flash.md),
 * or keep what has to survive with key_value.h or storage.h.
 */
#ifndef DETENT_APP_FLASH_H
#define DETENT_APP_FLASH_H

#include <stddef.h>
#include <stdint.h>

#include "detent/compiler.h"
#include "detent/error.h"

/* The compiler must not take its first value for its value for ever: read it with app_flash_read(). */
#define APP_FLASH __attribute__((section(".app_state"), used))

/* Copies the present contents. */
void app_flash_read(const void *place, void *buffer, size_t length);

/*
 * Writes and waits; no upcall runs meanwhile. E_INVAL: not within one declared
 * part; E_FAIL: the flash; E_BUSY: a write is under way.
 */
MUST_CHECK enum error app_flash_write(const void *place, const void *bytes, size_t length);

/* Runs once for each accepted start. */
typedef void app_flash_done(enum error error, size_t length, void *context);

/* What to write where; `bytes` stays untouched until the end. */
struct app_flash_change {
	const void *place;
	const void *bytes;
	size_t length;
};

MUST_CHECK enum error app_flash_write_start(struct app_flash_change change, app_flash_done *done,
					    void *context);

#endif
