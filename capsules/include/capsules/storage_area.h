/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * An area of bytes for each application, on top of the storage core: it is cut
 * into blocks, each an object of the application's own, so that permissions,
 * quotas, wear and power cuts are the core's business. A block that was never
 * written takes no room and reads as erased flash, 0xFF.
 */
#ifndef CAPSULES_STORAGE_AREA_H
#define CAPSULES_STORAGE_AREA_H

#include "capsules/storage.h"

enum {
	STORAGE_AREA_BLOCK = 128, /* bytes */
	STORAGE_AREA_BLOCKS = 5,  /* that one transfer can touch */
	STORAGE_AREA_KEY = 7,     /* space, label, block */
	/* Bytes of one transfer wherever it begins. A write of this much is atomic. */
	STORAGE_AREA_TRANSFER = STORAGE_AREA_BLOCK * (STORAGE_AREA_BLOCKS - 1),
};

struct storage_area;

struct storage_area_client {
	const struct storage_area_client_ops *ops;
};

struct storage_area_client_ops {
	void (*transferred)(struct storage_area_client *client, enum error status);
};

struct storage_area {
	struct storage *storage;
	struct storage_request request;
	struct storage_area_client *client;
	uint32_t size; /* bytes of every application's area */
	uint8_t space; /* enum storage_space */
	bool writing;
	uint32_t label, offset, length, first, count, next;
	uint8_t *bytes; /* the client's */
	struct kv_change change[STORAGE_AREA_BLOCKS];
	uint8_t key[STORAGE_AREA_BLOCKS][STORAGE_AREA_KEY];
	uint8_t block[STORAGE_AREA_BLOCKS * STORAGE_AREA_BLOCK];
};

struct storage_area_config {
	struct storage *storage;
	struct storage_area_client *client;
	uint8_t space;
	uint32_t size; /* bytes, a multiple of the block, at most 2^16 blocks */
};

void storage_area_init(struct storage_area *self, const struct storage_area_config *config);

struct storage_area_transfer {
	struct process_id process;
	uint32_t offset;
	uint8_t *bytes;
	uint32_t length;
};

/*
 * Transfers bytes of the process's own area; they stay the area's until
 * transferred(). E_BUSY: one is under way. E_INVAL: not within the area. E_SIZE:
 * more than STORAGE_AREA_TRANSFER, or 0. E_NOSUPPORT: the process has no identity,
 * or may not write. The status says further: E_NOMEM, the quota or the store is
 * full; E_FAIL or E_OFF, the flash does not work.
 */
enum error storage_area_read(struct storage_area *self,
			     const struct storage_area_transfer *transfer);
enum error storage_area_write(struct storage_area *self,
			      const struct storage_area_transfer *transfer);

#endif
