/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What a board's board.c describes, under the name `default_board`, for a kernel
 * with a description of its own that takes most of it over.
 */
#ifndef DEFAULT_BOARD_H
#define DEFAULT_BOARD_H

#define board default_board
#include BOARD_SOURCE
#undef board

extern const struct default_board board; /* the tag went with the name */

/* The capsules of a board with loans count on its table. */
#ifdef BOARDS_COMMON_SHARING_H
#define DEFAULT_LOANS                                                                              \
	{                                                                                          \
		.table = shared_loans, .slots = SHARED_LOANS, .quota = SHARED_LOAN_QUOTA           \
	}
#else
#define DEFAULT_LOANS                                                                              \
	{                                                                                          \
		.table = NULL                                                                      \
	}
#endif

#endif
