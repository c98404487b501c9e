/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The driver of frames of tests/hostile/kernels/lending.c, which includes this too. */
#ifndef FRAME_TAKER_FRAME_H
#define FRAME_TAKER_FRAME_H

#include <stdint.h>

enum { DRIVER_FRAMES = 0xF0010 };

enum frame_command {
	FRAME_LEND = 1,      /* a frame, to be allowed to this driver: its loan, its length */
	FRAME_STATE = 2,     /* enum frame_state */
	FRAME_TAKE_BACK = 3, /* from whoever has it */
};

enum frame_state { FRAME_OUT, FRAME_HOME, FRAME_NOT_WIPED };

enum { FRAME_BYTES = 512 };

/* What byte i of a frame is when it has come. */
#define FRAME_BYTE(i) ((uint8_t)((i) ^ 0x5A))

#endif
