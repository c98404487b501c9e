/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Does to the service of apps/upper, and to the drivers between processes, what it
 * must not get away with; apps/ask beside it must go on being served. Ends with
 * `ipc_attacks: N tried, M succeeded`, and then keeps its channels.
 */
#include <stdio.h>

#include "detent/ipc.h"
#include "detent/memory.h"
#include "detent/syscall.h"

enum {
	LISTEN = 1,
	BY_NAME = 3,
	BY_IDENTITY = 4,
	PEER = 5,
	CLOSE = 8,
	NEWS = 9,
	REQUEST = 10,
	ANSWER_NEXT = 14,
};
enum { RELAY_SEND = 0x10, RELAY_GET_FROM = 0x23, RELAY_RESPOND = 0x24 };
enum { NOTIFY_SERVICE = 2, NOTIFY_CLIENT = 3 };
enum { CHANNELS = 4, ROUNDS = 100, BUFFER = 64 };

static uint8_t buffer[BUFFER] __attribute__((aligned(BUFFER)));
static unsigned int tried, succeeded;

/* `done`: it got away with it. */
static void attack(bool done, const char *what)
{
	tried++;
	if (!done)
		return;
	succeeded++;
	printf("ipc_attacks: SUCCEEDED: %s\n", what);
}

static enum error call(uint32_t driver, uint32_t number, uint32_t first, uint32_t second)
{
	struct command_return result = command(driver, number, first, second);

	if (result.variant >= SYSCALL_SUCCESS)
		return E_OK;
	return (enum error)result.value[0];
}

static uint32_t open_channel(uint32_t channel)
{
	struct command_return made;

	allow_ro(DRIVER_CONNECTION, 0, (struct allowed_const){"upper", 5}, NULL);
	made = command(DRIVER_CONNECTION, BY_NAME, channel, 0);
	return made.variant == SYSCALL_SUCCESS_U32 ? made.value[0] : 0;
}

/* Every place of the table, with every serial that a few connections may have had. */
static void forge_handles(void)
{
	for (uint32_t serial = 0; serial < 6; serial++) {
		for (uint32_t place = 0; place <= 0xFF; place += 1 + place % 3) {
			uint32_t handle = serial << 8 | place;
			uint32_t number = PEER + place % 7;

			if (number == NEWS)
				number = ANSWER_NEXT;
			attack(call(DRIVER_CONNECTION, number, handle, 0) != E_INVAL,
			       "forged handle");
		}
	}
	attack(call(DRIVER_CONNECTION, REQUEST, UINT32_MAX, UINT32_MAX) != E_INVAL, "handle -1");
}

static void use_up_channels(uint32_t handles[CHANNELS])
{
	for (uint32_t i = 0; i < CHANNELS; i++)
		handles[i] = open_channel(i);
	attack(open_channel(0) != 0, "a channel twice");
	attack(open_channel(CHANNELS) != 0, "a fifth channel");
	attack(open_channel(UINT32_MAX) != 0, "channel -1");
	attack(call(DRIVER_CONNECTION, LISTEN, 0, 0) != E_ALREADY, "another's name");
	attack(call(DRIVER_CONNECTION, BY_IDENTITY, 0, 0) != E_NODEVICE, "nobody's identity");
}

/* Asks on all channels and looks at no answer, closes, and begins anew. */
static void flood(uint32_t handles[CHANNELS])
{
	for (uint32_t round = 0; round < ROUNDS; round++) {
		uint32_t old = handles[round % CHANNELS];

		for (uint32_t i = 0; i < CHANNELS; i++)
			call(DRIVER_CONNECTION, REQUEST, handles[i], 0);
		call(DRIVER_CONNECTION, CLOSE, old, 0);
		handles[round % CHANNELS] = open_channel(round % CHANNELS);
		attack(call(DRIVER_CONNECTION, REQUEST, old, 0) != E_INVAL, "stale handle");
		yield_no_wait();
	}
}

static void ask_for_too_much(uint32_t handle)
{
	enum error error;

	while (call(DRIVER_CONNECTION, PEER, handle, 0) == E_OK) {
		error = call(DRIVER_CONNECTION, REQUEST, handle, 1);
		attack(error == E_OK, "a request out of nothing");
		allow_ro(DRIVER_CONNECTION, 1, (struct allowed_const){buffer, 1}, NULL);
		error = call(DRIVER_CONNECTION, REQUEST, handle, 2);
		attack(error == E_OK, "a request beyond what is shared");
		allow_ro(DRIVER_CONNECTION, 1, (struct allowed_const){NULL, 0}, NULL);
		break;
	}
}

/* The drivers that Tock's applications use. */
static void forge_identifiers(void)
{
	allow_rw(DRIVER_RELAY, 0, (struct allowed){buffer, sizeof(buffer)}, NULL);
	for (uint32_t slot = 0; slot < 12; slot++) {
		for (uint32_t life = 0; life < 4; life++)
			attack(call(DRIVER_RELAY, RELAY_GET_FROM, life << 8 | slot, 0) == E_OK,
			       "another's request");
		attack(call(DRIVER_RELAY, RELAY_SEND, 1 << 8 | slot, 7) == E_OK,
		       "a made-up identifier");
		attack(call(DRIVER_TOCK_IPC, NOTIFY_SERVICE, slot, 0) == E_OK, "who was not found");
		attack(call(DRIVER_TOCK_IPC, NOTIFY_CLIENT, slot, 0) == E_OK, "who has not called");
	}
	attack(call(DRIVER_RELAY, RELAY_RESPOND, 0, 0) == E_OK, "an answer to nobody");
	attack(call(DRIVER_TOCK_IPC, NOTIFY_SERVICE, UINT32_MAX, 0) == E_OK, "process -1");
}

int main(void)
{
	uint32_t handles[CHANNELS];

	use_up_channels(handles);
	ask_for_too_much(handles[0]);
	flood(handles);
	for (uint32_t i = 0; i < CHANNELS; i++)
		call(DRIVER_CONNECTION, CLOSE, handles[i], 0);
	forge_handles();
	forge_identifiers();
	printf("ipc_attacks: %u tried, %u succeeded\n", tried, succeeded);
	use_up_channels(handles);
	for (uint32_t i = 0; i < CHANNELS; i++)
		call(DRIVER_CONNECTION, REQUEST, handles[i], 0);
	for (;;)
		yield();
}
