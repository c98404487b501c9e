/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Little-endian numbers in byte arrays, of any alignment, and a comparison whose
 * duration tells nothing about the bytes.
 */
#ifndef LIB_BYTES_H
#define LIB_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*@ logic integer le32_number(uint8_t *bytes) =
	bytes[0] + 256 * bytes[1] + 65536 * bytes[2] + 16777216 * bytes[3];
*/

/* The first 2 or 4 bytes as a number. */
/*@ requires \valid_read(bytes + (0 .. 1));
    terminates \true;
    assigns \nothing;
    ensures \result == bytes[0] + 256 * bytes[1];
*/
static inline uint16_t le16_load(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] + 256u * bytes[1]);
}

/*@ requires \valid_read(bytes + (0 .. 3));
    terminates \true;
    assigns \nothing;
    ensures \result == le32_number(bytes);
*/
static inline uint32_t le32_load(const uint8_t *bytes)
{
	return bytes[0] + 0x100u * bytes[1] + 0x10000u * bytes[2] + 0x1000000u * bytes[3];
}

/* Writes `value` as 2 or 4 bytes. */
/*@ requires \valid(bytes + (0 .. 1));
    terminates \true;
    assigns bytes[0 .. 1];
    ensures bytes[0] + 256 * bytes[1] == value;
*/
static inline void le16_store(uint8_t *bytes, uint16_t value)
{
	bytes[0] = (uint8_t)(value % 256u);
	bytes[1] = (uint8_t)(value / 256u);
}

/*@ requires \valid(bytes + (0 .. 3));
    terminates \true;
    assigns bytes[0 .. 3];
    ensures le32_number(bytes) == value;
*/
static inline void le32_store(uint8_t *bytes, uint32_t value)
{
	bytes[0] = (uint8_t)(value % 256u);
	bytes[1] = (uint8_t)(value / 0x100u % 256u);
	bytes[2] = (uint8_t)(value / 0x10000u % 256u);
	bytes[3] = (uint8_t)(value / 0x1000000u);
}

/*
 * True when the first `length` bytes are equal. Reads all of them whatever they
 * are, so the time does not tell where they differ: for keys and signatures.
 */
/*@ requires \valid_read(left + (0 .. length - 1));
    requires \valid_read(right + (0 .. length - 1));
    terminates \true;
    assigns \nothing;
*/
bool bytes_equal_constant_time(const uint8_t *left, const uint8_t *right, size_t length);

#endif
