/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "lib/ring.h"

void ring_init(struct ring *ring, uint8_t *buffer, size_t capacity)
{
	ring->buffer = buffer;
	ring->capacity = capacity;
	ring->first = 0;
	ring->count = 0;
}

void ring_clear(struct ring *ring)
{
	ring->first = 0;
	ring->count = 0;
}

bool ring_push(struct ring *ring, uint8_t byte)
{
	if (ring->count >= ring->capacity)
		return false;

	size_t at = ring->first + ring->count; /* a division would cost more than this */

	if (at >= ring->capacity)
		at -= ring->capacity;
	ring->buffer[at] = byte;
	ring->count++;
	return true;
}

bool ring_pop(struct ring *ring, uint8_t *byte)
{
	if (ring->count == 0)
		return false;
	*byte = ring->buffer[ring->first];
	ring->first++;
	if (ring->first == ring->capacity)
		ring->first = 0;
	ring->count--;
	return true;
}

size_t ring_write(struct ring *ring, const uint8_t *source, size_t length)
{
	size_t done = 0;

	/*@ loop invariant ring_ok(ring) && 0 <= done <= length;
	    loop invariant ring->count == \at(ring->count, Pre) + done;
	    loop assigns done, ring->count, ring->buffer[0 .. ring->capacity - 1];
	    loop variant length - done;
	*/
	while (done < length && ring_push(ring, source[done]))
		done++;
	return done;
}

size_t ring_read(struct ring *ring, uint8_t *destination, size_t length)
{
	size_t done = 0;

	/*@ loop invariant ring_ok(ring) && 0 <= done <= length;
	    loop invariant ring->count == \at(ring->count, Pre) - done;
	    loop assigns done, ring->first, ring->count, destination[0 .. length - 1];
	    loop variant length - done;
	*/
	while (done < length && ring_pop(ring, &destination[done]))
		done++;
	return done;
}
