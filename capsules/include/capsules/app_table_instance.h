/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* For boards: who only asks the table does not see the right that it holds. */
#ifndef CAPSULES_APP_TABLE_INSTANCE_H
#define CAPSULES_APP_TABLE_INSTANCE_H

#include "capsules/app_table.h"
#include "capsules/storage_kernel.h"

struct app_table {
	struct storage *storage;
	const struct cap_kernel_storage *cap;
	struct app_table_client *client;
	struct storage_request request;
	struct kv_change changes[2];
	uint8_t state;
	uint8_t name_key[KV_KEY_MAX];
	uint8_t name_length;
	uint8_t floor_key[6];
	uint8_t value[4], next[4];
	uint32_t short_id, floor;
};

void app_table_init(struct app_table *self, struct storage *storage,
		    const struct cap_kernel_storage *cap);

#endif
