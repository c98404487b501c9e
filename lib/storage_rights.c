/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "lib/storage_rights.h"

/*@ requires \valid_read(ids + (0 .. count - 1));
    terminates \true;
    assigns \nothing;
    ensures \result <==> storage_ids_hold(ids, count, owner);
*/
static bool listed(const uint32_t *ids, uint32_t count, uint32_t owner)
{
	/*@ loop invariant 0 <= i <= count && !storage_ids_hold(ids, i, owner);
	    loop assigns i;
	    loop variant count - i;
	*/
	for (uint32_t i = 0; i < count; i++)
		if (ids[i] == owner)
			return true;
	return false;
}

bool storage_rights_read(const struct storage_rights *rights, uint32_t owner)
{
	return listed(rights->read, rights->readable, owner);
}

bool storage_rights_modify(const struct storage_rights *rights, uint32_t owner)
{
	return listed(rights->modify, rights->modifiable, owner);
}

void storage_rights_own(struct storage_rights *rights, uint32_t identity)
{
	*rights = (struct storage_rights){
		.identity = identity,
		.may_create = true,
		.readable = 1,
		.modifiable = 1,
		.read = {identity},
		.modify = {identity},
	};
}

/*@ requires \valid(rights);
    terminates \true;
    assigns *rights;
    ensures rights->identity == identity && storage_rights_none(rights);
*/
static void clear(struct storage_rights *rights, uint32_t identity)
{
	*rights = (struct storage_rights){.identity = identity};
}

/*
 * A u16 count and so many identifiers at `list`, of which `left` bytes may be read.
 * Returns how many bytes they take; 0: they do not fit.
 */
/*@ requires \valid_read(list + (0 .. left - 1));
    requires \valid(ids + (0 .. STORAGE_RIGHTS_IDS - 1)) && \valid(kept) && *kept == 0;
    requires \separated(kept, ids + (0 .. STORAGE_RIGHTS_IDS - 1), list + (0 .. left - 1));
    terminates \true;
    assigns *kept, ids[0 .. STORAGE_RIGHTS_IDS - 1];
    ensures \result <= left && *kept <= STORAGE_RIGHTS_IDS;
    ensures \result != 0 ==> \result >= 2;
    ensures !storage_ids_hold(ids, *kept, 0);
*/
static uint32_t parse_ids(uint32_t *ids, uint8_t *kept, const uint8_t *list, uint32_t left)
{
	if (left < 2)
		return 0;

	uint32_t count = le16_load(list);
	uint32_t at = 2;

	if ((left - 2) / 4 < count)
		return 0;
	/*@ loop invariant 0 <= i <= count && at == 2 + 4 * i;
	    loop invariant *kept <= STORAGE_RIGHTS_IDS && !storage_ids_hold(ids, *kept, 0);
	    loop assigns i, at, *kept, ids[0 .. STORAGE_RIGHTS_IDS - 1];
	    loop variant count - i;
	*/
	for (uint32_t i = 0; i < count; i++, at += 4) {
		uint32_t id = le32_load(list + at);

		if (id != 0 && *kept < STORAGE_RIGHTS_IDS)
			ids[(*kept)++] = id;
	}
	return at;
}

bool storage_rights_parse(struct storage_rights *rights, uint32_t identity, const uint8_t *tlv,
			  uint32_t length)
{
	clear(rights, identity);
	if (length < 4)
		return false;

	/*@ assert unchanged: tlv[0] == \at(tlv[0], Pre) && tlv[1] == \at(tlv[1], Pre) &&
		tlv[2] == \at(tlv[2], Pre) && tlv[3] == \at(tlv[3], Pre);
	*/
	bool may_create = le32_load(tlv) != 0;
	uint32_t at = 4;
	uint32_t used = parse_ids(rights->read, &rights->readable, tlv + at, length - at);

	at += used;
	if (used != 0)
		used = parse_ids(rights->modify, &rights->modifiable, tlv + at, length - at);
	if (used == 0) {
		clear(rights, identity);
		return false;
	}
	rights->may_create = may_create;
	return true;
}
