/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Powers of two and alignment. Written with arithmetic operators, which the
 * provers know better than shifts and masks; compilers make masks of them.
 */
#ifndef LIB_BITS_H
#define LIB_BITS_H

#include <stdbool.h>
#include <stdint.h>

/* True for 1, 2, 4 ... 2^31. */
/*@ terminates \true;
    assigns \nothing;
*/
static inline bool bits_is_power_of_two(uint32_t value)
{
	return value != 0 && (value & (value - 1u)) == 0;
}

/* `value` down to a multiple of `step`, which is not 0. */
/*@ requires step > 0;
    terminates \true;
    assigns \nothing;
    ensures \result <= value < \result + step;
    ensures \result % step == 0;
*/
static inline uint32_t bits_round_down(uint32_t value, uint32_t step)
{
	return value - value % step;
}

/*
 * `value` up to a multiple of `step`, which is not 0. The caller knows that the
 * result fits in 32 bits.
 */
/*@ requires step > 0 && value + step <= 0x100000000;
    terminates \true;
    assigns \nothing;
    ensures value <= \result < value + step;
    ensures \result % step == 0;
*/
static inline uint32_t bits_round_up(uint32_t value, uint32_t step)
{
	uint32_t above = value + (step - 1u);

	return above - above % step;
}

#endif
