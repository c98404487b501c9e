/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Power cuts. A workload of operations runs on the store; before every single
 * write and erase of it the medium is copied, and on the copy power goes before,
 * in the middle of and after this very operation. The copy is then mounted anew
 * and compared with a model: all of the operation is there, or nothing of it,
 * and everything older. Recovery goes on working and is cut in turn.
 *
 *	power_cut [operations] [seed] [page bytes] [pages] [unit] [worn] [step]
 *
 * `worn`: that many pages fail now and then. `step`: only every so manieth change
 * is cut, for large media.
 */
#include "flash_model.h"
#include "lib/kv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS = 22, VALUE_MAX = 150, OWNERS = 3, AFTER = 4, REMOUNT = 100, PAGES_MAX = 64 };

struct entry {
	bool exists;
	uint8_t owner;
	uint8_t length;
	uint8_t fill;
};

struct state {
	struct entry key[KEYS];
};

/* One operation of the workload. */
struct work {
	uint8_t count, owner;
	struct {
		uint8_t key, length, fill;
		bool remove;
	} change[4];
};

struct machine {
	struct flash_model flash;
	struct kv kv;
	struct kv_page pages[PAGES_MAX];
	struct state state;
	uint32_t random;
	uint8_t last; /* key that the last operation was about */
	/* What a commit under way reads. */
	struct kv_change changes[4];
	uint8_t keys[4][KV_KEY_MAX], values[4][256];
};

static struct kv_config config = {.page_bytes = 1024, .pages = 8, .unit = 4};
static struct machine first, second;
static uint64_t cuts, losses, changes_seen, recoveries;
static uint32_t step = 1;
static unsigned worn;

static uint32_t pick(uint32_t *random)
{
	*random ^= *random << 13;
	*random ^= *random >> 17;
	*random ^= *random << 5;
	return *random;
}

static void loss(const char *what, uint32_t key)
{
	losses++;
	if (losses < 20)
		printf("loss after cut %llu: %s, key %u\n", (unsigned long long)cuts, what, key);
}

static uint8_t value_byte(const struct entry *entry, uint32_t at)
{
	return (uint8_t)(entry->fill + at * 7);
}

static uint32_t key_bytes(uint8_t *key, uint32_t index)
{
	uint32_t length = 3 + index % 9;

	for (uint32_t i = 0; i < length; i++)
		key[i] = (uint8_t)('a' + index + i);
	return length;
}

/* Called before each change of the first machine. */
static void try_cuts(const struct work *work);

/* E_OFF: power went. */
static enum error run(struct machine *machine, const struct work *work)
{
	struct kv_request request;

	while (kv_step(&machine->kv, &request)) {
		enum error status = E_OK;

		if (machine == &first && request.operation != KV_READ)
			try_cuts(work);
		switch (request.operation) {
		case KV_READ:
			status = flash_model_read(&machine->flash, request.offset, request.bytes,
						  request.length);
			break;
		case KV_WRITE:
			status = flash_model_write(&machine->flash, request.offset, request.bytes,
						   request.length);
			break;
		default:
			status = flash_model_erase(&machine->flash,
						   request.offset / config.page_bytes);
			break;
		}
		if (status == E_OFF)
			return E_OFF;
		kv_done(&machine->kv, status);
	}
	return machine->kv.status;
}

static void mount(struct machine *machine)
{
	if (kv_init(&machine->kv, &config, machine->pages) != E_OK ||
	    kv_mount(&machine->kv) != E_OK || run(machine, NULL) != E_OK)
		loss("cannot mount", 0);
}

static void state_apply(struct state *state, const struct work *work)
{
	for (uint32_t i = 0; i < work->count; i++) {
		struct entry *entry = &state->key[work->change[i].key];
		uint8_t owner = entry->exists ? entry->owner : work->owner;

		*entry = (struct entry){0};
		if (work->change[i].remove)
			continue;
		*entry = (struct entry){true, owner, work->change[i].length, work->change[i].fill};
	}
}

static void rights_all(struct storage_rights *rights, uint32_t identity)
{
	storage_rights_own(rights, identity);
	rights->readable = rights->modifiable = 0;
	for (uint32_t i = 1; i <= OWNERS; i++) {
		rights->read[rights->readable++] = i;
		rights->modify[rights->modifiable++] = i;
	}
}

static enum error perform(struct machine *machine, const struct work *work)
{
	struct kv_change *changes = machine->changes;
	struct storage_rights rights;

	rights_all(&rights, work->owner);
	for (uint32_t i = 0; i < work->count; i++) {
		struct entry entry = {.fill = work->change[i].fill};

		changes[i] = (struct kv_change){
			.key = machine->keys[i],
			.value = machine->values[i],
			.key_length = (uint8_t)key_bytes(machine->keys[i], work->change[i].key),
			.value_length = work->change[i].length,
			.mode = work->change[i].remove ? KV_REMOVE : KV_SET,
		};
		for (uint32_t j = 0; j < work->change[i].length; j++)
			machine->values[i][j] = value_byte(&entry, j);
	}

	enum error error = kv_commit(&machine->kv, &rights, changes, work->count);

	return error != E_OK ? error : run(machine, work);
}

/* What the store holds for one key; false: it cannot be read. */
static bool look(struct machine *machine, uint32_t index, struct entry *entry)
{
	uint8_t key[KV_KEY_MAX], value[256];
	struct kv_query query = {.key = key, .buffer = value, .buffer_length = sizeof(value)};
	struct storage_rights rights;

	rights_all(&rights, 1);
	query.key_length = key_bytes(key, index);
	*entry = (struct entry){0};
	if (kv_get(&machine->kv, &rights, &query) != E_OK)
		return false;

	enum error error = run(machine, NULL);

	if (error == E_NOSUPPORT)
		return true;
	if (error != E_OK || machine->kv.count != machine->kv.found.value_length)
		return false;
	*entry = (struct entry){true, (uint8_t)machine->kv.found.owner, (uint8_t)machine->kv.count,
				value[0]};
	if (machine->kv.count == 0)
		entry->fill = 0;
	for (uint32_t i = 0; i < machine->kv.count; i++)
		if (value[i] != value_byte(entry, i))
			return false;
	return true;
}

static bool same(const struct entry *a, const struct entry *b)
{
	return a->exists == b->exists &&
	       (!a->exists || (a->owner == b->owner && a->length == b->length &&
			       (a->length == 0 || a->fill == b->fill)));
}

static void check_totals(struct machine *machine)
{
	uint32_t total[OWNERS + 1] = {0};

	for (uint32_t i = 0; i < KEYS; i++) {
		const struct entry *entry = &machine->state.key[i];
		uint8_t key[KV_KEY_MAX];

		if (entry->exists)
			total[entry->owner] +=
				kv_change_bytes(&config, key_bytes(key, i), entry->length);
	}
	for (uint32_t i = 1; i <= OWNERS; i++)
		if (kv_used_by(&machine->kv, i) != total[i])
			loss("the owner's bytes are wrong", i);
}

/* Compares with the state before and after `work`; the machine's state becomes what it is. */
static void compare(struct machine *machine, const struct work *work)
{
	struct state after = machine->state;
	bool is_before = true, is_after = true;

	if (work != NULL)
		state_apply(&after, work);
	for (uint32_t i = 0; i < KEYS; i++) {
		struct entry entry;

		if (!look(machine, i, &entry)) {
			loss("damaged", i);
			return;
		}
		bool old = same(&entry, &machine->state.key[i]);
		bool new = same(&entry, &after.key[i]);

		is_before = is_before && old;
		is_after = is_after && new;
		if (!old && !new)
			loss("neither old nor new", i);
	}
	if (!is_before && !is_after)
		loss("an operation is there in part", 0);
	if (!is_before)
		machine->state = after;
	check_totals(machine);
}

/*
 * Some keys are used much, others hardly ever; and now and then the same one again,
 * so that a key is made and removed in one page and then left alone for long.
 */
static uint32_t pick_key(struct machine *machine)
{
	uint32_t one = pick(&machine->random) % KEYS, other = pick(&machine->random) % KEYS;

	if (pick(&machine->random) % 4 == 0)
		return machine->last;
	return one < other ? one : other;
}

static void invent(struct machine *machine, struct work *work)
{
	*work = (struct work){.owner = (uint8_t)(1 + pick(&machine->random) % OWNERS)};
	machine->last %= KEYS;
	work->count =
		(uint8_t)(pick(&machine->random) % 4 == 0 ? 1 + pick(&machine->random) % 3 : 1);
	for (uint32_t i = 0; i < work->count; i++) {
		uint32_t key = pick_key(machine);

		for (uint32_t j = 0; j < i; j++)
			if (work->change[j].key == key) {
				work->count = (uint8_t)i;
				return;
			}
		work->change[i].key = (uint8_t)key;
		work->change[i].fill = (uint8_t)pick(&machine->random);
		work->change[i].length =
			(uint8_t)(pick(&machine->random) % (work->count > 1 ? 40 : VALUE_MAX + 1));
		work->change[i].remove =
			machine->state.key[key].exists &&
			pick(&machine->random) % (key == machine->last ? 2 : 5) == 0;
		for (uint32_t j = 0; j < i; j++)
			if (work->change[j].key == work->change[i].key)
				work->count = (uint8_t)i;
	}
}

/* True: it was done or rightly refused. */
static bool expected(enum error error)
{
	return error == E_OK || error == E_NOMEM || error == E_SIZE ||
	       (error == E_FAIL && worn != 0);
}

/* The store must go on after a recovery, and survive a cut while it does. */
static void go_on(struct machine *machine)
{
	struct work work;

	machine->flash.changes = 0;
	machine->flash.cut_at = pick(&machine->random) % 24;
	machine->flash.cut = (enum flash_model_cut)(CUT_BEFORE + pick(&machine->random) % 3);
	for (uint32_t i = 0; i < AFTER; i++) {
		invent(machine, &work);

		enum error error = perform(machine, &work);

		if (error == E_OFF) {
			cuts++;
			recoveries++;
			flash_model_power_on(&machine->flash);
			mount(machine);
			compare(machine, &work);
			return;
		}
		if (!expected(error))
			loss("stuck", (uint32_t)error);
		if (error == E_OK)
			state_apply(&machine->state, &work);
	}
	compare(machine, NULL);
}

static void try_cuts(const struct work *work)
{
	if (changes_seen++ % step != 0)
		return;
	for (int kind = CUT_BEFORE; kind <= CUT_AFTER; kind++) {
		struct machine *machine = &second;

		flash_model_copy(&machine->flash, &first.flash);
		machine->flash.random = pick(&machine->random);
		machine->flash.cut_at = 0;
		machine->flash.cut = (enum flash_model_cut)kind;
		machine->state = first.state;
		if (first.kv.request.operation == KV_WRITE)
			(void)flash_model_write(&machine->flash, first.kv.request.offset,
						first.kv.request.bytes, first.kv.request.length);
		else
			(void)flash_model_erase(&machine->flash,
						first.kv.request.offset / config.page_bytes);
		cuts++;
		recoveries++;
		flash_model_power_on(&machine->flash);
		mount(machine);
		compare(machine, work);
		go_on(machine);
	}
}

static void machine_init(struct machine *machine, uint32_t seed)
{
	machine->flash = (struct flash_model){
		.page_bytes = config.page_bytes,
		.pages = config.pages,
		.word_bytes = config.unit,
		.writes_per_word = 1,
		.random = seed,
	};
	flash_model_init(&machine->flash, false);
	machine->random = seed;
}

static uint32_t argument(int count, char **arguments, int index, uint32_t otherwise)
{
	return index < count ? (uint32_t)strtoul(arguments[index], NULL, 0) : otherwise;
}

static void spread(const struct machine *machine)
{
	uint32_t low = UINT32_MAX, high = 0;

	for (uint32_t i = 0; i < config.pages; i++) {
		uint32_t erases = machine->flash.page_erases[i];

		low = erases < low ? erases : low;
		high = erases > high ? erases : high;
	}
	printf("  writes %llu, erases %llu (%u to %u a page), failed %llu\n",
	       (unsigned long long)machine->flash.writes, (unsigned long long)machine->flash.erases,
	       low, high, (unsigned long long)machine->flash.failures);
}

int main(int count, char **arguments)
{
	uint32_t operations = argument(count, arguments, 1, 2000);
	uint32_t seed = argument(count, arguments, 2, 1);
	uint32_t refused = 0, done = 0;

	config.page_bytes = argument(count, arguments, 3, 1024);
	config.pages = argument(count, arguments, 4, 8);
	config.unit = argument(count, arguments, 5, 4);
	worn = argument(count, arguments, 6, 0);
	step = argument(count, arguments, 7, 1);
	if (config.pages > PAGES_MAX || step == 0 || worn + KV_PAGES_MIN > config.pages) {
		printf("at most %d pages, of which 4 must be good; step at least 1\n", PAGES_MAX);
		return 2;
	}
	machine_init(&first, seed);
	machine_init(&second, seed + 1);
	for (uint32_t i = 0; i < worn; i++)
		first.flash.page_worn[(i * 3 + 1) % config.pages] = (uint8_t)(20 + 30 * i);
	mount(&first);
	for (uint32_t i = 0; i < operations; i++) {
		struct work work;

		if (i % REMOUNT == REMOUNT - 1)
			mount(&first);
		invent(&first, &work);

		enum error error = perform(&first, &work);

		if (!expected(error))
			loss("an operation failed", (uint32_t)error);
		refused += error == E_OK ? 0 : 1;
		done += error == E_OK ? 1 : 0;
		if (error == E_OK)
			state_apply(&first.state, &work);
		first.last = work.change[0].key;
	}
	compare(&first, NULL);
	if (done < operations / 2)
		loss("most operations were refused", refused);
	printf("%u operations on %u pages of %u bytes, unit %u, %u worn: done %u, refused %u\n",
	       operations, config.pages, config.page_bytes, config.unit, worn, done, refused);
	spread(&first);
	printf("cuts made %llu, recoveries %llu, losses found %llu\n", (unsigned long long)cuts,
	       (unsigned long long)recoveries, (unsigned long long)losses);
	flash_model_free(&first.flash);
	flash_model_free(&second.flash);
	return losses != 0 || cuts == 0;
}
