/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A service that adds up bytes: of a message, of memory that is lent for the call, or of
 * a stream, which it answers when the last one has come. It serves those to whose
 * keys the board gives the same role as to its own. `tally_ask` is a client of it.
 */
#include <stdio.h>
#include <string.h>

#include "detent/identity.h"
#include "detent/ipc.h"
#include "detent/loan_queue.h"
#include "detent/timer.h"

enum { OF_MESSAGE, OF_LOAN, OF_STREAM };
enum { STREAMS = 4, POLL_MS = 1 };

struct question {
	uint32_t of;
	loan_id loan;
	uint32_t count; /* bytes of the stream */
};

struct reply {
	uint32_t error;
	uint32_t sum;
};

struct stream {
	uint32_t handle; /* 0: free */
	struct queue queue;
	loan_id loan;
	uint32_t left, sum;
};

static struct stream streams[STREAMS];
static struct identity self;

static uint32_t add(const uint8_t *bytes, size_t length)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < length; i++)
		sum += bytes[i];
	return sum;
}

/* The loan must be of who asks: any process can offer one, and guess its id. */
static enum error accept_of(uint32_t handle, loan_id id, struct loan *loan)
{
	struct ipc_peer_info peer;
	enum error error = ipc_peer(handle, &peer);

	if (error == E_OK)
		error = loan_accept(id, loan);
	if (error != E_OK || loan->lender == peer.process)
		return error;
	loan_return(loan->id);
	return E_INVAL;
}

static enum error add_lent(uint32_t handle, loan_id id, uint32_t *sum)
{
	struct loan loan;
	enum error error = accept_of(handle, id, &loan);

	if (error != E_OK)
		return error;
	*sum = add(loan.start, loan.length);
	return loan_return(loan.id);
}

/* ---- streams ---- */

static struct stream *stream_of(uint32_t handle)
{
	for (int i = 0; i < STREAMS; i++)
		if (streams[i].handle == handle)
			return &streams[i];
	return NULL;
}

static enum error begin(uint32_t handle, const struct question *question)
{
	struct stream *stream = stream_of(0);
	struct loan loan;
	enum error error = stream == NULL ? E_NOMEM : accept_of(handle, question->loan, &loan);

	if (error != E_OK)
		return error;
	error = queue_open(&stream->queue, &loan, QUEUE_TAKES, sizeof(uint8_t));
	if (error != E_OK) {
		loan_return(loan.id);
		return error;
	}
	stream->handle = handle;
	stream->loan = loan.id;
	stream->left = question->count;
	stream->sum = 0;
	return E_OK;
}

static void finish(struct stream *stream, enum error error)
{
	const struct reply reply = {(uint32_t)error, stream->sum};

	loan_return(stream->loan);
	error = ipc_answer(stream->handle, &reply, sizeof(reply));
	stream->handle = 0;
	if (error != E_OK)
		printf("tally: answer to a stream: %s\n", error_text(error));
}

/* Takes what is there. */
static void go_on(struct stream *stream)
{
	enum error error = E_OK;
	uint8_t byte;

	while (stream->left != 0) {
		error = queue_take(&stream->queue, &byte);
		if (error != E_OK)
			break;
		stream->sum += byte;
		stream->left--;
	}
	if (error != E_BUSY)
		finish(stream, error);
}

/* Whether there are any. */
static bool go_on_with_all(void)
{
	bool any = false;

	for (int i = 0; i < STREAMS; i++) {
		if (streams[i].handle == 0)
			continue;
		go_on(&streams[i]);
		any = true;
	}
	return any;
}

/* ---- requests ---- */

static size_t answer(const struct ipc_request *request, uint8_t answer[IPC_MESSAGE_MAX],
		     void *context)
{
	struct question question = {.of = OF_MESSAGE};
	struct reply reply = {E_INVAL, 0};

	(void)context;
	if (request->length >= sizeof(question)) {
		memcpy(&question, request->bytes, sizeof(question));
		reply.error = E_OK;
	}
	if (question.of == OF_STREAM) {
		reply.error = (uint32_t)begin(request->handle, &question);
		if (reply.error == E_OK)
			return IPC_LATER;
	} else if (question.of == OF_LOAN) {
		reply.error = (uint32_t)add_lent(request->handle, question.loan, &reply.sum);
	} else if (reply.error == E_OK) {
		reply.sum =
			add(request->bytes + sizeof(question), request->length - sizeof(question));
	}
	memcpy(answer, &reply, sizeof(reply));
	return sizeof(reply);
}

static bool is_one_of_ours(uint32_t handle, void *context)
{
	struct ipc_peer_info peer;

	(void)context;
	if (ipc_peer(handle, &peer) != E_OK)
		return false;
	if (peer.role != self.role)
		printf("tally: turns away role %u\n", peer.role);
	return peer.role == self.role;
}

static void gone(uint32_t handle, void *context)
{
	struct stream *stream = stream_of(handle);

	(void)context;
	if (stream == NULL)
		return;
	stream->handle = 0;
	printf("tally: a stream's client is gone\n");
}

int main(void)
{
	enum error error = loan_listen();

	if (identity_of(IDENTITY_SELF, &self) != E_OK)
		self.role = 0; /* the board knows none */
	ipc_serve_only(is_one_of_ours, NULL);
	ipc_serve_gone(gone, NULL);
	if (error == E_OK)
		error = ipc_serve_start("tally", answer, NULL);
	while (error == E_OK) {
		if (go_on_with_all())
			(void)sleep_ms(POLL_MS);
		else
			yield();
	}
	printf("tally: %s\n", error_text(error));
	return 1;
}
