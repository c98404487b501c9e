/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Driver 0x50003: keys and values. Described in docs/syscalls/50003_key_value.md. */
#ifndef CAPSULES_KV_DRIVER_H
#define CAPSULES_KV_DRIVER_H

#include "capsules/storage.h"
#include "kernel/driver.h"

enum {
	KV_DRIVER_KEY_MAX = 64,    /* bytes */
	KV_DRIVER_VALUE_MAX = 512, /* bytes */
};

struct kv_driver {
	struct driver driver;
	struct storage *storage;
	struct storage_request request;
	struct process_id served; /* who had the last turn, or has it now */
	struct kv_change change;
	bool busy;
	uint8_t key[1 + KV_DRIVER_KEY_MAX];
	uint8_t value[KV_DRIVER_VALUE_MAX];
};

void kv_driver_init(struct kv_driver *self, struct storage *storage);

#endif
