/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The applications that this device has met: short ids and version floors, kept in
 * the kernel's part of the store. A short id is given once and never again, however
 * many applications came and went.
 */
#ifndef CAPSULES_APP_TABLE_H
#define CAPSULES_APP_TABLE_H

#include "abi/error.h"
#include "lib/kv.h"

#include <stdint.h>

enum {
	APP_TABLE_NAME_MAX = KV_KEY_MAX - 2, /* bytes that say who an application is */
	/* From here on the table gives short ids; below, headers may name their own. */
	APP_TABLE_FIRST = INT32_MIN,
};

struct app_table_client {
	const struct app_table_client_ops *ops;
};

struct app_table_client_ops {
	/* E_OK: short id and floor are there. E_NOMEM: the store is full. E_FAIL, E_OFF: it does not work. */
	void (*found)(struct app_table_client *client, enum error status, uint32_t short_id,
		      uint32_t floor);
	/* It is kept for good, or E_NOMEM, E_FAIL, E_OFF. */
	void (*raised)(struct app_table_client *client, enum error status);
};

struct app_table; /* app_table_instance.h */

void app_table_set_client(struct app_table *self, struct app_table_client *client);

/*
 * Looks an application up by what identifies it, 1 to APP_TABLE_NAME_MAX bytes, and
 * gives it a short id where it is new. One call at a time: E_BUSY. E_SIZE.
 */
enum error app_table_find(struct app_table *self, const uint8_t *name, uint32_t length);

/* The same for one that brings its short id, which is below APP_TABLE_FIRST and not 0: E_INVAL. */
enum error app_table_find_fixed(struct app_table *self, uint32_t short_id);

/* Raises the floor of an application; lower than it is leaves it. E_BUSY as above. */
enum error app_table_raise(struct app_table *self, uint32_t short_id, uint32_t version);

#endif
