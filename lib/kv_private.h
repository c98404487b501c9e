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
#define KV_SEQUENCE_MAX (UINT32_MAX - 1)

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

/*
 * For the proofs. What lies in flash is never among the assumptions; each function
 * says what it needs of the numbers that the store itself keeps.
 */
/*@ predicate kv_shape_ok(struct kv *kv) =
	KV_PAGE_MIN <= kv->config.page_bytes && kv->size <= KV_SIZE_MAX &&
	kv->size == kv->config.pages * kv->config.page_bytes;

    lemma page_inside: \forall integer page, bytes, pages;
	0 <= page < pages && 0 <= bytes ==>
	0 <= page * bytes && page * bytes + bytes <= pages * bytes;

    predicate kv_table_ok(struct kv *kv) =
	\valid(kv) && \valid(kv->page + (0 .. kv->config.pages - 1)) &&
	\separated(kv, kv->page + (0 .. kv->config.pages - 1));

    // All owners' bytes together fit in 32 bits.
    predicate kv_owners_ok(struct kv *kv) =
	\forall integer i; 0 <= i < KV_OWNERS ==> kv->owner[i].bytes <= KV_SIZE_MAX;

    // What the window shows is in the store, and in the window.
    predicate kv_window_ok(struct kv *kv) =
	kv->window_length <= KV_CHUNK && kv->window_offset + kv->window_length <= kv->size;

    predicate kv_window_has(struct kv *kv, integer offset, integer length) =
	kv->window_offset <= offset && kv->window_length <= KV_CHUNK &&
	offset + length <= kv->window_offset + kv->window_length;

    // What is asked of the flash is in the store, and of what is read in the window.
    predicate kv_request_ok(struct kv *kv) =
	kv->request.operation == KV_ERASE ?
	    kv->request.offset + kv->config.page_bytes <= kv->size :
	    kv->request.offset + kv->request.length <= kv->size &&
	    kv->request.length <= (kv->request.operation == KV_READ ? KV_CHUNK : KV_STAGE);
*/

/* ---- kv_layout.c: bytes on flash ---- */

/*@ // The sizes of a record are those that its lengths need.
    predicate kv_measured(struct kv_record *record) =
	KV_RECORD_HEAD + record->key_length + record->value_length <= record->content &&
	record->content + KV_CHECK <= record->bytes <=
	    KV_RECORD_HEAD + record->key_length + record->value_length + KV_CHECK + 18;
*/

/* Both `bytes` and `length` are multiples of 4. */
/*@ requires \valid_read(bytes + (0 .. length - 1));
    terminates \true;
    assigns \nothing;
*/
uint32_t kv_sum(uint32_t sum, const uint8_t *bytes, uint32_t length);
/*@ requires \valid_read(key + (0 .. length - 1));
    terminates \true;
    assigns \nothing;
*/
uint32_t kv_hash(const uint8_t *key, uint32_t length);
/*@ requires \valid_read(config) && \valid(record) && \separated(config, record);
    requires kv_unit_ok(config->unit);
    terminates \true;
    assigns record->content, record->bytes;
    ensures kv_measured(record);
*/
void kv_record_measure(const struct kv_config *config, struct kv_record *record);
/*@ requires \valid(head + (0 .. 11)) && \valid_read(record);
    requires \separated(record, head + (0 .. 11));
    terminates \true;
    assigns head[0 .. 11];
*/
void kv_record_encode(uint8_t head[12], const struct kv_record *record);
/*@ requires \valid_read(head + (0 .. 11)) && \valid(record);
    requires \separated(record, head + (0 .. 11));
    terminates \true;
    assigns record->type, record->more, record->key_length, record->value_length,
	record->owner, record->total;
    ensures \result ==> record->key_length <= KV_KEY_MAX;
    ensures \result ==> record->type == KV_VALUE || record->type == KV_GONE ||
	(record->type == KV_RETIRE && record->key_length == 0 && record->value_length == 4);
*/
bool kv_record_decode(const uint8_t head[12], struct kv_record *record);
/*@ requires \valid_read(bytes + (0 .. length - 1));
    terminates \true;
    assigns \nothing;
    ensures \result <==> \forall integer i; 0 <= i < length ==> bytes[i] == 0xFF;
*/
bool kv_blank(const uint8_t *bytes, uint32_t length);

struct kv_marks {
	bool foreign; /* of a store with another geometry */
	bool formatted;
	bool unopened;
	bool opened;
	bool complete;
	uint32_t erases, sequence, kind, oldest;
};

/*@ requires \valid(mark + (0 .. 15)) && \valid_read(config);
    requires \separated(config, mark + (0 .. 15));
    terminates \true;
    assigns mark[0 .. 15];
*/
void kv_mark_format(uint8_t mark[16], const struct kv_config *config, uint32_t erases);
/*@ requires \valid(mark + (0 .. 15));
    terminates \true;
    assigns mark[0 .. 15];
*/
void kv_mark_open(uint8_t mark[16], uint32_t sequence, enum kv_page_kind kind, uint32_t oldest);
/*@ requires \valid(mark + (0 .. 15));
    terminates \true;
    assigns mark[0 .. 15];
*/
void kv_mark_complete(uint8_t mark[16], uint32_t sequence);
/*@ requires \valid_read(head + (0 .. 47)) && \valid_read(config) && \valid(marks);
    requires \separated(marks, config, head + (0 .. 47));
    terminates \true;
    assigns *marks;
    ensures marks->opened ==> marks->oldest <= marks->sequence <= KV_SEQUENCE_MAX;
*/
void kv_marks_decode(const uint8_t head[48], const struct kv_config *config,
		     struct kv_marks *marks);

/* ---- kv_pages.c: the table of pages, filters, owners ---- */

/* Live page with the highest sequence below `bound`; KV_NOWHERE where there is none. */
/*@ requires kv_table_ok(kv);
    terminates \true;
    assigns \nothing;
    ensures \result == KV_NOWHERE || \result < kv->config.pages;
*/
uint32_t kv_page_before(const struct kv *kv, uint32_t bound);
/*@ requires kv_table_ok(kv);
    terminates \true;
    assigns \nothing;
    ensures \result == KV_NOWHERE || \result < kv->config.pages;
*/
uint32_t kv_page_oldest(const struct kv *kv);
/* Free page to take next: the one with the fewest erases. */
/*@ requires kv_table_ok(kv);
    terminates \true;
    assigns \nothing;
    ensures \result == KV_NOWHERE || \result < kv->config.pages;
*/
uint32_t kv_page_free(const struct kv *kv);
/*@ requires kv_table_ok(kv);
    terminates \true;
    assigns \nothing;
    ensures \result <= kv->config.pages;
*/
uint32_t kv_pages_free(const struct kv *kv);
/*@ requires \valid_read(kv) && kv_shape_ok(kv) && page < kv->config.pages;
    terminates \true;
    assigns \nothing;
    ensures \result + kv->config.page_bytes <= kv->size;
*/
static inline uint32_t kv_page_start(const struct kv *kv, uint32_t page)
{
	return page * kv->config.page_bytes;
}

/* `bytes`, or those of the whole store where it has fewer. */
/*@ requires \valid_read(kv);
    terminates \true;
    assigns \nothing;
    ensures \result <= kv->size;
*/
static inline uint32_t kv_at_most_all(const struct kv *kv, uint32_t bytes)
{
	return bytes < kv->size ? bytes : kv->size;
}

/*@ requires \valid(page);
    terminates \true;
    assigns page->filter[0 .. KV_FILTER - 1];
*/
void kv_filter_add(struct kv_page *page, uint32_t hash);
/*@ requires \valid_read(page);
    terminates \true;
    assigns \nothing;
*/
bool kv_filter_may_have(const struct kv_page *page, uint32_t hash);

/*@ requires \valid_read(kv);
    terminates \true;
    assigns \nothing;
    ensures \result == \null ||
	\exists integer i; 0 <= i < KV_OWNERS && \result == &kv->owner[i];
*/
struct kv_owner *kv_owner_find(struct kv *kv, uint32_t id);
/* NULL: the table is full. */
/*@ requires \valid(kv) && kv_owners_ok(kv);
    terminates \true;
    assigns kv->owner[0 .. KV_OWNERS - 1];
    ensures kv_owners_ok(kv);
    ensures \result == \null ||
	\exists integer i; 0 <= i < KV_OWNERS && \result == &kv->owner[i];
*/
struct kv_owner *kv_owner_make(struct kv *kv, uint32_t id);

/* ---- kv_flash.c: asking for flash operations ---- */

/* The bytes at `offset`, at most KV_CHUNK; NULL: they are being read, return KV_WAIT. */
/*@ requires \valid(kv) && kv_window_ok(kv);
    requires length <= KV_CHUNK - 3 && offset + length <= kv->size;
    terminates \true;
    assigns kv->window_offset, kv->window_length, kv->request.operation, kv->request.offset,
	kv->request.length;
    ensures kv_window_ok(kv) && kv_window_has(kv, offset, length);
    ensures \result == \null ? kv_request_ok(kv) :
	\result == &kv->window[0] + (offset - kv->window_offset);
*/
const uint8_t *kv_peek(struct kv *kv, uint32_t offset, uint32_t length);
/*
 * Peeks at the head and the key of the record at `start`, where `left` bytes of records are
 * left. KV_AGAIN: kv->record says what they are, and they are in the window.
 * KV_RETURN: damaged since the mount.
 */
/*@ requires \valid(kv) && kv_window_ok(kv) && start + left <= kv->size;
    requires kv_unit_ok(kv->config.unit);
    terminates \true;
    assigns kv->record.type, kv->record.more, kv->record.key_length, kv->record.value_length,
	kv->record.owner, kv->record.total, kv->record.content, kv->record.bytes,
	kv->window_offset, kv->window_length, kv->request.operation, kv->request.offset,
	kv->request.length, kv->status;
    ensures kv_window_ok(kv) && KV_AGAIN <= \result <= KV_RETURN;
    ensures \result == KV_WAIT ==> kv_request_ok(kv);
    ensures \result == KV_AGAIN ==> kv->record.key_length <= KV_KEY_MAX &&
	kv_measured(&kv->record) && kv->record.bytes <= left &&
	kv_window_has(kv, start, KV_RECORD_HEAD + kv->record.key_length);
*/
enum kv_progress kv_peek_record(struct kv *kv, uint32_t start, uint32_t left);
/* Starts another frame on top. */
/*@ requires \valid(kv) && kv->depth < KV_DEPTH && KV_FRAME_MOUNT <= kind <= KV_FRAME_WRITE;
    terminates \true;
    assigns kv->frame[kv->depth].kind, kv->frame[kv->depth].phase, kv->depth;
    ensures kv->depth == \old(kv->depth) + 1 && kv->frame[kv->depth - 1].kind == kind;
    ensures \result == KV_AGAIN;
*/
enum kv_progress kv_call(struct kv *kv, enum kv_frame_kind kind);
/* Writes kv->stage to `to` and reads it back; E_FAIL where it did not take. */
/*@ requires \valid(kv) && kv->depth < KV_DEPTH;
    terminates \true;
    assigns kv->frame[kv->depth].kind, kv->frame[kv->depth].phase, kv->depth,
	kv->write.to, kv->write.length;
    ensures kv->depth == \old(kv->depth) + 1 && kv->frame[kv->depth - 1].kind == KV_FRAME_WRITE;
    ensures kv->write.to == to && kv->write.length == length;
    ensures \result == KV_AGAIN;
*/
enum kv_progress kv_call_write(struct kv *kv, uint32_t to, uint32_t length);
/*@ requires \valid(kv) && kv_shape_ok(kv) && page < kv->config.pages;
    terminates \true;
    assigns kv->window_length, kv->request.operation, kv->request.offset, kv->request.length;
    ensures kv_request_ok(kv) && kv->window_length == 0;
    ensures \result == KV_WAIT;
*/
enum kv_progress kv_request_erase(struct kv *kv, uint32_t page);
/* Does the check word after the `content` bytes at `at` hold? E_OK or E_FAIL. */
/*@ requires kv_table_ok(kv) && kv_shape_ok(kv) && kv->depth < KV_DEPTH;
    requires page < kv->config.pages && at + content + KV_CHECK <= kv->config.page_bytes;
    terminates \true;
    assigns kv->frame[kv->depth].kind, kv->frame[kv->depth].phase, kv->depth,
	kv->check.at, kv->check.end, kv->check.sum;
    ensures kv->depth == \old(kv->depth) + 1 && kv->frame[kv->depth - 1].kind == KV_FRAME_CHECK;
    ensures kv->check.at <= kv->check.end && kv->check.end + KV_CHECK <= kv->size;
    ensures \result == KV_AGAIN;
*/
enum kv_progress kv_call_check(struct kv *kv, uint32_t page, uint32_t at, uint32_t content);
/*@ requires \valid(kv);
    terminates \true;
    assigns kv->status;
    ensures \result == KV_RETURN;
*/
enum kv_progress kv_return(struct kv *kv, enum error status);

/*@ requires \valid(kv) && kv_window_ok(kv) && \valid(phase) && \separated(phase, kv);
    requires kv->write.length <= KV_STAGE && kv->write.to + kv->write.length <= kv->size;
    terminates \true;
    assigns *phase, kv->status, kv->window_offset, kv->window_length, kv->request.operation,
	kv->request.offset, kv->request.length;
    ensures kv_window_ok(kv) && KV_AGAIN <= \result <= KV_RETURN;
    ensures \result == KV_WAIT ==> kv_request_ok(kv);
*/
enum kv_progress kv_frame_write(struct kv *kv, uint8_t *phase);
/*@ requires \valid(kv) && kv_window_ok(kv);
    requires kv->check.at <= kv->check.end && kv->check.end + KV_CHECK <= kv->size;
    terminates \true;
    assigns kv->check.at, kv->check.sum, kv->status, kv->window_offset, kv->window_length,
	kv->request.operation, kv->request.offset, kv->request.length;
    ensures kv_window_ok(kv) && kv->check.at <= kv->check.end;
    ensures KV_AGAIN <= \result <= KV_RETURN;
    ensures \result == KV_WAIT ==> kv_request_ok(kv);
*/
enum kv_progress kv_frame_check(struct kv *kv, uint8_t *phase);

/* ---- kv_find.c ---- */

/* Latest record of the key in kv->find.key, to kv->found. */
enum kv_progress kv_call_find(struct kv *kv);
enum kv_progress kv_frame_find(struct kv *kv, uint8_t *phase);
enum kv_progress kv_frame_get(struct kv *kv, uint8_t *phase);

/* ---- kv_append.c ---- */

/* Opens a free page as the active one. E_NOMEM: there is none. */
enum kv_progress kv_call_open(struct kv *kv, bool copy);
/* Writes a record to the active page at `to`; key and value: of `change`, or NULL: of kv->found. */
enum kv_progress kv_call_emit(struct kv *kv, uint32_t to, const struct kv_record *record,
			      const struct kv_change *change);
/* The active page takes no more records. */
void kv_seal(struct kv *kv, bool worn);
bool kv_has_room(const struct kv *kv, uint32_t bytes);

enum kv_progress kv_frame_open(struct kv *kv, uint8_t *phase);
enum kv_progress kv_frame_emit(struct kv *kv, uint8_t *phase);

/* ---- one file each ---- */

enum kv_progress kv_frame_mount(struct kv *kv, uint8_t *phase);
enum kv_progress kv_frame_collect(struct kv *kv, uint8_t *phase);
enum kv_progress kv_frame_commit(struct kv *kv, uint8_t *phase);

/*@ requires \valid(kv);
    terminates \true;
    assigns kv->damaged;
*/
static inline void kv_count_damaged(struct kv *kv)
{
	if (kv->damaged != UINT32_MAX)
		kv->damaged++;
}

/*@ requires \valid(to + (0 .. length - 1)) && \valid_read(from + (0 .. length - 1));
    terminates \true;
    assigns to[0 .. length - 1];
*/
static inline void kv_copy(uint8_t *to, const uint8_t *from, uint32_t length)
{
	/*@ loop invariant 0 <= i <= length;
	    loop assigns i, to[0 .. length - 1];
	    loop variant length - i;
	*/
	for (uint32_t i = 0; i < length; i++)
		to[i] = from[i];
}

#endif
