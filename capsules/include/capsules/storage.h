/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The storage core: one key-value store (lib/kv.h) for all drivers and for the
 * kernel. It asks the kernel itself who a process is: no driver can lend one
 * application the rights of another, or go round a quota.
 *
 * Keys begin with a byte that names the space they are in, so that drivers do
 * not get in each other's way.
 */
#ifndef CAPSULES_STORAGE_H
#define CAPSULES_STORAGE_H

#include "hil/flash.h"
#include "kernel/deferred.h"
#include "kernel/process_id.h"
#include "kernel/storage_permissions.h"
#include "lib/kv.h"

#include <stdbool.h>
#include <stdint.h>

enum storage_space {
	STORAGE_KERNEL = 0x01,      /* of the kernel's own */
	STORAGE_KEY_VALUE = 0x02,   /* driver 0x50003; shared names */
	STORAGE_ISOLATED = 0x03,    /* driver 0x50004: label, block */
	STORAGE_NONVOLATILE = 0x04, /* driver 0x50001: label, block */
};

enum storage_operation { STORAGE_GET, STORAGE_COMMIT, STORAGE_COLLECT };

struct storage_request {
	const struct storage_request_ops *ops;
	uint8_t operation; /* enum storage_operation */

	struct process_id process; /* on whose behalf; not looked at in storage_kernel.h */
	/*
	 * The keys hold the application's own label, so that nobody else's objects can
	 * be meant: the right to create is also one to read and to replace.
	 */
	bool own;

	/* STORAGE_GET: kv_get() explains. Afterwards `owner`, `value_length` and `count`. */
	struct kv_query query;
	uint32_t owner;
	uint32_t value_length;
	uint32_t count;

	/* STORAGE_COMMIT: kv_commit() explains. */
	struct kv_change *changes;
	uint32_t change_count;

	/* The core's own. */
	struct storage_request *next;
	bool pending;
};

struct storage_request_ops {
	/*
	 * It is finished, and so are its errors: those of kv_get() and kv_commit(),
	 * and E_NOSUPPORT where the process has no identity. E_OFF: the store does
	 * not work.
	 */
	void (*finished)(struct storage_request *request, enum error status);
};

struct storage_queue {
	struct storage_request *first, *last;
};

struct storage {
	struct flash_client client;
	struct deferred deferred;
	struct flash *flash;
	struct kv kv;
	struct storage_queue kernel, processes;
	struct storage_queue *served; /* whose first request is worked on */
	struct storage_rights rights;
	uint8_t state;
};

struct storage_config {
	struct kv_page *pages; /* one for each page of the flash */
	uint32_t quota;        /* bytes for each application; 0: no limit */
};

/*
 * Becomes the client of `flash`, all of which is the store's, and mounts it from
 * the main loop. The geometry must be one that kv_init() takes; otherwise every
 * request ends with E_OFF.
 */
void storage_init(struct storage *self, struct flash *flash, const struct storage_config *config);

/*
 * Puts a request in the queue; it and all that it points to stay the core's
 * until finished(). E_BUSY: it is there already.
 */
enum error storage_submit(struct storage *self, struct storage_request *request);

#endif
