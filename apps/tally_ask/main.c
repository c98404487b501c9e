/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A client of the service that `tally` is. It looks who has that name, connects to its
 * identity, and has the same bytes added up in all ways, again and again; it finds
 * the service again when that was restarted.
 */
#include <stdio.h>
#include <string.h>

#include "detent/ipc.h"
#include "detent/loan_queue.h"
#include "detent/timer.h"

enum { OF_MESSAGE, OF_LOAN, OF_STREAM };
enum { BYTES = 1000, SHORT = 100, SLOTS = 64, PAUSE_MS = 20 };

struct question {
	uint32_t of;
	loan_id loan;
	uint32_t count; /* bytes of the stream */
};

struct reply {
	uint32_t error;
	uint32_t sum;
};

static uint8_t *bytes; /* can be lent */
static size_t size;
static struct queue queue;

/* ---- finding it ---- */

/* A name is what anybody calls himself. Where the board checks nothing, so is an identity. */
static enum error connect(struct ipc_client *tally)
{
	struct ipc_peer_info peer;
	enum error error = ipc_open(tally, "tally");

	if (error != E_OK)
		return error;
	error = ipc_peer(tally->handle, &peer);
	ipc_close(tally);
	if (error != E_OK)
		return error;
	printf("tally_ask: to %08x, credential %u key %u role %u\n", (unsigned int)peer.short_id,
	       peer.credential, peer.key, peer.role);
	error = ipc_open_identity(tally, peer.short_id, IPC_CHECKED);
	printf("tally_ask: checked: %s\n", error_text(error));
	if (error != E_NODEVICE || peer.credential != 0)
		return error;
	return ipc_open_identity(tally, peer.short_id, IPC_CLAIMED);
}

/* ---- the ways of asking ---- */

static enum error of_message(const struct ipc_client *tally, struct reply *reply)
{
	uint8_t message[sizeof(struct question) + SHORT] = {OF_MESSAGE};
	struct ipc_exchange call = {message, sizeof(message), reply, sizeof(*reply), 0};

	memcpy(message + sizeof(struct question), bytes, SHORT);
	return ipc_call(tally, &call);
}

/* Of all that is lent, which is `size` bytes. */
static enum error of_loan(const struct ipc_client *tally, struct reply *reply)
{
	struct question question = {.of = OF_LOAN};
	struct ipc_exchange call = {&question, sizeof(question), reply, sizeof(*reply), 0};
	struct loan_offer offer = LOAN_OFFER(bytes, size, 0);
	struct ipc_peer_info peer;
	enum error error = ipc_peer(tally->handle, &peer);

	if (error != E_OK)
		return error;
	offer.borrower = peer.process;
	error = loan_make(&offer, &question.loan);
	if (error == E_OK)
		error = ipc_call(tally, &call); /* the service accepts, reads and returns */
	if (error != E_OK)
		loan_revoke(question.loan);
	return error;
}

struct outcome {
	bool over;
	enum error error;
};

static void answered(enum error error, size_t length, void *context)
{
	struct outcome *outcome = context;

	(void)length;
	outcome->over = true;
	outcome->error = error;
}

/* The queue is offered to the service, which hears of it by the question. */
static enum error start_stream(const struct ipc_client *tally, struct question *question,
			       struct reply *reply, struct outcome *outcome)
{
	struct ipc_exchange call = {question, sizeof(*question), reply, sizeof(*reply), 0};
	struct ipc_peer_info peer;
	enum error error = ipc_peer(tally->handle, &peer);

	if (error == E_OK)
		error = queue_lend(&queue, peer.process);
	if (error != E_OK)
		return error;
	question->loan = queue.loan;
	error = ipc_call_start(tally, &call, answered, outcome);
	if (error != E_OK)
		loan_revoke(queue.loan);
	return error;
}

static enum error of_stream(const struct ipc_client *tally, struct reply *reply)
{
	struct question question = {.of = OF_STREAM, .count = BYTES};
	struct outcome outcome = {.over = false};
	enum error error = start_stream(tally, &question, reply, &outcome);
	size_t put = 0;

	if (error != E_OK)
		return error;
	while (!outcome.over) {
		if (put < BYTES && queue_put(&queue, &bytes[put]) == E_OK)
			put++;
		else
			(void)sleep_ms(1);
	}
	loan_revoke(queue.loan); /* the service has returned it, or is gone */
	return outcome.error;
}

/* Asks for the sum of what it does not send, and does not wait for it. */
static enum error think_better_of_it(const struct ipc_client *tally)
{
	struct question question = {.of = OF_STREAM, .count = BYTES};
	struct reply reply = {0, 0};
	struct ipc_exchange call = {&question, sizeof(question), &reply, sizeof(reply), 0};
	struct outcome outcome = {.over = false};
	enum error error = start_stream(tally, &question, &reply, &outcome);

	if (error != E_OK)
		return error;
	(void)sleep_ms(2);
	error = ipc_call_start(tally, &call, answered, &outcome);
	printf("tally_ask: twice: %s", error_text(error));
	ipc_cancel(tally);
	printf(", cancelled: %s\n", error_text(of_message(tally, &reply)));
	loan_revoke(queue.loan);
	do {
		(void)sleep_ms(1);
		error = of_message(tally, &reply);
	} while (error == E_BUSY);
	if (outcome.over)
		printf("tally_ask: answered although cancelled\n");
	return error;
}

/* ---- all of them ---- */

static enum error show(const char *of, enum error error, const struct reply *reply)
{
	if (error == E_OK)
		error = (enum error)reply->error;
	if (error == E_OK)
		printf("tally_ask: of a %s: %u\n", of, (unsigned int)reply->sum);
	return error;
}

static enum error ask(const struct ipc_client *tally)
{
	struct reply reply = {0, 0};
	enum error error = show("message", of_message(tally, &reply), &reply);

	if (error == E_OK)
		error = show("loan", of_loan(tally, &reply), &reply);
	if (error == E_OK)
		error = show("stream", of_stream(tally, &reply), &reply);
	if (error == E_OK)
		error = think_better_of_it(tally);
	return error;
}

int main(void)
{
	struct ipc_client tally = {0, 0};
	enum error error = queue_make(&queue, QUEUE_PUTS, sizeof(uint8_t), SLOTS);

	bytes = loan_alloc(BYTES, &size);
	if (error == E_OK && (bytes == NULL || loan_listen() != E_OK))
		error = E_NOMEM;
	if (error != E_OK) {
		printf("tally_ask: %s\n", error_text(error));
		return 1;
	}
	for (size_t i = 0; i < BYTES; i++)
		bytes[i] = (uint8_t)i;
	for (;;) {
		if (tally.handle == 0)
			error = connect(&tally);
		if (error == E_OK)
			error = ask(&tally);
		if (error != E_OK) {
			printf("tally_ask: %s\n", error_text(error));
			ipc_close(&tally);
		}
		error = E_OK;
		(void)sleep_ms(PAUSE_MS);
	}
}
