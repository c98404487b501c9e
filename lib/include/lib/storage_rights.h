/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Who may touch which stored object. Every object carries the identifier of the
 * application that made it; 0 is the kernel. Source: Tock's TRD "Application
 * Persistent Storage Permissions", sections 3 to 5.
 */
#ifndef LIB_STORAGE_RIGHTS_H
#define LIB_STORAGE_RIGHTS_H

#include "lib/bytes.h"

#include <stdbool.h>
#include <stdint.h>

enum { STORAGE_RIGHTS_IDS = 8 }; /* of each kind that are kept; more are ignored */

struct storage_rights {
	uint32_t identity; /* labels what is made; 0 for the kernel alone */
	bool may_create;
	uint8_t readable; /* how many of the next are set */
	uint8_t modifiable;
	uint32_t read[STORAGE_RIGHTS_IDS];
	uint32_t modify[STORAGE_RIGHTS_IDS];
};

/*@ predicate storage_ids_hold(uint32_t *ids, integer count, integer id) =
	\exists integer i; 0 <= i < count && ids[i] == id;

    predicate storage_rights_ok(struct storage_rights *rights) =
	rights->readable <= STORAGE_RIGHTS_IDS && rights->modifiable <= STORAGE_RIGHTS_IDS;

    predicate storage_rights_none(struct storage_rights *rights) =
	!rights->may_create && rights->readable == 0 && rights->modifiable == 0;
*/

/* Whether an object labelled `owner` may be read, or replaced and removed. */
/*@ requires \valid_read(rights) && storage_rights_ok(rights);
    terminates \true;
    assigns \nothing;
    ensures \result <==> storage_ids_hold(&rights->read[0], rights->readable, owner);
*/
bool storage_rights_read(const struct storage_rights *rights, uint32_t owner);
/*@ requires \valid_read(rights) && storage_rights_ok(rights);
    terminates \true;
    assigns \nothing;
    ensures \result <==> storage_ids_hold(&rights->modify[0], rights->modifiable, owner);
*/
bool storage_rights_modify(const struct storage_rights *rights, uint32_t owner);

/* Everything with what `identity` made, nothing with what others did. */
/*@ requires \valid(rights);
    terminates \true;
    assigns *rights;
    ensures rights->identity == identity && rights->may_create;
    ensures rights->readable == 1 && rights->read[0] == identity;
    ensures rights->modifiable == 1 && rights->modify[0] == identity;
*/
void storage_rights_own(struct storage_rights *rights, uint32_t identity);

/*
 * The rights that a storage permissions TLV gives an application (TBF, TLV 7).
 * The label is always `identity`, whatever identifier the TLV names: a header
 * cannot claim another application's objects for writing. A write identifier of
 * 0 takes the right to create away. Identifier 0, the kernel, is never given.
 * False: the TLV is malformed; `rights` then allow nothing.
 */
/*@ requires \valid(rights) && \valid_read(tlv + (0 .. length - 1));
    requires \separated(rights, tlv + (0 .. length - 1));
    terminates \true;
    assigns *rights;
    ensures rights->identity == identity && storage_rights_ok(rights);
    ensures \result ==> (rights->may_create <==> \old(le32_number(tlv)) != 0);
    ensures !\result ==> storage_rights_none(rights);
    ensures !storage_ids_hold(&rights->read[0], rights->readable, 0);
    ensures !storage_ids_hold(&rights->modify[0], rights->modifiable, 0);
*/
bool storage_rights_parse(struct storage_rights *rights, uint32_t identity, const uint8_t *tlv,
			  uint32_t length);

#endif
