/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "lib/storage_rights.h"

#include "lib/bytes.h"

static bool listed(const uint32_t *ids, uint32_t count, uint32_t owner)
{
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

/* A u16 count and so many identifiers at `*at`. */
static bool parse_ids(uint32_t *ids, uint8_t *kept, const uint8_t **at, const uint8_t *end)
{
	if (end - *at < 2)
		return false;

	uint32_t count = le16_load(*at);

	*at += 2;
	if ((uint32_t)(end - *at) / 4 < count)
		return false;
	for (uint32_t i = 0; i < count; i++, *at += 4) {
		uint32_t id = le32_load(*at);

		if (id != 0 && *kept < STORAGE_RIGHTS_IDS)
			ids[(*kept)++] = id;
	}
	return true;
}

bool storage_rights_parse(struct storage_rights *rights, uint32_t identity, const uint8_t *tlv,
			  uint32_t length)
{
	const uint8_t *at = tlv;
	const uint8_t *end = tlv + length;

	*rights = (struct storage_rights){.identity = identity};
	if (length < 4)
		return false;

	bool may_create = le32_load(at) != 0;

	at += 4;
	if (!parse_ids(rights->read, &rights->readable, &at, end) ||
	    !parse_ids(rights->modify, &rights->modifiable, &at, end)) {
		*rights = (struct storage_rights){.identity = identity};
		return false;
	}
	rights->may_create = may_create;
	return true;
}
