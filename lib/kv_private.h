/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Between the parts of the store. An operation is a small stack of frames, each
 * with a phase; a frame's function does one piece of work and says how to go
 * on. What it peeks at may have to be read first: it then returns KV_WAIT, and
 * is called again in the same phase.
 */
#ifndef KV_PRIVATE_H
#define KV_PRIVATE_H

#include "lib/kv.h"

#define KV_NOWHERE UINT32_MAX

enum {
	KV_PAGE_HEAD = 48, /* three marks of 16 bytes */
	KV_MARK = 16,
	KV_RECORD_HEAD = 12,
	KV_CHECK = 4,
};

/* The log's order numbers start at 1. */
enum kv_page_state {
	KV_PAGE_DIRTY, /* to be erased before use */
	KV_PAGE_READY, /* erased and marked so */
	KV_PAGE_COPY,  /* being filled with what the oldest page holds; not valid yet */
	KV_PAGE_LIVE,  /* part of the log */
	KV_PAGE_BAD,   /* cannot be used any more */
};

/* First byte of a record, and kv_record.type without KV_MORE; all ones is erased flash. */
enum kv_type {
	KV_VALUE = 0x56,  /* 'V' */
	KV_GONE = 0x47,   /* 'G': the key is removed */
	KV_RETIRE = 0x52, /* 'R': pages with a lower sequence than the value are dead */
	KV_MORE = 0x80,   /* with the above: the commit goes on in the next record */
};

enum kv_page_kind { KV_KIND_LOG = 1, KV_KIND_COPY = 2 };

enum kv_frame_kind {
	KV_FRAME_MOUNT,
	KV_FRAME_COMMIT,
	KV_FRAME_GET,
	KV_FRAME_COLLECT,
	KV_FRAME_OPEN,
	KV_FRAME_FIND,
	KV_FRAME_CHECK,
	KV_FRAME_EMIT,
	KV_FRAME_WRITE,
};

enum kv_progress {
	KV_AGAIN,  /* call the top frame: this one in its new phase, or the one it called */
	KV_WAIT,   /* a flash operation was requested */
	KV_RETURN, /* this frame is finished; kv->status says how */
};

/* ---- kv_layout.c: bytes on flash ---- */

/* Both `bytes` and `length` are multiples of 4. */
uint32_t kv_sum(uint32_t sum, const uint8_t *bytes, uint32_t length);
uint32_t kv_hash(const uint8_t *key, uint32_t length);
uint32_t kv_record_bytes(const struct kv_config *config, uint32_t key_length,
			 uint32_t value_length);
void kv_record_encode(uint8_t head[12], const struct kv_record *record);
bool kv_record_decode(const uint8_t head[12], struct kv_record *record);
bool kv_blank(const uint8_t *bytes, uint32_t length);

struct kv_marks {
	bool foreign; /* of a store with another geometry */
	bool formatted;
	bool unopened;
	bool opened;
	bool complete;
	uint32_t erases, sequence, kind, oldest;
};

void kv_mark_format(uint8_t mark[16], const struct kv_config *config, uint32_t erases);
void kv_mark_open(uint8_t mark[16], uint32_t sequence, enum kv_page_kind kind, uint32_t oldest);
void kv_mark_complete(uint8_t mark[16], uint32_t sequence);
void kv_marks_decode(const uint8_t head[48], const struct kv_config *config,
		     struct kv_marks *marks);

/* ---- kv_pages.c: the table of pages, filters, owners ---- */

/* Live page with the highest sequence below `bound`; KV_NOWHERE where there is none. */
uint32_t kv_page_before(const struct kv *kv, uint32_t bound);
uint32_t kv_page_oldest(const struct kv *kv);
/* Free page to take next: the one with the fewest erases. */
uint32_t kv_page_free(const struct kv *kv);
uint32_t kv_pages_free(const struct kv *kv);
static inline uint32_t kv_page_start(const struct kv *kv, uint32_t page)
{
	return page * kv->config.page_bytes;
}

void kv_filter_add(struct kv_page *page, uint32_t hash);
bool kv_filter_may_have(const struct kv_page *page, uint32_t hash);

struct kv_owner *kv_owner_find(struct kv *kv, uint32_t id);
/* NULL: the table is full. */
struct kv_owner *kv_owner_make(struct kv *kv, uint32_t id);

/* ---- kv_flash.c: asking for flash operations ---- */

/* The bytes at `offset`, at most KV_CHUNK; NULL: they are being read, return KV_WAIT. */
const uint8_t *kv_peek(struct kv *kv, uint32_t offset, uint32_t length);
/* Starts another frame on top. */
enum kv_progress kv_call(struct kv *kv, enum kv_frame_kind kind);
/* Writes kv->stage to `to` and reads it back; E_FAIL where it did not take. */
enum kv_progress kv_call_write(struct kv *kv, uint32_t to, uint32_t length);
enum kv_progress kv_request_erase(struct kv *kv, uint32_t page);
/* Record at `at` in flash: does its check word hold? E_OK or E_FAIL. */
enum kv_progress kv_call_check(struct kv *kv, uint32_t page, uint32_t at,
			       const struct kv_record *record);
enum kv_progress kv_return(struct kv *kv, enum error status);

enum kv_progress kv_frame_write(struct kv *kv, uint8_t *phase);
enum kv_progress kv_frame_check(struct kv *kv, uint8_t *phase);

/* ---- kv_find.c ---- */

/* Latest record of the key in kv->find.key, to kv->found. */
enum kv_progress kv_call_find(struct kv *kv);
enum kv_progress kv_frame_find(struct kv *kv, uint8_t *phase);
enum kv_progress kv_frame_get(struct kv *kv, uint8_t *phase);

/* ---- kv_append.c ---- */

/* Opens a free page as the active one. E_NOMEM: there is none. */
enum kv_progress kv_call_open(struct kv *kv, bool copy);
/* Writes a record to the active page at `to`; source: a change, or a record at `source`. */
enum kv_progress kv_call_emit(struct kv *kv, uint32_t to, const struct kv_record *record);
/* The active page takes no more records. */
void kv_seal(struct kv *kv, bool worn);
bool kv_has_room(const struct kv *kv, uint32_t bytes);

enum kv_progress kv_frame_open(struct kv *kv, uint8_t *phase);
enum kv_progress kv_frame_emit(struct kv *kv, uint8_t *phase);

/* ---- one file each ---- */

enum kv_progress kv_frame_mount(struct kv *kv, uint8_t *phase);
enum kv_progress kv_frame_collect(struct kv *kv, uint8_t *phase);
enum kv_progress kv_frame_commit(struct kv *kv, uint8_t *phase);

static inline void kv_copy(uint8_t *to, const uint8_t *from, uint32_t length)
{
	for (uint32_t i = 0; i < length; i++)
		to[i] = from[i];
}

#endif
