/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The key-value store, for Eva: one piece of work of any part, in any phase, on any
 * state whose numbers are in their ranges, over a flash that gives anything. The
 * numbers are in their ranges again after it; so they always are.
 */
#include "__fc_builtin.h"
#include "kv_private.h"

enum { PAGE = 512, PAGES = 4, CHANGES = 3, VALUE = 70, BUFFER = 12 };

static struct kv_page pages[PAGES];
static struct kv kv;
static struct kv_change changes[CHANGES];
static uint8_t key[KV_KEY_MAX], value[VALUE], buffer[BUFFER];

static uint32_t up_to(uint32_t most)
{
	return Frama_C_unsigned_int_interval(0, most);
}

static bool any_bool(void)
{
	return (bool)Frama_C_interval(0, 1);
}

static void any_rights(struct storage_rights *rights)
{
	rights->may_create = any_bool();
	rights->readable = (uint8_t)up_to(STORAGE_RIGHTS_IDS);
	rights->modifiable = (uint8_t)up_to(STORAGE_RIGHTS_IDS);
}

static void any_tables(void)
{
	Frama_C_make_unknown((char *)pages, sizeof(pages));
	for (uint32_t i = 0; i < PAGES; i++)
		pages[i].worn = any_bool();
	//@ loop unroll KV_OWNERS;
	for (uint32_t i = 0; i < KV_OWNERS; i++)
		kv.owner[i].used = any_bool();
	for (uint32_t i = 0; i < CHANGES; i++) {
		Frama_C_make_unknown((char *)&changes[i], sizeof(changes[i]));
		changes[i].key = key;
		changes[i].key_length = (uint8_t)up_to(KV_KEY_MAX);
		changes[i].value = value;
		changes[i].value_length = (uint16_t)up_to(VALUE);
	}
}

static void any_flags(void)
{
	kv.mounted = any_bool();
	kv.appending = any_bool();
	kv.found.exists = any_bool();
	kv.record.more = any_bool();
	kv.open.copy = any_bool();
	kv.collect.copy = any_bool();
	kv.mount.torn = any_bool();
}

static void any_places(void)
{
	kv.active = up_to(PAGES - 1);
	kv.open.page = up_to(PAGES - 1);
	kv.find.page = up_to(PAGES - 1);
	kv.found.page = up_to(PAGES - 1);
	kv.collect.victim = up_to(PAGES - 1);
	kv.emit.page = up_to(PAGES - 1);
	kv.mount.page = up_to(PAGES - 1);
}

static void any_state(void)
{
	Frama_C_make_unknown((char *)key, sizeof(key));
	Frama_C_make_unknown((char *)value, sizeof(value));
	Frama_C_make_unknown((char *)&kv, sizeof(kv));
	kv.config = (struct kv_config){PAGE, PAGES, 4u << Frama_C_interval(0, 2), up_to(UINT32_MAX)};
	kv.page = pages;
	kv.size = PAGES * PAGE;
	kv.status = (enum error)up_to(13);
	kv.flash_status = (enum error)up_to(13);
	any_tables();
	any_flags();
	any_places();
	any_rights(&kv.rights);
	kv.depth = (uint8_t)up_to(KV_DEPTH - 1);
	kv.window_length = up_to(KV_CHUNK);
	kv.write.length = up_to(KV_STAGE);
	kv.find.length = up_to(KV_KEY_MAX);
	kv.mount.pending = up_to(KV_CHANGES_MAX);
	kv.change = changes;
	kv.changes = Frama_C_unsigned_int_interval(1, CHANGES);
	kv.index = up_to(CHANGES - 1);
	kv.buffer = buffer;
	kv.buffer_length = up_to(BUFFER);
}

static void check_state(void)
{
	//@ assert kv.active < PAGES && kv.open.page < PAGES && kv.find.page < PAGES;
	//@ assert kv.found.page < PAGES && kv.collect.victim < PAGES;
	//@ assert kv.emit.page < PAGES && kv.mount.page < PAGES;
	//@ assert kv.depth <= KV_DEPTH && kv.window_length <= KV_CHUNK;
	//@ assert kv.write.length <= KV_STAGE && kv.find.length <= KV_KEY_MAX;
	//@ assert kv.mount.pending <= KV_CHANGES_MAX && kv.index < CHANGES;
	//@ assert kv.page == &pages[0] && kv.change == &changes[0] && kv.buffer == &buffer[0];
	//@ assert 1 <= kv.changes <= CHANGES && kv.buffer_length <= BUFFER;
	//@ assert kv.rights.readable <= STORAGE_RIGHTS_IDS;
	//@ assert kv.rights.modifiable <= STORAGE_RIGHTS_IDS;
	return;
}

static void emit(uint8_t *phase)
{
	switch (Frama_C_interval(0, 2)) {
	case 0:
		kv.emit.change = NULL;
		(void)kv_frame_emit(&kv, phase);
		break;
	case 1:
		kv.emit.change = &changes[up_to(CHANGES - 1)];
		(void)kv_frame_emit(&kv, phase);
		break;
	default:
		kv.collect.retire = (struct kv_change){.value = kv.collect.dead, .value_length = 4};
		kv.emit.change = &kv.collect.retire;
		(void)kv_frame_emit(&kv, phase);
		break;
	}
}

/* Keys that are too long are told, but are not there; so they must not be looked at. */
static enum error commit(void)
{
	struct storage_rights rights;
	uint32_t count;

	Frama_C_make_unknown((char *)&rights, sizeof(rights));
	any_rights(&rights);
	for (uint32_t i = 0; i < CHANGES; i++)
		changes[i].key_length = (uint8_t)up_to(255);
	count = any_bool() ? up_to(CHANGES) : KV_CHANGES_MAX + 1;
	//@ split count;
	return kv_commit(&kv, &rights, changes, count);
}

static enum error get(void)
{
	const struct kv_query query = {key, up_to(UINT32_MAX), up_to(UINT32_MAX), buffer, BUFFER};
	struct storage_rights rights;

	Frama_C_make_unknown((char *)&rights, sizeof(rights));
	any_rights(&rights);
	return kv_get(&kv, &rights, &query);
}

static void begin(void)
{
	switch (Frama_C_interval(0, 4)) {
	case 0:
		(void)kv_mount(&kv);
		break;
	case 1:
		(void)commit();
		break;
	case 2:
		(void)get();
		break;
	case 3:
		(void)kv_collect(&kv);
		break;
	default:
		kv.request.operation = (enum kv_operation)Frama_C_interval(KV_READ, KV_ERASE);
		kv_done(&kv, (enum error)up_to(13));
		break;
	}
}

static void work(uint8_t *phase)
{
	switch (Frama_C_interval(0, 6)) {
	case 0:
		(void)kv_frame_mount(&kv, phase);
		break;
	case 1:
		//@ split kv.changes;
		(void)kv_frame_commit(&kv, phase);
		break;
	case 2:
		(void)kv_frame_get(&kv, phase);
		break;
	case 3:
		(void)kv_frame_collect(&kv, phase);
		break;
	case 4:
		(void)kv_frame_open(&kv, phase);
		break;
	case 5:
		(void)kv_frame_find(&kv, phase);
		break;
	default:
		emit(phase);
		break;
	}
}

int main(void)
{
	uint8_t phase = (uint8_t)up_to(255);

	any_state();
	if (any_bool())
		begin();
	else
		work(&phase);
	check_state();

	const struct kv_config config = {up_to(UINT32_MAX), up_to(UINT32_MAX), up_to(UINT32_MAX), 0};

	return kv_init(&kv, &config, pages) == E_OK ? 0 : 1;
}
