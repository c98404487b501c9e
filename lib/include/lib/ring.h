/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A queue of bytes in a buffer that the caller owns. Every byte of the buffer is
 * used. Not for two contexts at once: an interrupt's top half must not touch it.
 */
#ifndef LIB_RING_H
#define LIB_RING_H

#include "lib/compiler.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ring {
	uint8_t *buffer;
	size_t capacity;
	size_t first; /* index of the oldest byte; below capacity, or both 0 */
	size_t count; /* bytes in the queue */
};

/*@ predicate ring_ok(struct ring *ring) =
	ring->count <= ring->capacity <= 0x7FFFFFFF &&
	(ring->first < ring->capacity || (ring->first == 0 && ring->capacity == 0)) &&
	\valid(ring->buffer + (0 .. ring->capacity - 1)) &&
	\separated(ring, ring->buffer + (0 .. ring->capacity - 1));
*/

/*
 * An empty ring over `capacity` bytes, at most 2^31 - 1. The buffer must live as
 * long as the ring is used.
 */
/*@ requires \valid(ring) && capacity <= 0x7FFFFFFF;
    requires \valid(buffer + (0 .. capacity - 1));
    requires \separated(ring, buffer + (0 .. capacity - 1));
    terminates \true;
    assigns *ring;
    ensures ring_ok(ring);
    ensures ring->capacity == capacity && ring->count == 0 && ring->buffer == buffer;
*/
void ring_init(struct ring *ring, uint8_t *buffer, size_t capacity);

/* Forgets all bytes. */
/*@ requires \valid(ring) && ring_ok(ring);
    terminates \true;
    assigns ring->first, ring->count;
    ensures ring_ok(ring) && ring->count == 0;
*/
void ring_clear(struct ring *ring);

/* Bytes that can be added. */
/*@ requires \valid_read(ring) && ring_ok(ring);
    terminates \true;
    assigns \nothing;
    ensures \result == ring->capacity - ring->count;
*/
static inline size_t ring_free(const struct ring *ring)
{
	return ring->capacity - ring->count;
}

/* Adds one byte at the end; false, unchanged, when the ring is full. */
/*@ requires \valid(ring) && ring_ok(ring);
    terminates \true;
    assigns ring->count, ring->buffer[0 .. ring->capacity - 1];
    ensures ring_ok(ring);
    ensures \result <==> \old(ring->count) < ring->capacity;
    ensures ring->count == \old(ring->count) + (\result ? 1 : 0);
*/
bool ring_push(struct ring *ring, uint8_t byte) MUST_CHECK;

/* Takes the oldest byte; false, with `*byte` unchanged, when the ring is empty. */
/*@ requires \valid(ring) && ring_ok(ring);
    requires \valid(byte) && \separated(byte, ring, ring->buffer + (0 .. ring->capacity - 1));
    terminates \true;
    assigns ring->first, ring->count, *byte;
    ensures ring_ok(ring);
    ensures \result <==> \old(ring->count) > 0;
    ensures ring->count == \old(ring->count) - (\result ? 1 : 0);
*/
bool ring_pop(struct ring *ring, uint8_t *byte) MUST_CHECK;

/* Adds as many of the `length` bytes as fit, first ones first; returns how many. */
/*@ requires \valid(ring) && ring_ok(ring);
    requires \valid_read(source + (0 .. length - 1));
    requires \separated(source + (0 .. length - 1), ring);
    requires \separated(source + (0 .. length - 1), ring->buffer + (0 .. ring->capacity - 1));
    terminates \true;
    assigns ring->count, ring->buffer[0 .. ring->capacity - 1];
    ensures ring_ok(ring);
    ensures \result <= length;
    ensures ring->count == \old(ring->count) + \result;
    ensures \result == length || ring->count == ring->capacity;
*/
size_t ring_write(struct ring *ring, const uint8_t *source, size_t length);

/* Takes up to `length` of the oldest bytes; returns how many there were. */
/*@ requires \valid(ring) && ring_ok(ring);
    requires \valid(destination + (0 .. length - 1));
    requires \separated(destination + (0 .. length - 1), ring);
    requires \separated(destination + (0 .. length - 1),
			ring->buffer + (0 .. ring->capacity - 1));
    terminates \true;
    assigns ring->first, ring->count, destination[0 .. length - 1];
    ensures ring_ok(ring);
    ensures \result <= length;
    ensures ring->count == \old(ring->count) - \result;
    ensures \result == length || ring->count == 0;
*/
size_t ring_read(struct ring *ring, uint8_t *destination, size_t length);

#endif
