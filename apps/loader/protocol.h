/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Frames of the loader, as text (docs/reference/loader-protocol.md). What comes has
 * one length, so that one read takes one frame; what goes is a line.
 */
#ifndef LOADER_PROTOCOL_H
#define LOADER_PROTOCOL_H

#include <stdbool.h>
#include <stdint.h>

enum {
	FRAME_SIZE = 128, /* characters, a line feed at the end */
	FRAME_DATA = 48,  /* bytes of data in one */
	REPLY_SIZE = 192, /* characters of the longest answer */
};

struct frame {
	uint8_t number; /* a frame that comes again has the same one */
	char verb;
	uint32_t argument[2];
	uint32_t length;
	uint8_t data[FRAME_DATA];
};

/* False: it was damaged on its way. */
bool frame_parse(const char text[FRAME_SIZE], struct frame *frame);

/* A frame's answer: `text` with number and checksum; returns its length. */
uint32_t reply_make(char reply[REPLY_SIZE], unsigned int number, const char *text);

#endif
