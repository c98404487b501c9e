/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Buttons (driver 0x3), numbered from 0 in the board's order. E_NODEVICE: no
 * button driver; E_INVAL: no button of this number.
 */
#ifndef DETENT_BUTTON_H
#define DETENT_BUTTON_H

#include <stdbool.h>
#include <stdint.h>

#include "detent/compiler.h"
#include "detent/error.h"

/* Runs at each press and each release of an enabled button. */
typedef void button_changed(uint32_t button, bool pressed, void *context);

/* How many there are; 0 if the board has no button driver. */
uint32_t button_count(void);

/* Says whether the button is held down now. */
MUST_CHECK enum error button_read(uint32_t button, bool *pressed);

/* Events of this button are wanted. */
enum error button_enable(uint32_t button);

/* Events of this button are no longer wanted. */
enum error button_disable(uint32_t button);

/* The function for the events of all enabled buttons; null ends it. */
enum error button_subscribe(button_changed *changed, void *context);

/* Waits for the next event of any enabled button; no upcall runs meanwhile. */
void button_wait(uint32_t *button, bool *pressed);

#endif
