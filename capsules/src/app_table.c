/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Three kinds of keys, each after the byte of the kernel's space:
 *
 *	'A' name	the short id of that application
 *	'V' short id	its version floor
 *	'N'		the short id that is given next
 *
 * Giving a short id sets 'N' and adds 'A' in one commit, so that power lost meanwhile
 * neither gives it twice nor loses it.
 */
#include "capsules/app_table_instance.h"

#include "lib/bytes.h"
#include "lib/compiler.h"

enum state {
	TABLE_IDLE,
	TABLE_FIND_NAME,
	TABLE_FIND_NEXT,
	TABLE_GIVE,
	TABLE_FIND_FLOOR,
	TABLE_RAISE_FIND,
	TABLE_RAISE,
};

static const uint8_t next_key[2] = {STORAGE_KERNEL, 'N'};

static void table_end(struct app_table *self, enum error status)
{
	bool raising = self->state >= TABLE_RAISE_FIND;

	self->state = TABLE_IDLE;
	if (raising)
		self->client->ops->raised(self->client, status);
	else
		self->client->ops->found(self->client, status, self->short_id, self->floor);
}

static void submit(struct app_table *self, enum state state)
{
	self->state = (uint8_t)state;
	/* It cannot be pending: one call at a time. */
	(void)storage_submit_kernel(self->storage, &self->request, self->cap);
}

static void get(struct app_table *self, enum state state, const uint8_t *key, uint32_t length)
{
	self->request.operation = STORAGE_GET;
	self->request.query = (struct kv_query){
		.key = key,
		.key_length = length,
		.buffer = self->value,
		.buffer_length = sizeof(self->value),
	};
	submit(self, state);
}

static void get_floor(struct app_table *self, enum state state)
{
	self->floor_key[0] = STORAGE_KERNEL;
	self->floor_key[1] = 'V';
	le32_store(self->floor_key + 2, self->short_id);
	get(self, state, self->floor_key, sizeof(self->floor_key));
}

/* An application that is new here. */
static void give(struct app_table *self, uint32_t short_id)
{
	self->short_id = short_id;
	self->floor = 0;
	le32_store(self->value, short_id);
	le32_store(self->next, short_id + 1);
	self->changes[0] = (struct kv_change){
		.key = next_key,
		.value = self->next,
		.value_length = sizeof(self->next),
		.key_length = sizeof(next_key),
		.mode = KV_SET,
	};
	self->changes[1] = (struct kv_change){
		.key = self->name_key,
		.value = self->value,
		.value_length = sizeof(self->value),
		.key_length = self->name_length,
		.mode = KV_ADD,
	};
	self->request.operation = STORAGE_COMMIT;
	self->request.changes = self->changes;
	self->request.change_count = 2;
	submit(self, TABLE_GIVE);
}

static void raise_floor(struct app_table *self)
{
	le32_store(self->value, self->floor);
	self->changes[0] = (struct kv_change){
		.key = self->floor_key,
		.value = self->value,
		.value_length = sizeof(self->value),
		.key_length = sizeof(self->floor_key),
		.mode = KV_SET,
	};
	self->request.operation = STORAGE_COMMIT;
	self->request.changes = self->changes;
	self->request.change_count = 1;
	submit(self, TABLE_RAISE);
}

/* What a key holds; 0 where there is no such key. */
static bool value_of(const struct storage_request *request, const struct app_table *self,
		     enum error status, uint32_t *value)
{
	*value = status == E_OK ? le32_load(self->value) : 0;
	return (status == E_OK && request->count == 4 && request->value_length == 4) ||
	       status == E_NOSUPPORT;
}

static void table_go_on(struct app_table *self, enum error status, uint32_t value)
{
	switch (self->state) {
	case TABLE_FIND_NAME:
		self->short_id = value;
		if (status == E_OK)
			get_floor(self, TABLE_FIND_FLOOR);
		else
			get(self, TABLE_FIND_NEXT, next_key, sizeof(next_key));
		return;
	case TABLE_FIND_NEXT:
		if (value == UINT32_MAX)
			table_end(self, E_NOMEM); /* 2,147,483,647 applications were here */
		else
			give(self, value == 0 ? (uint32_t)APP_TABLE_FIRST : value);
		return;
	case TABLE_FIND_FLOOR:
		self->floor = value;
		table_end(self, E_OK);
		return;
	default: /* TABLE_RAISE_FIND */
		if (value >= self->floor)
			table_end(self, E_OK);
		else
			raise_floor(self);
	}
}

static void table_finished(struct storage_request *request, enum error status)
{
	struct app_table *self = CONTAINER_OF(request, struct app_table, request);
	uint32_t value;

	if (self->state == TABLE_GIVE || self->state == TABLE_RAISE) {
		table_end(self, status);
		return;
	}
	if (value_of(request, self, status, &value))
		table_go_on(self, status, value);
	else
		table_end(self, status == E_OFF ? E_OFF : E_FAIL);
}

static const struct storage_request_ops request_ops = {
	.finished = table_finished,
};

void app_table_init(struct app_table *self, struct storage *storage,
		    const struct cap_kernel_storage *cap)
{
	*self = (struct app_table){
		.storage = storage,
		.cap = cap,
		.request = {.ops = &request_ops},
	};
}

void app_table_set_client(struct app_table *self, struct app_table_client *client)
{
	self->client = client;
}

enum error app_table_find(struct app_table *self, const uint8_t *name, uint32_t length)
{
	if (self->state != TABLE_IDLE)
		return E_BUSY;
	if (length == 0 || length > APP_TABLE_NAME_MAX)
		return E_SIZE;
	self->name_key[0] = STORAGE_KERNEL;
	self->name_key[1] = 'A';
	for (uint32_t i = 0; i < length; i++)
		self->name_key[2 + i] = name[i];
	self->name_length = (uint8_t)(length + 2);
	get(self, TABLE_FIND_NAME, self->name_key, self->name_length);
	return E_OK;
}

enum error app_table_find_fixed(struct app_table *self, uint32_t short_id)
{
	if (self->state != TABLE_IDLE)
		return E_BUSY;
	if (short_id == 0 || short_id >= (uint32_t)APP_TABLE_FIRST)
		return E_INVAL;
	self->short_id = short_id;
	get_floor(self, TABLE_FIND_FLOOR);
	return E_OK;
}

enum error app_table_raise(struct app_table *self, uint32_t short_id, uint32_t version)
{
	if (self->state != TABLE_IDLE)
		return E_BUSY;
	self->short_id = short_id;
	self->floor = version;
	get_floor(self, TABLE_RAISE_FIND);
	return E_OK;
}
