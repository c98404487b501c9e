/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Tock's registries and relay from both sides. Who registers the name first is the
 * server, which turns letters by 13; the other one finds it by both registries, asks,
 * cancels, asks anew, and at last waits for an answer that does not come until the
 * server ends.
 */
#include <stdio.h>
#include <string.h>

#include "detent/syscall.h"
#include "detent/timer.h"

enum { REGISTER = 1, DISCOVER = 2, FOUND = 1 /* upcall */ };
enum { SEND = 0x10, CANCEL = 0x11, ENABLE = 0x20, GET_ANY = 0x22, RESPOND = 0x24 };
enum { UPCALL_RESPONSE = 0, UPCALL_REQUEST = 1 };
enum { ROOM = 32, LATE_MS = 20, HURRY_MS = 5, PAUSE_MS = 5 };
enum { LATE = '!', NEVER = '?' };

static const char chosen[20] = "rot13", package[] = "relay_pair";
static char out[ROOM], in[ROOM];

static enum error name_it(uint32_t driver, const char *name, size_t length)
{
	return allow_ro(driver, 0, (struct allowed_const){name, length}, NULL);
}

static enum error share(size_t length)
{
	enum error error = allow_rw(DRIVER_RELAY, 0, (struct allowed){in, sizeof(in)}, NULL);

	if (error == E_OK)
		error = allow_ro(DRIVER_RELAY, 0, (struct allowed_const){out, length}, NULL);
	return error;
}

/* ---- the server ---- */

static char turned(char letter)
{
	char first = letter >= 'a' && letter <= 'z' ? 'a' : 'A';

	if (letter < first || letter > first + 25)
		return letter;
	return (char)(first + (letter - first + 13) % 26);
}

static void respond(uint32_t length)
{
	enum error error = share(length);

	for (uint32_t i = 0; i < length; i++)
		out[i] = turned(in[i]);
	while (in[0] == NEVER)
		yield();
	if (in[0] == LATE)
		(void)sleep_ms(LATE_MS);
	if (error == E_OK)
		error = command_done(DRIVER_RELAY, RESPOND, 0, 0);
	if (error != E_OK)
		printf("server: an answer: %s\n", error_text(error));
}

static enum error serve(void)
{
	enum error error = command_done(DRIVER_PACKAGE_REGISTRY, REGISTER, 0, 0);

	if (error == E_OK)
		error = share(0);
	if (error == E_OK)
		error = command_done(DRIVER_RELAY, ENABLE, 0, 0);
	while (error == E_OK) {
		struct command_return got = command(DRIVER_RELAY, GET_ANY, 0, 0);

		if (got.variant == SYSCALL_SUCCESS_U32_U64)
			respond(got.value[0]);
		else
			(void)yield_wait_for(DRIVER_RELAY, UPCALL_REQUEST);
	}
	return error;
}

/* ---- the client ---- */

struct identifier {
	uint32_t low, high;
};

static enum error find(uint32_t driver, struct identifier *server)
{
	enum error error = command_done(driver, DISCOVER, 0, 0);
	struct upcall_values found;

	if (error != E_OK)
		return error;
	found = yield_wait_for(driver, FOUND);
	*server = (struct identifier){found.arg[1], found.arg[2]};
	return (enum error)found.arg[0];
}

static enum error send(const struct identifier *server, const char *text)
{
	size_t length = strlen(text);
	enum error error = share(length);

	memcpy(out, text, length);
	if (error == E_OK)
		error = command_done(DRIVER_RELAY, SEND, server->low, server->high);
	return error;
}

static enum error await(const char *text)
{
	struct upcall_values over = yield_wait_for(DRIVER_RELAY, UPCALL_RESPONSE);

	if (over.arg[0] == E_OK)
		printf("client: %s -> %.*s\n", text, (int)over.arg[1], in);
	return (enum error)over.arg[0];
}

static enum error ask(const struct identifier *server, const char *text)
{
	enum error error = send(server, text);

	return error != E_OK ? error : await(text);
}

/* The answer to the first one comes when the second one waits. */
static enum error ask_and_ask_anew(const struct identifier *server)
{
	enum error error = send(server, "!too slow");

	(void)sleep_ms(HURRY_MS);
	if (error == E_OK)
		error = command_done(DRIVER_RELAY, CANCEL, 0, 0);
	if (error == E_OK)
		printf("client: the first one: %s\n", error_text(await("!too slow")));
	return error != E_OK ? error : ask(server, "Once more");
}

static enum error be_client(void)
{
	struct identifier server = {0, 0}, same = {0, 0};
	enum error error = find(DRIVER_STRING_REGISTRY, &server);

	if (error == E_OK)
		error = find(DRIVER_PACKAGE_REGISTRY, &same);
	if (error != E_OK)
		return error;
	printf("client: found twice, %s\n",
	       server.low == same.low && server.high == same.high ? "the same" : "not the same");
	error = ask(&server, "Hello, World");
	if (error == E_OK)
		error = ask_and_ask_anew(&server);
	if (error == E_OK)
		error = send(&server, "?");
	if (error != E_OK)
		return error;
	printf("client: waits\n");
	return await("?");
}

int main(void)
{
	enum error error = name_it(DRIVER_STRING_REGISTRY, chosen, sizeof(chosen));

	if (error == E_OK)
		error = name_it(DRIVER_PACKAGE_REGISTRY, package, sizeof(package) - 1);
	if (error == E_OK)
		error = command_done(DRIVER_STRING_REGISTRY, REGISTER, 0, 0);
	if (error == E_OK)
		error = serve();
	while (error == E_ALREADY) {
		enum error over = be_client();

		if (over != E_NODEVICE)
			printf("client: %s\n", error_text(over));
		(void)sleep_ms(PAUSE_MS);
	}
	printf("relay_pair: %s\n", error_text(error));
	return 1;
}
