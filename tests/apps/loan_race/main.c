/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Lends memory to loan_puppet, which has a device write into it, and lets the loan's time be over
 * at every tick from before the device is asked to after it has answered. Whatever comes
 * first, what the driver says that it wrote is there, and nothing else, then or later.
 * Prints a line a device: how often all of it came, and how often nothing.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "../loan_puppet/order.h"
#include "detent/ipc.h"
#include "detent/loan.h"
#include "detent/storage.h"
#include "detent/timer.h"

enum {
	BYTES = 32,
	ROUNDS = 3000, /* ticks, at most */
	SURE = 20,     /* so often all of it has come: the deadline is after the answer */
	FEW = 8,       /* random bytes that are PATTERN by chance */
	STORED = 0x33,
};

static struct ipc_client puppet;
static uint8_t *bytes;
static size_t size;
static peer_id borrower;

static struct outcome tell(const struct order *order)
{
	struct outcome outcome = {E_FAIL, {0, 0}};
	struct ipc_exchange call = {.request = order,
				    .length = sizeof(*order),
				    .answer = &outcome,
				    .room = sizeof(outcome)};
	enum error error = ipc_call(&puppet, &call);

	if (error != E_OK)
		outcome.error = (uint32_t)error;
	return outcome;
}

static bool is_untouched(size_t from)
{
	for (size_t i = from; i < size; i++)
		if (bytes[i] != PATTERN)
			return false;
	return true;
}

/* As many bytes as the driver says have come, of those that it has. */
static bool has_come(uint32_t driver, size_t length)
{
	size_t other = 0;

	for (size_t i = 0; i < length; i++)
		other += driver == DRIVER_RNG ? bytes[i] == PATTERN : bytes[i] != STORED;
	return other < (driver == DRIVER_RNG ? FEW : 1);
}

/* The bytes that came; more than all: something is wrong. */
static size_t race(uint32_t driver, uint32_t ticks)
{
	struct loan_offer offer = LOAN_OFFER(bytes, size, borrower);
	struct order order = {.what = DO_READ_INTO, .driver = driver};
	struct outcome outcome;
	size_t came;

	memset(bytes, PATTERN, size);
	offer.flags = LOAN_WRITE | LOAN_EXCLUSIVE;
	offer.driver = driver;
	offer.ticks = ticks;
	if (loan_make(&offer, &order.id) != E_OK)
		return size + 1;
	outcome = tell(&order);
	(void)loan_revoke(order.id); /* where it is not over */
	came = outcome.error == E_OK && outcome.value[0] == E_OK ? outcome.value[1] : 0;
	if (came > size || !is_untouched(came) || !has_come(driver, came))
		return size + 1;
	memset(bytes, PATTERN, size);
	(void)tell(&(struct order){.what = DO_TELL_ABOUT_YOURSELF});
	return is_untouched(0) ? came : size + 1;
}

static void races(uint32_t driver, const char *name)
{
	unsigned int all = 0, nothing = 0, part = 0;

	if (command_done(driver, 0, 0, 0) != E_OK)
		return;
	for (uint32_t ticks = 1; ticks < ROUNDS && all < SURE; ticks++) {
		size_t came = race(driver, ticks);

		if (came > size) {
			printf("race: WRONG: %s, %u ticks\n", name, (unsigned int)ticks);
			return;
		}
		all += came == size;
		nothing += came == 0;
		part += came != 0 && came != size;
	}
	printf("race: %s: %u all, %u nothing, %u part\n", name, all, nothing, part);
}

int main(void)
{
	struct outcome outcome;

	bytes = loan_alloc(BYTES, &size);
	if (bytes == NULL || size > PUPPET_BYTES || loan_listen() != E_OK)
		return 1;
	while (ipc_open(&puppet, puppet_name[1]) != E_OK)
		(void)sleep_ms(1);
	outcome = tell(&(struct order){.what = DO_TELL_ABOUT_YOURSELF});
	borrower = outcome.value[0];
	(void)tell(&(struct order){.what = DO_FILL, .flags = STORED});
	if (tell(&(struct order){.what = DO_STORE}).error != E_OK)
		printf("race: WRONG: the store\n");
	races(DRIVER_ISOLATED_STORAGE, "storage");
	races(DRIVER_RNG, "rng");
	printf("race: over\n");
	return 0;
}
