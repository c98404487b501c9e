/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What is shared in a scope is the kernel's no longer once the scope is left,
 * whichever way; and a lent buffer goes to and fro as it should.
 */
#include <stdio.h>

#include "detent/alarm.h"
#include "detent/share.h"

enum path { FALL_THROUGH, RETURN_EARLY, BREAK_LOOP, JUMP_OUT, PATHS };

static unsigned int failed;
static unsigned int fired;

static void expect(const char *what, bool passed)
{
	if (passed)
		return;
	printf("scopes: wrong: %s\n", what);
	failed++;
}

static void upcall(uint32_t arg0, uint32_t arg1, uint32_t arg2, void *context)
{
	(void)arg0;
	(void)arg1;
	(void)arg2;
	(void)context;
	fired++;
}

static void share_on(enum path path)
{
	uint8_t bytes[24];

	for (unsigned int i = 0; i < 2; i++) {
		SHARE_RW(buffer, DRIVER_CONSOLE, 1, bytes, sizeof(bytes));
		SHARE_RO(text, DRIVER_CONSOLE, 1, bytes, 8);
		SHARE_UPCALL(alarm, DRIVER_ALARM, 0, upcall, bytes);

		expect("sharing works",
		       buffer.error == E_OK && text.error == E_OK && alarm.error == E_OK);
		if (path == RETURN_EARLY)
			return;
		if (path == BREAK_LOOP)
			break;
		if (path == JUMP_OUT)
			goto out;
	}
out:
	return;
}

static void expect_nothing_shared(void)
{
	struct allowed rw = {&rw, 1};
	struct allowed_const ro = {&ro, 1};
	struct subscription subscription = {upcall, &subscription};

	allow_rw(DRIVER_CONSOLE, 1, (struct allowed){NULL, 0}, &rw);
	allow_ro(DRIVER_CONSOLE, 1, (struct allowed_const){NULL, 0}, &ro);
	subscribe(DRIVER_ALARM, 0, (struct subscription){NULL, NULL}, &subscription);
	expect("no buffer is left", rw.start == NULL && rw.length == 0);
	expect("no text is left", ro.start == NULL && ro.length == 0);
	expect("no upcall is left", subscription.upcall == NULL && subscription.context == NULL);
}

static void check_failed_share(void)
{
	uint8_t bytes[4] = {0};

	{
		SHARE_RW(missing, 0x7ffffff0, 0, bytes, sizeof(bytes));
		SHARE_RW(foreign, DRIVER_CONSOLE, 1, (void *)16, 16);

		expect("a missing driver", missing.error == E_NODEVICE);
		expect("foreign memory", foreign.error == E_INVAL);
	}
	expect_nothing_shared();
}

static void check_upcall_scope(void)
{
	{
		SHARE_UPCALL(alarm, DRIVER_ALARM, 0, upcall, NULL);

		expect("subscribed", alarm.error == E_OK);
		alarm_set(alarm_now(), 100);
		yield();
		expect("runs in its scope", fired == 1);
		alarm_set(alarm_now(), 100);
		for (uint32_t start = alarm_now(); alarm_now() - start < 50000;) {
		}
	}
	expect("does not run behind it", !yield_no_wait() && fired == 1);
}

static void check_owned(void)
{
	struct allowed left = {NULL, 1};

	{
		OWNED_BUFFER(first, 16);
		OWNED_BUFFER(second, 16);

		owned_bytes(&first)[0] = 7;
		expect("lend", owned_lend(&first, DRIVER_CONSOLE, 1) == E_OK);
		expect("lent", owned_is_lent(&first));
		expect("lend twice", owned_lend(&first, DRIVER_CONSOLE, 1) == E_ALREADY);
		expect("swap", owned_swap(&first, &second) == E_OK);
		expect("swapped", !owned_is_lent(&first) && owned_is_lent(&second));
		expect("bytes are there",
		       owned_bytes(&first)[0] == 7 && owned_length(&first) == 16);
		expect("swap of what is not lent", owned_swap(&first, &second) == E_INVAL);
		owned_reclaim(&second);
		expect("reclaimed", !owned_is_lent(&second));
		expect("refused lend", owned_lend(&second, 0x7ffffff0, 1) == E_NODEVICE);
		expect("is no lend", !owned_is_lent(&second));
		expect("lend again", owned_lend(&second, DRIVER_CONSOLE, 1) == E_OK);
	}
	allow_rw(DRIVER_CONSOLE, 1, (struct allowed){NULL, 0}, &left);
	expect("taken back at the end", left.start == NULL && left.length == 0);
}

int main(void)
{
	for (enum path path = FALL_THROUGH; path < PATHS; path++) {
		share_on(path);
		expect_nothing_shared();
	}
	check_failed_share();
	check_upcall_scope();
	check_owned();
	printf("scopes: %u failed\n", failed);
	return failed == 0 ? 0 : 1;
}
