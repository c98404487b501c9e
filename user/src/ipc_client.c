/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "ipc_private.h"

#include <string.h>

/* How this process sees what it has connected. */
struct channel {
	uint32_t handle; /* 0: free */
	uint32_t state;
	ipc_answered *answered; /* null: no call was started, or one is waited for */
	void *context;
};

static struct channel channels[IPC_CHANNELS];

void (*ipc_service_heard)(uint32_t handle, uint32_t state);

static struct channel *channel_of(const struct ipc_client *client)
{
	if (client->handle == 0 || client->channel >= IPC_CHANNELS ||
	    channels[client->channel].handle != client->handle)
		return NULL;
	return &channels[client->channel];
}

void ipc_hear(void)
{
	for (;;) {
		struct command_return news = command(DRIVER_CONNECTION, IPC_NEWS, 0, 0);
		uint32_t state = news.value[1] & IPC_STATE_MASK;
		bool mine = false;

		if (news.variant != SYSCALL_SUCCESS_2_U32 || news.value[0] == 0)
			return;
		for (uint32_t i = 0; i < IPC_CHANNELS; i++) {
			if (channels[i].handle != news.value[0])
				continue;
			channels[i].state = state;
			mine = true;
		}
		if (!mine && ipc_service_heard)
			ipc_service_heard(news.value[0], state);
	}
}

enum error ipc_share_name(const char *name)
{
	return allow_ro(DRIVER_CONNECTION, IPC_BUFFER_NAME,
			(struct allowed_const){name, name ? strlen(name) : 0}, NULL);
}

enum error ipc_peer(uint32_t handle, struct ipc_peer_info *peer)
{
	struct command_return found = command(DRIVER_CONNECTION, IPC_PEER, handle, 0);
	struct command_return identity = command(DRIVER_CONNECTION, IPC_IDENTITY, handle, 0);

	if (found.variant != SYSCALL_SUCCESS_2_U32 || identity.variant != SYSCALL_SUCCESS_2_U32)
		return E_INVAL;
	*peer = (struct ipc_peer_info){
		.process = found.value[0],
		.short_id = found.value[1],
		.credential = (uint8_t)identity.value[0],
		.key = (uint8_t)(identity.value[0] >> 8),
		.role = (uint8_t)(identity.value[0] >> 16),
		.version = identity.value[1],
	};
	return E_OK;
}

static enum error free_channel(uint32_t *number)
{
	for (uint32_t i = 0; i < IPC_CHANNELS; i++) {
		if (channels[i].handle == 0) {
			*number = i;
			return E_OK;
		}
	}
	return E_NOMEM;
}

/* Waits until the service has said yes or no. */
static enum error await(struct ipc_client *client, struct command_return made, uint32_t number)
{
	struct channel *channel = &channels[number];

	if (made.variant != SYSCALL_SUCCESS_U32)
		return made.value[0] != 0 ? (enum error)made.value[0] : E_FAIL;
	*channel = (struct channel){.handle = made.value[0], .state = IPC_STATE_OFFERED};
	for (;;) {
		ipc_hear();
		if (channel->state != IPC_STATE_OFFERED)
			break;
		yield_wait_for(DRIVER_CONNECTION, IPC_EVENT_NEWS);
	}
	if (channel->state == IPC_STATE_ENDED) {
		channel->handle = 0;
		return E_UNINSTALLED;
	}
	*client = (struct ipc_client){made.value[0], number};
	return E_OK;
}

enum error ipc_open(struct ipc_client *client, const char *name)
{
	uint32_t number;
	enum error error = free_channel(&number);

	*client = (struct ipc_client){0};
	if (error == E_OK)
		error = ipc_share_name(name);
	if (error != E_OK)
		return error;

	struct command_return made = command(DRIVER_CONNECTION, IPC_BY_NAME, number, 0);

	(void)ipc_share_name(NULL);
	return await(client, made, number);
}

enum error ipc_open_identity(struct ipc_client *client, uint32_t short_id, enum ipc_trust trust)
{
	uint32_t number;
	enum error error = free_channel(&number);

	*client = (struct ipc_client){0};
	if (error != E_OK)
		return error;
	return await(client,
		     command(DRIVER_CONNECTION, IPC_BY_IDENTITY, number | (uint32_t)trust << 8,
			     short_id),
		     number);
}

static void stop_sharing(uint32_t number)
{
	allow_ro(DRIVER_CONNECTION, IPC_BUFFER_OUT + number, (struct allowed_const){NULL, 0}, NULL);
	allow_rw(DRIVER_CONNECTION, IPC_BUFFER_IN + number, (struct allowed){NULL, 0}, NULL);
}

static enum error ask(const struct ipc_client *client, const struct ipc_exchange *call)
{
	uint32_t number = client->channel;
	enum error error = allow_ro(DRIVER_CONNECTION, IPC_BUFFER_OUT + number,
				    (struct allowed_const){call->request, call->length}, NULL);

	if (error == E_OK)
		error = allow_rw(DRIVER_CONNECTION, IPC_BUFFER_IN + number,
				 (struct allowed){call->answer, call->room}, NULL);
	if (error == E_OK)
		error = command_done(DRIVER_CONNECTION, IPC_REQUEST, client->handle,
				     (uint32_t)call->length);
	if (error != E_OK)
		stop_sharing(number);
	return error;
}

enum error ipc_call(const struct ipc_client *client, struct ipc_exchange *call)
{
	struct channel *channel = channel_of(client);
	struct upcall_values values;
	enum error error;

	call->answered = 0;
	if (!channel)
		return E_INVAL;
	if (channel->answered)
		return E_BUSY;
	error = ask(client, call);
	if (error != E_OK)
		return error;
	do
		values = yield_wait_for(DRIVER_CONNECTION, IPC_EVENT_ANSWER + client->channel);
	while (values.arg[2] != client->handle); /* of the channel's last connection */
	stop_sharing(client->channel);
	call->answered = values.arg[1];
	return (enum error)values.arg[0];
}

/* The next call may be started when `answered` runs. */
static void ended(uint32_t status, uint32_t length, uint32_t handle, void *context)
{
	struct channel *channel = context;
	struct channel now = *channel;

	if (!now.answered || now.handle != handle)
		return;
	channel->answered = NULL;
	stop_sharing((uint32_t)(channel - channels));
	now.answered((enum error)status, length, now.context);
}

enum error ipc_call_start(const struct ipc_client *client, const struct ipc_exchange *call,
			  ipc_answered *answered, void *context)
{
	struct channel *channel = channel_of(client);
	enum error error;

	if (!channel)
		return E_INVAL;
	if (channel->answered)
		return E_BUSY;
	error = subscribe(DRIVER_CONNECTION, IPC_EVENT_ANSWER + client->channel,
			  (struct subscription){ended, channel}, NULL);
	if (error == E_OK)
		error = ask(client, call);
	if (error != E_OK)
		return error;
	channel->answered = answered;
	channel->context = context;
	return E_OK;
}

void ipc_cancel(const struct ipc_client *client)
{
	struct channel *channel = channel_of(client);

	if (!channel || !channel->answered)
		return;
	command_done(DRIVER_CONNECTION, IPC_CANCEL, client->handle, 0);
	channel->answered = NULL;
	stop_sharing(client->channel);
	subscribe(DRIVER_CONNECTION, IPC_EVENT_ANSWER + client->channel,
		  (struct subscription){NULL, NULL}, NULL);
}

void ipc_close(struct ipc_client *client)
{
	struct channel *channel = channel_of(client);

	if (!channel)
		return;
	ipc_cancel(client);
	command_done(DRIVER_CONNECTION, IPC_CLOSE, client->handle, 0);
	channel->handle = 0;
	client->handle = 0;
}
