/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Comes before all else in position-independent code for RISC-V (user/user.mk):
 * nothing is in another program, so that no address has to come from a table.
 */
#if !defined(__ASSEMBLER__)
#pragma GCC visibility push(hidden)
#endif
