/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "ipc_private.h"

enum { PLACES = 64 /* of connections: four of each process in the first 16 slots */ };

static uint32_t served[PLACES]; /* the connection in each place; 0: none */
static uint8_t requested[IPC_MESSAGE_MAX], answer[IPC_MESSAGE_MAX];
static ipc_serve_request *serve_request;
static ipc_admit *may_connect;
static ipc_gone *tell_gone;
static void *serve_context, *admit_context, *gone_context;

void ipc_serve_only(ipc_admit *admit, void *context)
{
	may_connect = admit;
	admit_context = context;
}

void ipc_serve_gone(ipc_gone *gone, void *context)
{
	tell_gone = gone;
	gone_context = context;
}

static void forget(uint32_t handle)
{
	uint32_t place = handle & 0xFF;

	if (place < PLACES)
		served[place] = 0;
	if (tell_gone)
		tell_gone(handle, gone_context);
}

/* A new connection says that the one before it in its place is over: there is no other news. */
static void offered(uint32_t handle)
{
	uint32_t place = handle & 0xFF;
	bool welcome;

	if (place < PLACES && served[place] != 0)
		forget(served[place]);
	welcome = !may_connect || may_connect(handle, admit_context);
	if (welcome && place < PLACES)
		served[place] = handle;
	command_done(DRIVER_CONNECTION, welcome ? IPC_ACCEPT : IPC_CLOSE, handle, 0);
}

static void heard(uint32_t handle, uint32_t state)
{
	if (state == IPC_STATE_OFFERED)
		offered(handle);
	else if (state == IPC_STATE_ENDED)
		forget(handle);
}

static void news(uint32_t arg0, uint32_t arg1, uint32_t arg2, void *context)
{
	(void)arg0;
	(void)arg1;
	(void)arg2;
	(void)context;
	ipc_hear();
}

/* The answer goes, and the next request may come, in one system call. */
static void asked(uint32_t handle, uint32_t length, uint32_t client, void *context)
{
	const struct ipc_request request = {handle, requested, length};
	size_t answered = serve_request(&request, answer, serve_context);
	enum error error = E_INVAL;

	(void)client;
	(void)context;
	if (answered != IPC_LATER)
		error = command_done(DRIVER_CONNECTION, IPC_ANSWER_NEXT, handle,
				     (uint32_t)answered);
	if (error == E_INVAL || error == E_SIZE)
		command_done(DRIVER_CONNECTION, IPC_READY, 0, 0);
}

static enum error share(void)
{
	enum error error = allow_rw(DRIVER_CONNECTION, IPC_BUFFER_REQUEST,
				    (struct allowed){requested, sizeof(requested)}, NULL);

	if (error == E_OK)
		error = allow_ro(DRIVER_CONNECTION, IPC_BUFFER_ANSWER,
				 (struct allowed_const){answer, sizeof(answer)}, NULL);
	if (error == E_OK)
		error = subscribe(DRIVER_CONNECTION, IPC_EVENT_NEWS,
				  (struct subscription){news, NULL}, NULL);
	if (error == E_OK)
		error = subscribe(DRIVER_CONNECTION, IPC_EVENT_REQUEST,
				  (struct subscription){asked, NULL}, NULL);
	return error;
}

enum error ipc_serve_start(const char *name, ipc_serve_request *serve, void *context)
{
	enum error error = share();

	serve_request = serve;
	serve_context = context;
	ipc_service_heard = heard;
	if (error == E_OK)
		error = ipc_share_name(name);
	if (error == E_OK)
		error = command_done(DRIVER_CONNECTION, IPC_LISTEN, 0, 0);
	(void)ipc_share_name(NULL);
	if (error == E_OK)
		error = command_done(DRIVER_CONNECTION, IPC_READY, 0, 0);
	return error;
}

enum error ipc_serve(const char *name, ipc_serve_request *serve, void *context)
{
	enum error error = ipc_serve_start(name, serve, context);

	while (error == E_OK)
		yield();
	return error;
}

enum error ipc_answer(uint32_t handle, const void *bytes, size_t length)
{
	const struct allowed_const usual = {answer, sizeof(answer)};
	enum error error = allow_ro(DRIVER_CONNECTION, IPC_BUFFER_ANSWER,
				    (struct allowed_const){bytes, length}, NULL);

	if (error == E_OK)
		error = command_done(DRIVER_CONNECTION, IPC_ANSWER, handle, (uint32_t)length);
	allow_ro(DRIVER_CONNECTION, IPC_BUFFER_ANSWER, usual, NULL);
	return error;
}
