/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Boards that require credentials: all binaries in flash are checked first, one
 * after the other, then it is settled which of the accepted ones run, and only then
 * processes are made. Of several versions of one application the newest runs.
 */
#include "admission.h"

#include "app_admission.h"
#include "app_binary.h"
#include "kernel/app_checker.h"
#include "kernel/deferred.h"
#include "kernel/log.h"
#include "loader.h"
#include "process.h"

#include <stddef.h>

enum {
	RECORDS = 32,    /* binaries that one pass looks at */
	KEEPS = RECORDS, /* applications whose version is still to be kept */
};

enum verdict { VERDICT_NONE, VERDICT_ACCEPTED };

struct record {
	uptr_t start;
	uint32_t size;
	uint32_t header_sum; /* what stands in its header: another binary there is not this one */
	struct app_identity identity;
	uint8_t verdict;
};

static void checked(struct app_check *check, enum error status);
static void begin_again(struct deferred *deferred);

static const struct deferred_ops repeat_ops = {.called = begin_again};
static struct deferred repeat = {.ops = &repeat_ops};
static const struct app_check_ops check_ops = {.checked = checked};
static struct app_check request = {.ops = &check_ops};
static struct record records[RECORDS];
static uint32_t count;   /* of records */
static uint32_t current; /* the one that `request` is about */
static bool under_way, again;

/* A process that waits until its version is kept. */
static struct keep {
	struct app_identity identity;
	struct process_id process;
} keeps[KEEPS];
static uint32_t keep_count;
static bool keeping;

/* Versions that ran since the start, for acceptances from before. */
static struct ran {
	uint32_t short_id, version;
} ran[RECORDS];
static uint32_t ran_next;

static struct record *record_at(uptr_t start)
{
	for (uint32_t i = 0; i < count; i++)
		if (records[i].start == start)
			return &records[i];
	return NULL;
}

/* Whether it says nothing that counts any more, nor is still to be checked in this pass. */
static bool is_spent(const struct record *record)
{
	if (record->verdict != VERDICT_ACCEPTED)
		return record < &records[current];
	return app_binary_sum(record->start) != record->header_sum;
}

static struct record *record_make(uptr_t start)
{
	struct record *record = record_at(start);

	if (record == NULL && count < RECORDS)
		return &records[count++];
	for (uint32_t i = 0; record == NULL && i < RECORDS; i++)
		if (is_spent(&records[i]))
			record = &records[i];
	return record;
}

void app_admission_forget(uptr_t start, uint32_t length)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct app_binary binary = {
			.address = records[i].start,
			.size = records[i].size,
		};

		if (app_binary_overlaps(&binary, start, length))
			records[i] = (struct record){0};
	}
	app_check_spoil(start, length);
}

void admission_note(const struct app_binary *binary, const struct app_identity *identity)
{
	struct record *record = record_make(binary->address);

	if (record == NULL)
		return;
	*record = (struct record){
		.start = binary->address,
		.size = binary->size,
		.header_sum = app_binary_sum(binary->address),
		.identity = *identity,
		.verdict = VERDICT_ACCEPTED,
	};
}

static const struct process *running_as(uint32_t short_id)
{
	for (uint32_t i = 0; i < board.process_count; i++)
		if (board.processes[i].state != PROCESS_UNUSED &&
		    board.processes[i].state != PROCESS_TERMINATED &&
		    board.processes[i].identity.short_id == short_id)
			return &board.processes[i];
	return NULL;
}

/* The record that keeps this one from running: a newer version, or the same before it. */
static const struct record *rival(const struct record *record)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct record *other = &records[i];

		if (other == record || other->verdict != VERDICT_ACCEPTED ||
		    other->identity.short_id != record->identity.short_id ||
		    app_binary_sum(other->start) != other->header_sum)
			continue;
		if (other->identity.version > record->identity.version ||
		    (other->identity.version == record->identity.version &&
		     other->start < record->start))
			return other;
	}
	return NULL;
}

static void tell_rival(const struct record *record, const struct record *other)
{
	if (other->identity.version == record->identity.version)
		log_print(
			"app at 0x%08x refused: the same application and version is at 0x%08x\r\n",
			record->start, other->start);
	else
		log_print("app at 0x%08x refused: version %u of it is at 0x%08x\r\n", record->start,
			  other->identity.version, other->start);
}

/* One application has one process, and the newest of its binaries has it. */
static bool is_unique(const struct record *record)
{
	uint32_t short_id = record->identity.short_id;

	if (short_id == 0)
		return true;

	const struct record *other = rival(record);

	if (other != NULL) {
		tell_rival(record, other);
		return false;
	}

	const struct process *running = running_as(short_id);

	if (running != NULL)
		log_print("app at 0x%08x refused: version %u of it runs already\r\n", record->start,
			  running->identity.version);
	return running == NULL;
}

static uint32_t version_that_ran(uint32_t short_id)
{
	for (uint32_t i = 0; i < RECORDS; i++)
		if (ran[i].short_id == short_id)
			return ran[i].version;
	return 0;
}

/* What was accepted goes by the floor that was there then. */
static bool is_below_floor(const struct record *record)
{
	uint32_t floor = version_that_ran(record->identity.short_id);

	if (record->identity.credential == APP_CREDENTIAL_NONE || record->identity.version >= floor)
		return false;
	log_print("app at 0x%08x refused: version %u, and version %u has run\r\n", record->start,
		  record->identity.version, floor);
	return true;
}

bool app_admitted(uptr_t start, const struct tbf_info *info, struct app_identity *identity)
{
	const struct record *record = record_at(start);

	if (record != NULL && record->verdict != VERDICT_ACCEPTED)
		return false; /* whoever checked it has told why */
	if (record == NULL || record->size < info->total_size ||
	    record->header_sum != app_binary_sum(start)) {
		log_print("app at 0x%08x refused: it was not checked as it is now\r\n", start);
		return false;
	}
	*identity = record->identity;
	return is_unique(record) && !is_below_floor(record);
}

/* ---- a pass over the whole region ---- */

void app_admission_look(uptr_t start, const struct tbf_info *info, const char *name)
{
	struct record *record = record_make(start);

	if (record == NULL) {
		log_print("app %s at 0x%08x refused: %u applications were found before it\r\n",
			  name, start, RECORDS);
		return;
	}
	*record = (struct record){.start = start, .size = info->total_size};
}

static void finish_pass(void)
{
	loader_load_admitted(false);
	under_way = false;
	if (again)
		deferred_set(&repeat);
}

static void check_current(void)
{
	while (current < count) {
		request.binary = (struct app_binary){
			.address = records[current].start,
			.size = records[current].size,
		};
		if (app_check_queue(&request) == E_OK)
			return;
		current++;
	}
	finish_pass();
}

static void checked(struct app_check *check, enum error status)
{
	uptr_t start = check->binary.address;

	if (status == E_ALREADY)
		log_print("app at 0x%08x refused: version %u, and version %u has run\r\n", start,
			  check->identity.version, check->floor);
	else if (status != E_OK)
		log_print("app at 0x%08x refused: %s\r\n", start,
			  check->reason == NULL ? "it could not be checked" : check->reason);
	current++;
	check_current();
}

bool app_admission_begin(void)
{
	again = under_way;
	if (under_way)
		return true;
	under_way = true;
	count = 0;
	current = 0;
	loader_look();
	check_current();
	return true;
}

static void begin_again(struct deferred *deferred)
{
	(void)deferred;
	(void)app_admission_begin();
}

/* ---- versions that run ---- */

static void keep_next(void)
{
	if (keeping || keep_count == 0)
		return;
	keeping = true;
	board.checker->ops->keep(board.checker, &keeps[0].identity);
}

static void forget_acceptances(uint32_t short_id)
{
	for (uint32_t i = 0; i < count; i++)
		if (records[i].identity.short_id == short_id)
			records[i] = (struct record){0};
}

/* Where there is no room, what was accepted of the one that makes room is forgotten with it. */
static void note_ran(const struct app_identity *identity)
{
	struct ran *entry = NULL;

	for (uint32_t i = 0; i < RECORDS && entry == NULL; i++)
		if (ran[i].short_id == identity->short_id || ran[i].short_id == 0)
			entry = &ran[i];
	if (entry == NULL)
		entry = &ran[ran_next++ % RECORDS];
	if (entry->short_id != 0 && entry->short_id != identity->short_id)
		forget_acceptances(entry->short_id);
	*entry = (struct ran){identity->short_id, identity->version};
}

void app_admission_used(struct process *process)
{
	const struct app_identity *identity = &process->identity;

	if (identity->short_id == 0 || identity->version == 0 ||
	    identity->credential == APP_CREDENTIAL_NONE)
		return;
	note_ran(identity);
	if (keep_count == KEEPS) {
		log_print("app at 0x%08x does not run: too many versions are being kept\r\n",
			  process->flash_start);
		process_end(process, PROCESS_TERMINATED);
		return;
	}
	process->waits = true;
	process_hold(process);
	keeps[keep_count++] = (struct keep){process->identity, process->id};
	keep_next();
}

/*
 * Power lost before this finds a version that never ran. It may be in another life by now;
 * where its slot has gone to another binary there is nothing to do.
 */
static void let_run(const struct keep *keep)
{
	struct process *process = &board.processes[process_id_slot(keep->process)];

	if (!process->waits || process->identity.short_id != keep->identity.short_id ||
	    process->identity.version != keep->identity.version)
		return;
	process->waits = false;
	if (process->state == PROCESS_STOPPED)
		process_go_on(process);
}

void app_checker_kept(const struct cap_app_checker *checker_cap, enum error status)
{
	(void)checker_cap;
	if (!keeping)
		return;
	if (status != E_OK)
		log_print("app %u: its version floor could not be kept\r\n",
			  keeps[0].identity.short_id);
	let_run(&keeps[0]);
	keeping = false;
	keep_count--;
	for (uint32_t i = 0; i < keep_count; i++)
		keeps[i] = keeps[i + 1];
	keep_next();
}
