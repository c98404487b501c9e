/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "protocol.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Where a frame's parts are. */
enum {
	AT_NUMBER = 1,
	AT_VERB = 3,
	AT_ARGUMENTS = 4,
	AT_LENGTH = 20,
	AT_DATA = 22,
	AT_CHECK = 118,
};

/* CRC-32 of IEEE 802.3, bit by bit: a frame is short. */
static uint32_t crc32(const char *text, size_t length)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < length; i++) {
		crc ^= (uint8_t)text[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ ((crc & 1) != 0 ? UINT32_C(0xEDB88320) : 0);
	}
	return ~crc;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool hex(const char *text, unsigned int digits, uint32_t *value)
{
	*value = 0;
	for (unsigned int i = 0; i < digits; i++) {
		if (digit(text[i]) < 0)
			return false;
		*value = *value << 4 | (uint32_t)digit(text[i]);
	}
	return true;
}

bool frame_parse(const char text[FRAME_SIZE], struct frame *frame)
{
	uint32_t number, check, byte;

	if (text[0] != '>' || !hex(text + AT_CHECK, 8, &check) ||
	    check != crc32(text + AT_NUMBER, AT_CHECK - AT_NUMBER) ||
	    !hex(text + AT_NUMBER, 2, &number) ||
	    !hex(text + AT_ARGUMENTS, 8, &frame->argument[0]) ||
	    !hex(text + AT_ARGUMENTS + 8, 8, &frame->argument[1]) ||
	    !hex(text + AT_LENGTH, 2, &frame->length) || frame->length > FRAME_DATA)
		return false;
	for (uint32_t i = 0; i < frame->length; i++) {
		if (!hex(text + AT_DATA + 2 * i, 2, &byte))
			return false;
		frame->data[i] = (uint8_t)byte;
	}
	frame->number = (uint8_t)number;
	frame->verb = text[AT_VERB];
	return true;
}

uint32_t reply_make(char reply[REPLY_SIZE], unsigned int number, const char *text)
{
	int length = snprintf(reply, REPLY_SIZE - 12, "<%02x %s", number & 0xFF, text);

	if (length < 0)
		return 0;
	if (length > REPLY_SIZE - 13)
		length = REPLY_SIZE - 13;
	length += snprintf(reply + length, 12, " %08lx\r\n",
			   (unsigned long)crc32(reply + 1, (size_t)length - 1));
	return (uint32_t)length;
}
