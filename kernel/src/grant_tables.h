/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The upcall and allow tables of a grant: where each entry lies, and the swap that
 * subscribe and allow are. A grant in process memory is
 *
 *	entry | slices: read-only, read-write, userspace-readable | upcall slots |
 *	extra nodes of the queue | the capsule's state
 *
 * Offsets are bytes from its start. What the functions promise is proved for all
 * shapes (proofs/SOUNDNESS.md); making a pointer of an offset is grant.c's.
 */
#ifndef KERNEL_GRANT_TABLES_H
#define KERNEL_GRANT_TABLES_H

#include "abi/syscall.h"
#include "kernel/grant_shape.h"
#include "trusted/types.h"

#include <stdbool.h>
#include <stdint.h>

struct driver;
struct process;

/* An upcall that waits for its process to yield. Lives in the process's grant. */
struct upcall_node {
	struct upcall_node *next;
	struct upcall_slot *slot; /* whose it is while it is pending */
	uint32_t argument[3];
	bool pending;
};

/* A subscription and the one upcall that can always be pending for it. */
struct upcall_slot {
	uptr_t function; /* 0: the null upcall */
	ureg_t data;
	struct grant_entry *entry;
	uint32_t number;
	struct upcall_node node;
};

/* What a process shares: an allegation that was checked when it was made. */
struct user_slice {
	uptr_t base;
	uint32_t length;
};

struct grant_entry {
	struct process *process;
	const struct driver *driver;
	bool entered;
	uint16_t slots_at; /* slots_offset() and state_offset(), which interrupts need quickly */
	uint16_t state_at;
};

enum allow_kind { ALLOW_RO, ALLOW_RW, ALLOW_UR };

enum { GRANT_ALIGN = 8 };

/*@ logic integer grant_up(integer bytes) = (bytes + 7) / 8 * 8;
    logic integer slice_total(struct grant_shape *s) = s->allow_ro + s->allow_rw + s->allow_ur;
    logic integer slices_at = grant_up(sizeof(struct grant_entry));
    logic integer slots_at(struct grant_shape *s) =
	slices_at + slice_total(s) * sizeof(struct user_slice);
    logic integer queue_at(struct grant_shape *s) =
	slots_at(s) + s->upcalls * sizeof(struct upcall_slot);
    logic integer queue_end(struct grant_shape *s) =
	queue_at(s) + s->queue * sizeof(struct upcall_node);

    // How many slices there are of one kind, and where they begin among all.
    logic integer slices_of(struct grant_shape *s, integer kind) =
	kind == ALLOW_RO ? s->allow_ro : kind == ALLOW_RW ? s->allow_rw : s->allow_ur;
    logic integer first_of(struct grant_shape *s, integer kind) =
	kind == ALLOW_RO ? 0 : kind == ALLOW_RW ? s->allow_ro : s->allow_ro + s->allow_rw;

    // No two allow numbers share a slice.
    lemma slice_of_one_number: \forall struct grant_shape *s, integer k, n, l, m;
	ALLOW_RO <= k <= ALLOW_UR && 0 <= n < slices_of(s, k) ==>
	ALLOW_RO <= l <= ALLOW_UR && 0 <= m < slices_of(s, l) ==>
	first_of(s, k) + n == first_of(s, l) + m ==> k == l && n == m;
*/

/*@ requires size <= 0x100000;
    terminates \true;
    assigns \nothing;
    ensures \result == grant_up(size);
    ensures size <= \result < size + GRANT_ALIGN && \result % GRANT_ALIGN == 0;
*/
static inline uint32_t grant_round_up(uint32_t size)
{
	return (size + GRANT_ALIGN - 1) / GRANT_ALIGN * GRANT_ALIGN;
}

/* How many slices a shape has of one kind. */
/*@ requires \valid_read(shape) && ALLOW_RO <= kind <= ALLOW_UR;
    terminates \true;
    assigns \nothing;
    ensures \result == slices_of(shape, kind);
*/
static inline uint32_t slice_count(const struct grant_shape *shape, enum allow_kind kind)
{
	switch (kind) {
	case ALLOW_RO:
		return shape->allow_ro;
	case ALLOW_RW:
		return shape->allow_rw;
	default:
		return shape->allow_ur;
	}
}

/* Where the numbers of one kind begin among all of a grant's slices. */
/*@ requires \valid_read(shape) && ALLOW_RO <= kind <= ALLOW_UR;
    terminates \true;
    assigns \nothing;
    ensures \result == first_of(shape, kind);
*/
static inline uint32_t slice_first(const struct grant_shape *shape, enum allow_kind kind)
{
	switch (kind) {
	case ALLOW_RO:
		return 0;
	case ALLOW_RW:
		return shape->allow_ro;
	default:
		return (uint32_t)shape->allow_ro + shape->allow_rw;
	}
}

/* The slice of an allow number that there is: number < slice_count(). */
/*@ requires \valid_read(shape) && ALLOW_RO <= kind <= ALLOW_UR;
    requires number < slices_of(shape, kind);
    terminates \true;
    assigns \nothing;
    ensures \result ==
	slices_at + (first_of(shape, kind) + number) * sizeof(struct user_slice);
    ensures slices_at <= \result && \result + sizeof(struct user_slice) <= slots_at(shape);
    ensures \result % sizeof(uint32_t) == 0;
*/
static inline uint32_t slice_offset(const struct grant_shape *shape, enum allow_kind kind,
				    uint32_t number)
{
	return grant_round_up(sizeof(struct grant_entry)) +
	       (slice_first(shape, kind) + number) * (uint32_t)sizeof(struct user_slice);
}

/*@ requires \valid_read(shape);
    terminates \true;
    assigns \nothing;
    ensures \result == slots_at(shape);
    ensures \result >= sizeof(struct grant_entry);
*/
static inline uint32_t slots_offset(const struct grant_shape *shape)
{
	uint32_t slices = (uint32_t)shape->allow_ro + shape->allow_rw + shape->allow_ur;

	return grant_round_up(sizeof(struct grant_entry)) +
	       slices * (uint32_t)sizeof(struct user_slice);
}

/* The slot of a subscribe number that there is. */
/*@ requires \valid_read(shape) && number < shape->upcalls;
    terminates \true;
    assigns \nothing;
    ensures \result == slots_at(shape) + number * sizeof(struct upcall_slot);
    ensures slots_at(shape) <= \result &&
	\result + sizeof(struct upcall_slot) <= queue_at(shape);
    ensures \result % sizeof(uint32_t) == 0;
*/
static inline uint32_t slot_offset(const struct grant_shape *shape, uint32_t number)
{
	return slots_offset(shape) + number * (uint32_t)sizeof(struct upcall_slot);
}

/* The first of `queue` extra nodes. */
/*@ requires \valid_read(shape);
    terminates \true;
    assigns \nothing;
    ensures \result == queue_at(shape);
    ensures \result % sizeof(uint32_t) == 0;
*/
static inline uint32_t queue_offset(const struct grant_shape *shape)
{
	return slots_offset(shape) + shape->upcalls * (uint32_t)sizeof(struct upcall_slot);
}

/*@ requires \valid_read(shape);
    terminates \true;
    assigns \nothing;
    ensures \result == grant_up(queue_end(shape));
    ensures queue_end(shape) <= \result <= 0x8000 && \result % GRANT_ALIGN == 0;
*/
static inline uint32_t state_offset(const struct grant_shape *shape)
{
	return grant_round_up(queue_offset(shape) +
			      shape->queue * (uint32_t)sizeof(struct upcall_node));
}

/* Bytes of the whole grant. */
/*@ requires \valid_read(shape);
    terminates \true;
    assigns \nothing;
    ensures \result % GRANT_ALIGN == 0;
    ensures grant_up(queue_end(shape)) + shape->size <= \result;
*/
static inline uint32_t grant_size(const struct grant_shape *shape)
{
	return grant_round_up(state_offset(shape) + shape->size);
}

/*
 * Allow: puts what was passed into the slice, and the answer with what was there
 * into registers 0 to 2.
 */
/*@ requires \valid(slice) && \valid(registers + (0 .. 2));
    requires \separated(slice, registers + (0 .. 2));
    terminates \true;
    assigns *slice, registers[0 .. 2];
    ensures *slice == given;
    ensures registers[0] == SYSCALL_SUCCESS_2_U32 &&
	registers[1] == \old(slice->base) && registers[2] == \old(slice->length);
*/
static inline void slice_swap(struct user_slice *slice, struct user_slice given,
			      ureg_t registers[4])
{
	const struct user_slice old = *slice;

	*slice = given;
	registers[0] = SYSCALL_SUCCESS_2_U32;
	registers[1] = old.base;
	registers[2] = old.length;
}

/* Subscribe: likewise with the slot's function and user data. */
/*@ requires \valid(slot) && \valid(registers + (0 .. 2));
    requires \separated(slot, registers + (0 .. 2));
    terminates \true;
    assigns slot->function, slot->data, registers[0 .. 2];
    ensures slot->function == function && slot->data == data;
    ensures registers[0] == SYSCALL_SUCCESS_2_U32 &&
	registers[1] == \old(slot->function) && registers[2] == \old(slot->data);
*/
static inline void slot_swap(struct upcall_slot *slot, uptr_t function, ureg_t data,
			     ureg_t registers[4])
{
	uptr_t old_function = slot->function;
	ureg_t old_data = slot->data;

	slot->function = function;
	slot->data = data;
	registers[0] = SYSCALL_SUCCESS_2_U32;
	registers[1] = old_function;
	registers[2] = old_data;
}

#endif
