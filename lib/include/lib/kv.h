/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A key-value store on raw flash that survives a power cut at any instant. What
 * a finished commit wrote is there for good; what an interrupted one was to
 * write is wholly there or wholly not.
 *
 * The store does no input or output itself. The caller starts an operation, then
 * does what kv_step() asks for until it asks for nothing:
 *
 *	kv_commit(&kv, &rights, changes, count);
 *	while (kv_step(&kv, &request))
 *		kv_done(&kv, <do the request>);
 *	if (kv.status != E_OK) ...
 *
 * Each step does a bounded amount of work (one flash chunk). RAM is what stands
 * in these structures and does not depend on how many keys there are.
 * docs/reference/storage.md describes the format on flash and why it is safe.
 */
#ifndef LIB_KV_H
#define LIB_KV_H

#include "abi/error.h"
#include "lib/compiler.h"
#include "lib/storage_rights.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	KV_KEY_MAX = 80,    /* bytes */
	KV_CHUNK = 128,     /* bytes of one read */
	KV_STAGE = 64,      /* bytes of one write, at most */
	KV_FILTER = 32,     /* bytes of a page's key filter */
	KV_OWNERS = 24,     /* identifiers that may have data at a time */
	KV_CHANGES_MAX = 8, /* keys in one commit */
	KV_PAGES_MIN = 4,
	KV_PAGE_MIN = 512,  /* bytes */
	KV_SPARE_PAGES = 2, /* never filled with data: one to copy to, one for when that fails */
	KV_DEPTH = 4,
	KV_SIZE_MAX = 0x7FFFFFF, /* bytes: all owners' together fit in 32 bits */
};

struct kv_config {
	uint32_t page_bytes; /* KV_PAGE_MIN or more, a multiple of 64 */
	uint32_t pages;      /* KV_PAGES_MIN or more; together at most KV_SIZE_MAX bytes */
	uint32_t unit;       /* bytes: 4, 8 or 16, and a multiple of the flash's word */
	uint32_t quota;      /* bytes of live records for each identifier but 0; 0: no limit */
};

/*@ predicate kv_unit_ok(integer unit) = unit == 4 || unit == 8 || unit == 16; */

/* One page of flash; the caller provides an array of them. */
struct kv_page {
	uint32_t sequence; /* order in the log */
	uint32_t erases;
	uint32_t used; /* bytes up to the end of the last whole commit */
	uint8_t state;
	bool worn; /* a write failed here: not to be used again */
	uint8_t filter[KV_FILTER];
};

struct kv_owner {
	uint32_t id;
	uint32_t bytes;    /* of live records */
	uint32_t sequence; /* while mounting: the page that told */
	bool used;
};

enum kv_mode {
	KV_SET,    /* make or replace */
	KV_ADD,    /* make; E_NOSUPPORT where it exists */
	KV_UPDATE, /* replace; E_NOSUPPORT where it does not exist */
	KV_REMOVE, /* E_NOSUPPORT where it does not exist */
};

/* One key of a commit. The bytes stay the caller's, unchanged until it is finished. */
struct kv_change {
	const uint8_t *key;
	const uint8_t *value;
	uint16_t value_length;
	uint8_t key_length; /* 1 .. KV_KEY_MAX */
	uint8_t mode;       /* enum kv_mode */
	/* The store's own: */
	uint32_t owner;
	uint32_t old_bytes;
};

enum kv_operation { KV_READ, KV_WRITE, KV_ERASE };

struct kv_request {
	enum kv_operation operation;
	uint32_t offset; /* of an erase: of the page's first byte */
	uint32_t length;
	uint8_t *bytes;
};

struct kv_found {
	uint32_t page, offset; /* offset 0: there is no record of the key at all */
	uint32_t owner;
	uint32_t content, bytes; /* of the record on flash, as in struct kv_record */
	uint16_t value_length;
	uint8_t key_length;
	bool exists;
};

/* What the head of a record says; kv_private.h has the types. */
struct kv_record {
	uint8_t type;
	bool more; /* the commit goes on in the next record */
	uint8_t key_length;
	uint16_t value_length;
	uint32_t owner;
	uint32_t total;   /* bytes of the owner's live records after this one */
	uint32_t content; /* bytes on flash up to the check word */
	uint32_t bytes;   /* on flash in all */
};

struct kv_frame {
	uint8_t kind, phase;
};

struct kv {
	struct kv_config config;
	struct kv_page *page;
	uint32_t size;         /* bytes of all pages */
	enum error status;     /* of the finished operation, and of each part of it */
	struct kv_found found; /* what kv_get() found */
	uint32_t count;        /* bytes that kv_get() delivered */
	uint32_t damaged;      /* records lost to bit errors since the mount */
	bool mounted;

	/* All that follows is the store's own. */
	struct kv_frame frame[KV_DEPTH];
	uint8_t depth;
	enum error flash_status;   /* of the last write or erase */
	struct kv_request request; /* `bytes` is filled in by kv_step() */
	struct kv_record record;   /* the last that was looked at */
	uint32_t window_offset, window_length;
	uint32_t next_sequence, dead_below;
	uint32_t active; /* page that takes appends, if `appending` */
	bool appending;
	struct kv_owner owner[KV_OWNERS];

	struct storage_rights rights;
	struct kv_change *change;
	uint32_t changes, index, reach;
	uint32_t scratch[KV_CHANGES_MAX];
	uint32_t attempts;
	uint8_t *buffer;
	uint32_t buffer_length, skip;

	struct {
		uint32_t bound, page, at, match, length;
		uint8_t key[KV_KEY_MAX];
	} find;
	struct {
		uint32_t at, end, sum;
	} check;
	struct {
		uint32_t page, end; /* where the record will be, and its end there */
		uint32_t to, source, position, size, content, sum;
		uint8_t header[12];
		const struct kv_change *change;
	} emit;
	struct {
		uint32_t to, length;
	} write;
	struct {
		uint32_t page, at;
		bool copy;
	} open;
	struct {
		uint32_t victim, at, end; /* of the record */
		bool copy;
		uint8_t dead[4];
		struct kv_change retire;
	} collect;
	struct {
		uint32_t page, at, end, batch, bound, pending;
		uint32_t owner[KV_CHANGES_MAX], total[KV_CHANGES_MAX];
		bool torn;
	} mount;

	_Alignas(4) uint8_t window[KV_CHUNK];
	_Alignas(4) uint8_t stage[KV_STAGE];
};

/*
 * Prepares a store; nothing is read yet. `pages` holds config->pages elements.
 * E_INVAL: a number in `config` is out of its bounds.
 */
enum error kv_init(struct kv *kv, const struct kv_config *config, struct kv_page *pages) MUST_CHECK;

/*
 * These begin an operation. E_BUSY: one is under way. E_OFF: not mounted (all
 * but kv_mount()). How it ends is in kv->status when kv_step() returns false.
 */

/* Finds what is there. Writes nothing. E_INVAL: made for another geometry. E_FAIL: cannot read. */
enum error kv_mount(struct kv *kv) MUST_CHECK;

/*
 * Makes all changes or none, in one stroke. Their keys must differ.
 *
 *	E_SIZE       a key or all of it together is too large (kv_commit_max())
 *	E_INVAL      a key is empty or named twice, or a new one may not be made
 *	E_NOSUPPORT  the key is missing, exists, or may not be modified
 *	E_NOMEM      the store, the owner's quota or the table of owners is full
 *	E_FAIL       the flash does not work any more
 */
enum error kv_commit(struct kv *kv, const struct storage_rights *rights, struct kv_change *changes,
		     uint32_t count) MUST_CHECK;

struct kv_query {
	const uint8_t *key;
	uint32_t key_length;
	uint32_t skip;   /* bytes of the value before the first that is wanted */
	uint8_t *buffer; /* takes the value, cut to what fits */
	uint32_t buffer_length;
};

/*
 * Reads a value: kv->found says what it is, kv->count how many bytes came.
 * E_NOSUPPORT: there is no such key, or not for these rights. E_FAIL: damaged.
 */
enum error kv_get(struct kv *kv, const struct storage_rights *rights,
		  const struct kv_query *query) MUST_CHECK;

/* Makes room in the oldest page. E_NOMEM: there is none to be made. */
enum error kv_collect(struct kv *kv) MUST_CHECK;

/* True: do `*request` and tell with kv_done(). False: the operation is finished. */
bool kv_step(struct kv *kv, struct kv_request *request);
void kv_done(struct kv *kv, enum error status);

/* Bytes that one commit may take on flash, and that one change takes. */
/*@ requires \valid_read(config);
    requires KV_PAGE_MIN <= config->page_bytes && kv_unit_ok(config->unit);
    terminates \true;
    assigns \nothing;
    ensures 4 * \result <= config->page_bytes - 48;
*/
uint32_t kv_commit_max(const struct kv_config *config);
/*@ requires \valid_read(config) && kv_unit_ok(config->unit);
    requires key_length <= 255 && value_length <= 65535;
    terminates \true;
    assigns \nothing;
    ensures 16 + key_length + value_length <= \result <= 34 + key_length + value_length;
*/
uint32_t kv_change_bytes(const struct kv_config *config, uint32_t key_length,
			 uint32_t value_length);

/* Bytes of live records: of one identifier, of all, and how many there may be. */
/*@ requires \valid_read(kv);
    terminates \true;
    assigns \nothing;
    ensures \result == 0 || \exists integer i; 0 <= i < KV_OWNERS && \result == kv->owner[i].bytes;
*/
uint32_t kv_used_by(const struct kv *kv, uint32_t owner);
/*@ requires \valid_read(kv);
    requires \forall integer i; 0 <= i < KV_OWNERS ==> kv->owner[i].bytes <= KV_SIZE_MAX;
    terminates \true;
    assigns \nothing;
    ensures \result <= KV_OWNERS * KV_SIZE_MAX;
*/
uint32_t kv_used(const struct kv *kv);
/*@ requires \valid_read(kv) && \valid_read(kv->page + (0 .. kv->config.pages - 1));
    requires KV_PAGE_MIN <= kv->config.page_bytes && kv_unit_ok(kv->config.unit);
    requires kv->config.pages * kv->config.page_bytes <= KV_SIZE_MAX;
    terminates \true;
    assigns \nothing;
    ensures \result <= KV_SIZE_MAX;
*/
uint32_t kv_limit(const struct kv *kv);

#endif
