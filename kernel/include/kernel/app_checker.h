/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What decides on credentials, between the kernel and a capsule: the kernel hands
 * it one binary after the other, and lets it read that binary and nothing else.
 */
#ifndef KERNEL_APP_CHECKER_H
#define KERNEL_APP_CHECKER_H

#include "kernel/app_check.h"
#include "lib/tbf.h"

struct cap_app_checker; /* the right to decide; complete only in trusted/capability.h */

struct app_checker {
	const struct app_checker_ops *ops;
};

struct app_checker_ops {
	/*
	 * Check this binary: fill in `identity`, `floor` and `reason`, then call
	 * app_checker_answer(), not from inside of this. Both arguments stay valid
	 * until then. `info` is that of a whole application.
	 */
	void (*check)(struct app_checker *checker, struct app_check *check,
		      const struct tbf_info *info);
	/*
	 * An application was loaded as this: no older version of it may pass from now
	 * on. Ends with app_checker_kept(), not from inside of this.
	 */
	void (*keep)(struct app_checker *checker, const struct app_identity *identity);
};

/* Copies bytes of the binary that is being checked; false: not all within it. */
bool app_checker_read(const struct cap_app_checker *cap, uint32_t offset, uint8_t *to,
		      uint32_t length) MUST_CHECK;

/* tbf_footer_next() of that binary. */
enum tbf_status app_checker_footer(const struct cap_app_checker *cap, uint32_t *position,
				   struct tbf_footer *footer) MUST_CHECK;

/* The end of a check; the statuses are those of app_check_ops.checked(). */
void app_checker_answer(const struct cap_app_checker *cap, enum error status);

/* The end of keep(). E_FAIL: it could not be kept. */
void app_checker_kept(const struct cap_app_checker *cap, enum error status);

#endif
