/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The handle of one life of a process. It names a slot and the generation of
 * what runs there: a restart or the end of the process makes every handle to it
 * stale, and a stale handle is refused by whatever takes one. Handles are never
 * reused: a slot whose generations are used up is retired.
 */
#ifndef KERNEL_PROCESS_ID_H
#define KERNEL_PROCESS_ID_H

#include <stdbool.h>
#include <stdint.h>

/* Low bits of a handle that name the slot; the rest is the generation. */
enum { PROCESS_ID_SLOT_BITS = 8 };

struct process_id {
	uint32_t raw; /* 0 is nobody */
};

/*@ terminates \true;
    assigns \nothing;
    ensures \result.raw == 0;
*/
static inline struct process_id process_id_none(void)
{
	return (struct process_id){0};
}

/*@ terminates \true;
    assigns \nothing;
    ensures \result <==> id.raw == 0;
*/
static inline bool process_id_is_none(struct process_id id)
{
	return id.raw == 0;
}

/* The slot that the handle names, stale or not. */
/*@ terminates \true;
    assigns \nothing;
*/
static inline uint32_t process_id_slot(struct process_id id)
{
	return id.raw & ((1u << PROCESS_ID_SLOT_BITS) - 1);
}

/*@ terminates \true;
    assigns \nothing;
    ensures \result <==> a.raw == b.raw;
*/
static inline bool process_id_equal(struct process_id a, struct process_id b)
{
	return a.raw == b.raw;
}

#endif
