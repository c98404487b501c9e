/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Does with loans what loan_director says, good or bad, and dies where it says so. The
 * kernel's flag of yield-no-wait is how it tries its reach and lives: the kernel
 * writes it with the rights of the process, and says nothing where it cannot.
 */
#include <stdio.h>
#include <string.h>

#include "detent/arch/syscall.h"
#include "detent/ipc.h"
#include "detent/loan.h"
#include "detent/memory.h"
#include "detent/storage.h"
#include "order.h"

enum {
	CONSOLE_READ = 2,
	CONSOLE_GOT = 2,
	STORAGE_READ = 2,
	STORAGE_GOT = 1,
	RNG_GET = 1,
	RNG_GOT = 0
};

static uint8_t *own;
static size_t own_size;

static void poke(uint32_t address)
{
	syscall_yield((struct syscall_words){{YIELD_NO_WAIT, address, 0, 0}});
}

static uint32_t lend(const struct order *order, uint32_t *id)
{
	struct loan_offer offer = {
		.start = (void *)(uintptr_t)order->region[0],
		.length = order->region[1],
		.borrower = order->to,
		.flags = order->flags,
		.driver = order->driver,
		.ticks = order->ticks,
	};

	return loan_make(&offer, id);
}

static uint32_t take(const struct order *order, uint32_t place[2])
{
	struct loan loan = {0};
	enum error error = loan_accept(order->id, &loan);

	place[0] = (uint32_t)(uintptr_t)loan.start;
	place[1] = (uint32_t)loan.length;
	return error;
}

static uint32_t share(const struct order *order, uint32_t was[2])
{
	struct allowed before = {0};
	enum error error = allow_rw(
		DRIVER_CONSOLE, 1,
		(struct allowed){(void *)(uintptr_t)order->region[0], order->region[1]}, &before);

	was[0] = (uint32_t)(uintptr_t)before.start;
	was[1] = (uint32_t)before.length;
	return error;
}

static enum error wait_for_deadline(loan_id id)
{
	while (loan_describe(id, NULL, NULL) == E_OK)
		(void)yield_no_wait();
	return E_OK;
}

/* The serial port has a place to write to, and the place goes before anything comes. */
static uint32_t type_into(const struct order *order, uint32_t value[2])
{
	struct upcall_values got;
	uint32_t was[2];
	uint32_t error = share(order, was);

	if (error == E_OK)
		error = command_done(DRIVER_CONSOLE, CONSOLE_READ, order->region[1], 0);
	if (error == E_OK)
		error = order->ticks == 0 ? loan_return(order->id) : wait_for_deadline(order->id);
	if (error != E_OK)
		return error;
	printf("loan_puppet: type\n");
	got = yield_wait_for(DRIVER_CONSOLE, CONSOLE_GOT);
	value[0] = (uint32_t)got.arg[0];
	value[1] = (uint32_t)got.arg[1];
	return E_OK;
}

/* The whole of a loan, from the random numbers or from what DO_STORE has stored. */
static uint32_t read_into(const struct order *order, uint32_t value[2])
{
	const bool random = order->driver == DRIVER_RNG;
	struct upcall_values got;
	struct loan loan;
	enum error error = loan_accept(order->id, &loan);

	if (error == E_OK)
		error = allow_rw(order->driver, 0, (struct allowed){loan.start, loan.length}, NULL);
	if (error == E_OK)
		error = command_done(order->driver, random ? RNG_GET : STORAGE_READ,
				     random ? (uint32_t)loan.length : 0, 0);
	if (error != E_OK)
		return error;
	got = yield_wait_for(order->driver, random ? RNG_GOT : STORAGE_GOT);
	value[0] = (uint32_t)got.arg[0];
	value[1] = (uint32_t)got.arg[1];
	return E_OK;
}

static uint32_t join(uint32_t *slot)
{
	static const char name[] = "loan_puppet";
	enum error error =
		allow_ro(DRIVER_TOCK_IPC, 0, (struct allowed_const){name, sizeof(name) - 1}, NULL);

	return error != E_OK ? error : command_value(DRIVER_TOCK_IPC, DISCOVER, 0, slot);
}

static uint32_t notify(uint32_t service)
{
	enum error error =
		allow_rw(DRIVER_TOCK_IPC, service, (struct allowed){own, own_size}, NULL);

	return error != E_OK ? error : command_done(DRIVER_TOCK_IPC, NOTIFY_SERVICE, service, 0);
}

static uint32_t about_itself(uint32_t value[2])
{
	value[0] = loan_self();
	value[1] = (uint32_t)(uintptr_t)own;
	return E_OK;
}

static uint32_t do_it(const struct order *order, uint32_t value[2])
{
	switch (order->what) {
	case DO_TELL_ABOUT_YOURSELF:
		return about_itself(value);
	case DO_OFFER:
		return lend(order, value);
	case DO_ACCEPT:
		return take(order, value);
	case DO_RETURN:
		return loan_return(order->id);
	case DO_REVOKE:
		return loan_revoke(order->id);
	case DO_ALLOW:
		return share(order, value);
	case DO_TYPE_INTO:
		return type_into(order, value);
	case DO_STORE:
		return storage_write(0, own, own_size);
	case DO_READ_INTO:
		return read_into(order, value);
	case DO_POKE:
		poke(order->region[0]);
		return E_OK;
	case DO_JOIN:
		return join(value);
	case DO_NOTIFY:
		return notify(order->to);
	case DO_BREAK:
		return memop(MEMOP_BRK, order->region[0], NULL);
	case DO_RESTART:
		process_restart(0);
	default:
		return E_NOSUPPORT;
	}
}

static size_t obey(const struct ipc_request *request, uint8_t answer[IPC_MESSAGE_MAX],
		   void *context)
{
	struct order order = {0};
	struct outcome outcome = {0};

	(void)context;
	memcpy(&order, request->bytes,
	       request->length < sizeof(order) ? request->length : sizeof(order));
	if (order.what == DO_READ || order.what == DO_TOUCH)
		outcome.value[0] = *(volatile uint8_t *)(uintptr_t)order.region[0];
	else if (order.what == DO_FILL)
		memset(own, (int)order.flags, own_size);
	else if (order.what == DO_COUNT_WINDOWS)
		outcome.value[0] = loan_windows();
	else
		outcome.error = do_it(&order, outcome.value);
	memcpy(answer, &outcome, sizeof(outcome));
	return sizeof(outcome);
}

int main(void)
{
	own = loan_alloc(PUPPET_BYTES, &own_size);
	if (own == NULL || loan_listen() != E_OK)
		return 1;
	memset(own, PATTERN, own_size);
	return (int)ipc_serve(puppet_name[loan_self() & 3], obey, NULL);
}
