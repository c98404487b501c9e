/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * One turn over the processes that hold a grant of a driver, beginning after
 * the one that was served last, so that no process is served twice before the
 * others were asked.
 *
 *	struct grant_turn turn = grant_turn_after(&self->driver, self->last);
 *	for (; !grant_turn_over(&turn); grant_turn_advance(&turn))
 *		serve(self, turn.current);
 */
#ifndef CAPSULES_GRANT_TURN_H
#define CAPSULES_GRANT_TURN_H

#include "kernel/grant.h"

#include <stdbool.h>

struct grant_turn {
	const struct driver *driver;
	struct process_id first;
	struct process_id current;
};

/* `last` itself comes at the end of the turn; it may be stale or nobody. */
static inline struct grant_turn grant_turn_after(const struct driver *driver,
						 struct process_id last)
{
	struct process_id first = grant_next(driver, last);

	return (struct grant_turn){.driver = driver, .first = first, .current = first};
}

static inline bool grant_turn_over(const struct grant_turn *turn)
{
	return process_id_is_none(turn->current);
}

static inline void grant_turn_advance(struct grant_turn *turn)
{
	turn->current = grant_next(turn->driver, turn->current);
	if (process_id_equal(turn->current, turn->first))
		turn->current = process_id_none();
}

#endif
