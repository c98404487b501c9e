/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Installing and removing applications in their region of flash, so that power
 * lost at any write leaves every other application where it is and the row of
 * headers whole. docs/reference/run-time-loading.md has the format.
 *
 * The store asks for writes and erases one after the other and never calls
 * anybody but its medium:
 *
 *	app_store_reserve(&store, ...);
 *	while (app_store_step(&store, &request))
 *		... do what `request` says, then app_store_done(&store, status);
 *	store.status is the result
 *
 * Between two operations the order is: reserve, write (any number), seal, then
 * accept or reject. From seal on the binary lies in flash as it will stay and can
 * be checked there; only accept makes that last, with one write of a record.
 */
#ifndef LIB_APP_STORE_H
#define LIB_APP_STORE_H

#include "abi/error.h"
#include "lib/app_region.h"
#include "lib/compiler.h"

#include <stdbool.h>
#include <stdint.h>

#define APP_STORE_ANY UINT32_C(0xFFFFFFFF) /* an offset: anywhere; or: none */

enum {
	APP_STORE_RESERVED_PAGES = 3, /* at the end of the region: two copies and the journal */
	APP_STORE_RECORD = 32,        /* bytes; a multiple of what one write takes */
	APP_STORE_HEAD = 16,          /* bytes of a header that are written last */
	APP_STORE_EDITS = 5,
};

/* How the region is read: it is memory to the processor. */
struct app_medium {
	const struct app_medium_ops *ops;
};

struct app_medium_ops {
	void (*peek)(struct app_medium *medium, uint32_t offset, uint8_t *to, uint32_t length);
	void (*item_at)(struct app_medium *medium, uint32_t offset, struct app_region_item *item);
};

struct app_store_config {
	uint32_t base;       /* address of the region, for alignment */
	uint32_t size;       /* of the region: a multiple of page_bytes, less than 512 MiB */
	uint32_t page_bytes; /* what an erase takes; at least 256 and a multiple of 32 */
	uint32_t granule;    /* applications begin at multiples; a power of two >= 16 */
	bool power_of_two;   /* and at multiples of their size rounded up to one */
};

enum app_store_request_kind { APP_STORE_WRITE, APP_STORE_ERASE };

struct app_store_request {
	enum app_store_request_kind kind;
	uint32_t offset; /* of an erase: of the page's first byte */
	uint8_t *bytes;  /* of a write: unchanged until app_store_done() */
	uint32_t length;
};

/*
 * 16 bytes that are to stand at `offset`: a padding header of `size` bytes, the end
 * mark (0), or what `head` holds (APP_STORE_ANY).
 */
struct app_store_edit {
	uint32_t offset, size;
};

struct app_store {
	struct app_store_config config;
	struct app_medium *medium;
	uint8_t *buffer; /* one page */
	uint32_t limit;  /* where applications must end */
	uint32_t slot;   /* the journal's next record */
	uint32_t start, length;
	uint32_t cached;         /* page that the buffer holds, or APP_STORE_ANY */
	uint32_t page;           /* that is being changed */
	const uint8_t *source;   /* of a write: its bytes */
	uint32_t at;             /* of a write: where it goes, counted from `start` */
	uint32_t given, taken;   /* of a write: how many bytes, and how many are done */
	uint16_t steps;          /* of the change under way, one bit each */
	uint8_t operation, copy; /* copy: which of the two the change uses */
	uint16_t edit, edits; /* no bytes: for the proof no write of a byte can be one of these */
	uint16_t head_seen;   /* one bit a byte of `head` */
	bool dirty, reserved, sealed, broken;
	struct app_store_edit edit_at[APP_STORE_EDITS];
	uint8_t head[APP_STORE_HEAD];
	uint8_t record[APP_STORE_RECORD];
	enum error status;
};

/* `buffer` is memory for one page. Reads the journal; writes nothing. */
void app_store_init(struct app_store *self, const struct app_store_config *config,
		    struct app_medium *medium, uint8_t *buffer);

/* Whether power went in the middle of a change: app_store_recover() must come first. */
bool app_store_is_open(struct app_store *self) MUST_CHECK;

/* Each starts an operation, or answers why not and has changed nothing. */

/* Ends or undoes a change that power interrupted. */
enum error app_store_recover(struct app_store *self) MUST_CHECK;

/*
 * Finds room for a binary of `length` bytes, at the offset `where` or anywhere, and
 * makes it a padding app of its own. A former reservation is given up. E_INVAL:
 * length is no multiple of 16, or too small, or `where` is not aligned. E_NOMEM: no room.
 */
enum error app_store_reserve(struct app_store *self, uint32_t length, uint32_t where) MUST_CHECK;

/*
 * Stores bytes of the binary; in any order, again if need be. `bytes` stays until
 * the end. E_INVAL: not within the reservation, or the header's first 8 bytes are
 * written in part or name another version or size. E_ALREADY: it is sealed.
 * E_OFF: nothing is reserved.
 */
enum error app_store_write(struct app_store *self, uint32_t offset, const uint8_t *bytes,
			   uint32_t length) MUST_CHECK;

/*
 * Puts the header in place, to be undone by app_store_reject() or by the loss of
 * power. Its status is E_INVAL, and it is rejected already, where the header is
 * not that of a whole application of the size reserved. E_OFF, E_ALREADY as above.
 */
enum error app_store_seal(struct app_store *self) MUST_CHECK;

/*
 * Makes it last, and takes the application at the offset `instead` away in the same
 * moment (APP_STORE_ANY: none). E_INVAL: there is none. E_OFF: it is not sealed.
 */
enum error app_store_accept(struct app_store *self, uint32_t instead) MUST_CHECK;
/* Makes it free space again. E_OFF: it is not sealed. */
enum error app_store_reject(struct app_store *self) MUST_CHECK;

/* Makes the application at `offset` free space. E_INVAL: there is none. E_BUSY: one is sealed. */
enum error app_store_remove(struct app_store *self, uint32_t offset) MUST_CHECK;

/* Sets the flags of the header at `offset`; a reservation is given up. Errors as above. */
enum error app_store_set_flags(struct app_store *self, uint32_t offset, uint32_t flags) MUST_CHECK;

/* Gives an unsealed reservation up: nothing needs to be written for that. */
void app_store_forget(struct app_store *self);

/* The next write or erase of the operation; false: it has ended with self->status. */
bool app_store_step(struct app_store *self, struct app_store_request *request) MUST_CHECK;
/* How it went. After a failure nothing but app_store_recover() is accepted. */
void app_store_done(struct app_store *self, enum error status);

#endif
