/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* CRC-32 of IEEE 802.3 (reflected polynomial 0xEDB88320), as zlib's crc32(). */
#ifndef LIB_CRC32_H
#define LIB_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* Of `length` bytes that follow others whose value is `crc`; 0 to begin. */
/*@ requires \valid_read(bytes + (0 .. length - 1));
    terminates \true;
    assigns \nothing;
*/
uint32_t crc32(uint32_t crc, const uint8_t *bytes, size_t length);

#endif
