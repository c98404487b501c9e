/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "check.h"

#include <stdio.h>

#include "detent/alarm.h"

enum { KEPT_MAX = 40 };

struct failure {
	const char *what;
	uintptr_t word;
	uintptr_t got;
	uintptr_t want;
};

static struct failure kept[KEPT_MAX];
static unsigned int passed;
static unsigned int failed;

static void fail(struct failure failure)
{
	if (failed < KEPT_MAX)
		kept[failed] = failure;
	failed++;
}

void check_equal(const char *what, uintptr_t got, uintptr_t want)
{
	if (got == want)
		passed++;
	else
		fail((struct failure){what, 0, got, want});
}

void check(const char *what, bool ok)
{
	check_equal(what, ok, true);
}

void check_words(const char *what, struct syscall_words got, const uintptr_t *want,
		 unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		if (got.word[i] != want[i]) {
			fail((struct failure){what, i, got.word[i], want[i]});
			return;
		}
	}
	passed++;
}

unsigned int check_report(void)
{
	for (unsigned int i = 0; i < failed && i < KEPT_MAX; i++)
		printf("FAIL %s: word %u is 0x%08x, must be 0x%08x\n", kept[i].what,
		       (unsigned int)kept[i].word, (unsigned int)kept[i].got,
		       (unsigned int)kept[i].want);
	printf("abi_check: %u passed, %u failed\n", passed, failed);
	return failed;
}

void spin_ticks(uint32_t ticks)
{
	uint32_t start = alarm_now();

	while (alarm_now() - start < ticks) {
	}
}

uint32_t make_alarm_pending(void)
{
	struct syscall_words set = CALL(SYSCALL_COMMAND, DRIVER_ALARM, 5, 1, 0);
	uint32_t hertz = 0;

	if (alarm_frequency(&hertz) != E_OK)
		return 0;
	spin_ticks(hertz / 200);
	return (uint32_t)set.word[1];
}
