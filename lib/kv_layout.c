/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What the store's marks and records look like in bytes. A check word depends
 * on every word before it: each step is a bijection of the sum and of the word,
 * so that damage within one word never goes unnoticed, and wider damage does
 * once in 2^32.
 */
#include "kv_private.h"

#include "lib/bits.h"
#include "lib/bytes.h"
#include "lib/compiler.h"

#define MAGIC_FORMAT UINT32_C(0x31764B44)   /* "DKv1" */
#define MAGIC_COMPLETE UINT32_C(0x646E4543) /* "CEnd" */
#define SEED_MARK UINT32_C(0x9E3779B9)
#define MULTIPLIER UINT32_C(0x85EBCA6B)

struct MAY_ALIAS word {
	uint32_t value;
};

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "words are summed as they lie in memory"
#endif

/* From memory that lies on a word's boundary. */
/*@ requires \valid_read(bytes + (0 .. 3));
    terminates \true;
    assigns \nothing;
*/
static uint32_t word_load(const uint8_t *bytes)
{
	return ((const struct word *)(const void *)bytes)->value;
}

/* The product modulo 2^32 is meant. */
/*@ terminates \true;
    assigns \nothing;
*/
static uint32_t mix(uint32_t sum, uint32_t word)
{
	uint64_t product = (uint64_t)(sum ^ word) * MULTIPLIER;

	sum = (uint32_t)(product % 0x100000000u);
	return sum ^ sum >> 15;
}

uint32_t kv_sum(uint32_t sum, const uint8_t *bytes, uint32_t length)
{
	/*@ loop invariant 0 <= i <= length / 4;
	    loop assigns i, sum;
	    loop variant length / 4 - i;
	*/
	for (uint32_t i = 0; i < length / 4; i++)
		sum = mix(sum, word_load(bytes + 4 * i));
	return sum;
}

uint32_t kv_hash(const uint8_t *key, uint32_t length)
{
	uint32_t hash = length;

	/*@ loop invariant 0 <= i <= length;
	    loop assigns i, hash;
	    loop variant length - i;
	*/
	for (uint32_t i = 0; i < length; i++)
		hash = mix(hash, key[i]);
	return hash;
}

void kv_record_measure(const struct kv_config *config, struct kv_record *record)
{
	uint32_t length = KV_RECORD_HEAD + (uint32_t)record->key_length + record->value_length;

	record->content = bits_round_up(length, 4);
	record->bytes = bits_round_up(record->content + KV_CHECK, config->unit);
}

void kv_record_encode(uint8_t head[12], const struct kv_record *record)
{
	head[0] = (uint8_t)(record->type | (record->more ? KV_MORE : 0));
	head[1] = record->key_length;
	le16_store(head + 2, record->value_length);
	le32_store(head + 4, record->owner);
	le32_store(head + 8, record->total);
}

bool kv_record_decode(const uint8_t head[12], struct kv_record *record)
{
	record->type = head[0] & 0x7F;
	record->more = (head[0] & KV_MORE) != 0;
	record->key_length = head[1];
	record->value_length = le16_load(head + 2);
	record->owner = le32_load(head + 4);
	record->total = le32_load(head + 8);
	if (record->type == KV_RETIRE)
		return record->key_length == 0 && record->value_length == 4 && !record->more;
	if (record->type != KV_VALUE && (record->type != KV_GONE || record->value_length != 0))
		return false;
	return record->key_length != 0 && record->key_length <= KV_KEY_MAX;
}

bool kv_blank(const uint8_t *bytes, uint32_t length)
{
	/*@ loop invariant 0 <= i <= length;
	    loop invariant \forall integer j; 0 <= j < i ==> bytes[j] == 0xFF;
	    loop assigns i;
	    loop variant length - i;
	*/
	for (uint32_t i = 0; i < length; i++)
		if (bytes[i] != 0xFF)
			return false;
	return true;
}

/*@ requires \valid(mark + (0 .. 15));
    terminates \true;
    assigns mark[12 .. 15];
*/
static void mark_finish(uint8_t mark[16])
{
	le32_store(mark + 12, kv_sum(SEED_MARK, mark, 12));
}

/*@ requires \valid_read(mark + (0 .. 15));
    terminates \true;
    assigns \nothing;
*/
static bool mark_valid(const uint8_t mark[16])
{
	return le32_load(mark + 12) == kv_sum(SEED_MARK, mark, 12);
}

void kv_mark_format(uint8_t mark[16], const struct kv_config *config, uint32_t erases)
{
	le32_store(mark, MAGIC_FORMAT);
	le32_store(mark + 4, config->page_bytes | config->unit);
	le32_store(mark + 8, erases);
	mark_finish(mark);
}

void kv_mark_open(uint8_t mark[16], uint32_t sequence, enum kv_page_kind kind, uint32_t oldest)
{
	le32_store(mark, sequence);
	le32_store(mark + 4, oldest);
	le32_store(mark + 8, (uint32_t)kind);
	mark_finish(mark);
}

void kv_mark_complete(uint8_t mark[16], uint32_t sequence)
{
	le32_store(mark, MAGIC_COMPLETE);
	le32_store(mark + 4, sequence);
	le32_store(mark + 8, ~sequence);
	mark_finish(mark);
}

void kv_marks_decode(const uint8_t head[48], const struct kv_config *config, struct kv_marks *marks)
{
	const uint8_t *open = head + KV_MARK;
	const uint8_t *complete = head + 2 * KV_MARK;
	bool known = mark_valid(head) && le32_load(head) == MAGIC_FORMAT;
	bool same = le32_load(head + 4) == (config->page_bytes | config->unit);

	*marks = (struct kv_marks){
		.foreign = known && !same,
		.formatted = known && same,
		.unopened = kv_blank(open, 2 * KV_MARK),
		.erases = le32_load(head + 8),
		.sequence = le32_load(open),
		.oldest = le32_load(open + 4),
		.kind = le32_load(open + 8),
	};
	marks->opened = marks->formatted && mark_valid(open) && marks->sequence != 0 &&
			marks->sequence <= KV_SEQUENCE_MAX && marks->oldest <= marks->sequence &&
			(marks->kind == KV_KIND_LOG || marks->kind == KV_KIND_COPY);
	marks->complete = mark_valid(complete) && le32_load(complete) == MAGIC_COMPLETE &&
			  le32_load(complete + 4) == marks->sequence;
}
