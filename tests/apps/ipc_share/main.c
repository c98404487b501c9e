/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Tock's driver 0x10000: load it twice. The first one is a service that writes into
 * what the second one shares with it, and once more when that is over.
 */
#include <stdio.h>

#include "detent/memory.h"
#include "detent/syscall.h"

enum { DISCOVER = 1, NOTIFY_SERVICE = 2, NOTIFY_CLIENT = 3 };
enum { SHARED = 64 };

static const char name[] = "ipc_share";
static volatile uint8_t buffer[2 * SHARED] __attribute__((aligned(2 * SHARED)));
static volatile uint8_t *last;
static uint32_t service;
static volatile bool answered;

static void notified(uint32_t client, uint32_t length, uint32_t address, void *context)
{
	(void)context;
	if (length != 0)
		last = (volatile uint8_t *)(uintptr_t)address;
	else
		printf("ipc_share: service reaches out\n");
	last[0] = 0x5A;
	last[SHARED - 1] = 0xA5;
	command_done(DRIVER_TOCK_IPC, NOTIFY_CLIENT, client, 0);
}

static void done(uint32_t from, uint32_t length, uint32_t address, void *context)
{
	(void)from;
	(void)length;
	(void)address;
	(void)context;
	answered = true;
}

static enum error share(volatile uint8_t *start, size_t length)
{
	enum error error = allow_rw(DRIVER_TOCK_IPC, service,
				    (struct allowed){(void *)(uintptr_t)start, length}, NULL);

	return error != E_OK ? error : command_done(DRIVER_TOCK_IPC, NOTIFY_SERVICE, service, 0);
}

static void be_client(void)
{
	enum error error;

	/* Tock 1993: a region that no memory protection can express. */
	do
		error = share(buffer + 1, SHARED);
	while (error == E_INVAL); /* the service has not come so far */
	printf("ipc_share: an odd buffer: %s\n", error_text(error));
	error = share(buffer, SHARED);
	while (!answered)
		yield();
	printf("ipc_share: %02x %02x %02x\n", buffer[0], buffer[SHARED - 1], buffer[SHARED]);
	buffer[0] = 0;
	error = share(NULL, 0);
	printf("ipc_share: not shared any more: %s\n", error_text(error));
	for (;;)
		yield();
}

int main(void)
{
	uint32_t self;

	allow_ro(DRIVER_TOCK_IPC, 0, (struct allowed_const){name, sizeof(name) - 1}, NULL);
	if (command_value(DRIVER_TOCK_IPC, DISCOVER, 0, &service) != E_OK ||
	    command_value(DRIVER_LOAN, 7, 0, &self) != E_OK) {
		printf("ipc_share: no driver\n");
		return 1;
	}
	subscribe(DRIVER_TOCK_IPC, service,
		  (struct subscription){(self & 0xFF) == service ? notified : done, NULL}, NULL);
	if ((self & 0xFF) != service)
		be_client();
	for (;;)
		yield();
}
