/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What a board that requires credentials remembers of its checks, with a checker, a
 * loader and a region that the test plays: an acceptance is worth no more than the
 * bytes that it was for.
 *
 * LINK: tests/unit/fake_kernel.c tests/unit/fake_devices.c tests/unit/fake_processes.c \
 *	kernel/src/checked/admission.c kernel/src/checked/app_check.c kernel/src/app_checks.c \
 *	lib/tbf.c lib/bytes.c lib/format.c lib/ring.c
 * INCLUDE: kernel/src/checked arch/host/include
 */
#include "admission.h"
#include "app_admission.h"
#include "app_binary.h"
#include "app_identity_private.h"
#include "fake_kernel.h"
#include "kernel/app_checker.h"
#include "lib/bytes.h"
#include "loader.h"
#include "process.h"
#include "test.h"

#include <string.h>

enum { BASE = 0x1000, APP = 64, APPS = 40 };

static uint8_t region[APP * APPS];
static uint32_t looked, loads;
static struct app_check *with_checker;
static enum error answered;
static bool unreadable;

static void played_check(struct app_checker *checker, struct app_check *check,
			 const struct tbf_info *info)
{
	(void)checker;
	(void)info;
	with_checker = check;
}

static struct app_identity kept;
static uint32_t keeps;

static void played_keep(struct app_checker *checker, const struct app_identity *identity)
{
	(void)checker;
	kept = *identity;
	keeps++;
}

static const struct app_checker_ops checker_ops = {played_check, played_keep};
static struct app_checker checker = {&checker_ops};
static struct process processes[2];
const struct board board = {.checker = &checker, .processes = processes, .process_count = 2};

bool app_binary_ok(const struct app_binary *binary)
{
	return binary->address >= BASE && binary->address < BASE + sizeof(region);
}

bool app_binary_copy(const struct app_binary *binary, uint32_t offset, uint8_t *to, uint32_t length)
{
	if (unreadable)
		return false;
	memcpy(to, region + (binary->address - BASE) + offset, length);
	return true;
}

enum tbf_status app_binary_parse(const struct app_binary *binary, struct tbf_info *info)
{
	(void)binary;
	*info = (struct tbf_info){.total_size = APP, .binary_end_offset = APP};
	return TBF_OK;
}

struct app_identity app_identity_claimed(const struct tbf_info *info)
{
	(void)info;
	return (struct app_identity){.key = APP_NO_KEY};
}

void *arch_kernel_pointer(uptr_t address)
{
	return region + (address - BASE);
}

static bool exact = true; /* the protection can end what is executed at the binary's end */

uptr_t arch_mpu_code_end(const struct arch_regions *regions)
{
	return exact ? regions->code_end : regions->code_end + 16;
}

/* The first `looked` applications are in the row. */
void loader_look(void)
{
	const struct tbf_info info = {.total_size = APP};

	for (uint32_t i = 0; i < looked; i++)
		app_admission_look(BASE + i * APP, &info, "app");
}

void loader_load_admitted(bool tell)
{
	(void)tell;
	loads++;
}

static void noted(struct app_check *check, enum error status)
{
	(void)check;
	answered = status;
}

static void put(uint32_t number, uint32_t sum)
{
	le32_store(region + number * APP + 12, sum);
}

/* Begins the check of the application with that number, up to where the checker has it. */
static void begin(struct app_check *check, uint32_t number)
{
	static const struct app_check_ops ops = {noted};

	*check = (struct app_check){.ops = &ops, .binary = {BASE + number * APP, APP}};
	answered = E_BUSY;
	TEST_EQUAL(app_check_queue(check), E_OK);
	fake_run_deferred();
	TEST_CHECK(with_checker == check);
}

static enum error end(void)
{
	app_checker_answer(NULL, E_OK);
	return answered;
}

static enum error check(uint32_t number)
{
	struct app_check request;

	begin(&request, number);
	return end();
}

static bool admitted(uint32_t number)
{
	const struct tbf_info info = {.total_size = APP};
	struct app_identity identity;

	return app_admitted(BASE + number * APP, &info, &identity);
}

/* The same header sum is easily made: only that the bytes did not change counts. */
static void test_forgotten(void)
{
	for (uint32_t i = 0; i < 3; i++) {
		put(i, 100 + i);
		TEST_EQUAL(check(i), E_OK);
		TEST_CHECK(admitted(i));
	}
	app_admission_forget(BASE + 2 * APP - 1, 1); /* the last byte of number 1 */
	TEST_CHECK(admitted(0));
	TEST_CHECK(!admitted(1));
	TEST_CHECK(admitted(2));
	app_admission_forget(BASE, 3 * APP);
	TEST_CHECK(!admitted(0));
	TEST_CHECK(!admitted(2));
	TEST_EQUAL(check(0), E_OK);
	TEST_CHECK(admitted(0));
	put(0, 99);
	TEST_CHECK(!admitted(0));
}

static void test_changed_meanwhile(void)
{
	struct app_check first;

	begin(&first, 3);
	app_admission_forget(BASE + 4 * APP, APP);
	TEST_EQUAL(end(), E_OK);
	begin(&first, 3);
	app_admission_forget(BASE + 3 * APP, 16);
	TEST_EQUAL(end(), E_FAIL);
	TEST_CHECK(first.reason != NULL);
	TEST_CHECK(!admitted(3));
	begin(&first, 3);
	put(3, 5);
	TEST_EQUAL(end(), E_FAIL);
	TEST_CHECK(!admitted(3));
	TEST_EQUAL(check(3), E_OK);
	TEST_CHECK(admitted(3));
}

/* What a signature vouches for ends where nothing behind it can be executed. */
static void test_inexact_end(void)
{
	struct app_check request;

	exact = false;
	TEST_EQUAL(check(6), E_OK); /* no key vouches for it */
	begin(&request, 7);
	request.identity.key = 0;
	TEST_EQUAL(end(), E_NOSUPPORT);
	TEST_CHECK(request.reason != NULL && !admitted(7));
	exact = true;
	begin(&request, 7);
	request.identity.key = 0;
	TEST_EQUAL(end(), E_OK);
}

/* However many come and go, there is room for what is checked next. */
static void test_many(void)
{
	for (uint32_t i = 0; i < APPS; i++) {
		put(i, 1000 + i);
		TEST_EQUAL(check(i), E_OK);
		TEST_CHECK(admitted(i));
		put(i, 2000 + i); /* another binary */
		TEST_CHECK(!admitted(i));
	}
}

static void finish_pass(void)
{
	uint32_t before = loads;

	for (uint32_t i = 0; i < 2 * APPS && loads == before; i++) {
		fake_run_deferred();
		app_checker_answer(NULL, E_OK);
	}
	TEST_EQUAL(loads, before + 1);
}

static void test_pass(void)
{
	looked = 32;
	TEST_CHECK(app_admission_begin());
	fake_run_deferred();
	app_admission_forget(BASE, 1);            /* that is being checked */
	app_admission_forget(BASE + 5 * APP, 16); /* whose turn comes */
	TEST_CHECK(with_checker->binary.address == BASE);
	finish_pass();
	TEST_CHECK(!admitted(0));
	TEST_CHECK(admitted(1));
	TEST_CHECK(!admitted(5));
	TEST_CHECK(admitted(6));
}

/* As many as can be remembered stay accepted; one more is accepted and not remembered. */
static void test_no_room(void)
{
	app_admission_forget(BASE, sizeof(region));
	for (uint32_t i = 0; i < 32; i++) {
		put(i, 3000 + i);
		TEST_EQUAL(check(i), E_OK);
	}
	put(32, 3032);
	TEST_EQUAL(check(32), E_OK);
	TEST_CHECK(!admitted(32));
	for (uint32_t i = 0; i < 32; i++)
		TEST_CHECK(admitted(i));
	put(7, 1);
	TEST_EQUAL(check(32), E_OK);
	TEST_CHECK(admitted(32));
	TEST_CHECK(admitted(6) && !admitted(7) && admitted(8));
}

/* What cannot be read is not what was accepted; nor is what is longer now. */
static void test_not_as_checked(void)
{
	const struct tbf_info longer = {.total_size = APP + 4};
	const struct app_binary binary = {BASE, APP};
	const struct app_identity nobody = {.key = APP_NO_KEY};
	struct app_identity identity;

	app_admission_forget(BASE, sizeof(region));
	put(0, 50);
	TEST_EQUAL(check(0), E_OK);
	TEST_CHECK(!app_admitted(BASE, &longer, &identity));
	unreadable = true;
	TEST_CHECK(!admitted(0));
	unreadable = false;
	TEST_CHECK(admitted(0));
	app_admission_forget(BASE, APP);
	unreadable = true;
	admission_note(&binary, &nobody);
	unreadable = false;
	TEST_CHECK(!admitted(0));
}

/* Of one application the newest version whose header is still the one that was accepted. */
static void test_one_of_an_application(void)
{
	struct app_check request;

	app_admission_forget(BASE, sizeof(region));
	for (uint32_t i = 0; i < 3; i++) {
		put(i, 200 + i);
		begin(&request, i);
		request.identity.short_id = i == 2 ? 56 : 55;
		request.identity.version = 1 + i;
		TEST_EQUAL(end(), E_OK);
	}
	TEST_CHECK(!admitted(0) && admitted(1) && admitted(2));
	put(1, 999);
	TEST_CHECK(admitted(0));
	processes[0] = (struct process){.id = {0x100}, .state = PROCESS_TERMINATED};
	processes[0].identity.short_id = 55;
	TEST_CHECK(admitted(0));
	processes[0].state = PROCESS_FAULTED; /* its slot is still its own */
	(void)fake_log();
	TEST_CHECK(!admitted(0));
	TEST_CHECK(strstr(fake_log(), "runs already") != NULL);
	processes[0].identity.short_id = 54;
	TEST_CHECK(admitted(0));
	processes[0].state = PROCESS_UNUSED;
}

/* The log says why each one was refused; one more than a pass looks at is refused by name. */
static void test_pass_tells(void)
{
	static const enum error statuses[] = {E_ALREADY, E_FAIL, E_NOSUPPORT};

	app_admission_forget(BASE, sizeof(region));
	looked = 33;
	(void)fake_log();
	TEST_CHECK(app_admission_begin());
	TEST_CHECK(strstr(fake_log(), "32 applications were found before it") != NULL);
	looked = 32;
	fake_run_deferred();
	for (uint32_t i = 0; i < 3; i++) {
		with_checker->reason = i == 2 ? "nobody signed it" : NULL;
		with_checker->floor = 6;
		app_checker_answer(NULL, statuses[i]);
		fake_run_deferred();
	}

	const char *log = fake_log();

	TEST_CHECK(strstr(log, "0x00001000 refused: version 0, and version 6 has run") != NULL);
	TEST_CHECK(strstr(log, "0x00001040 refused: it could not be checked") != NULL);
	TEST_CHECK(strstr(log, "0x00001080 refused: nobody signed it") != NULL);
	finish_pass();
	for (uint32_t i = 0; i < 33; i++)
		TEST_EQUAL(admitted(i), i >= 3 && i < 32);
}

/* Asked for again while it is under way: once more, when it is over. */
static void test_pass_again(void)
{
	looked = 2;
	TEST_CHECK(app_admission_begin());
	TEST_CHECK(app_admission_begin());
	finish_pass();
	finish_pass();

	uint32_t before = loads;

	fake_run_deferred();
	app_checker_answer(NULL, E_OK);
	TEST_EQUAL(loads, before);
}

static struct process *start(uint32_t slot, uint32_t version)
{
	processes[slot] = (struct process){
		.id = {slot | 0x100u},
		.state = PROCESS_RUNNING,
		.identity = {.short_id = 10 + slot, .version = version, .credential = 3},
	};
	app_admission_used(&processes[slot]);
	return &processes[slot];
}

/* Not one instruction before its floor is kept; one after the other. */
static void test_floor_comes_first(void)
{
	struct process *first = start(0, 7), *second = start(1, 8);

	TEST_EQUAL(keeps, 1);
	TEST_EQUAL(kept.version, 7);
	TEST_EQUAL(first->state, PROCESS_STOPPED);
	TEST_EQUAL(second->state, PROCESS_STOPPED);
	app_checker_kept(NULL, E_OK);
	TEST_EQUAL(first->state, PROCESS_RUNNING);
	TEST_EQUAL(second->state, PROCESS_STOPPED);
	TEST_EQUAL(kept.version, 8);
	second->id.raw += 0x100; /* another life, which waited too */
	app_checker_kept(NULL, E_OK);
	TEST_EQUAL(second->state, PROCESS_RUNNING);
	TEST_CHECK(!second->waits);
	TEST_EQUAL(keeps, 2);

	first = start(0, 0); /* it has no version, so no floor */
	TEST_EQUAL(first->state, PROCESS_RUNNING);
	TEST_EQUAL(keeps, 2);
	first = start(0, 9);
	app_checker_kept(NULL, E_FAIL); /* the log says so */
	TEST_EQUAL(first->state, PROCESS_RUNNING);
}

/* Nothing vouches for it, or nothing tells it from others: there is nothing to keep. */
static void test_no_floor(void)
{
	uint32_t before = keeps;

	for (uint32_t i = 0; i < 2; i++) {
		processes[0] = (struct process){
			.id = {0x100},
			.state = PROCESS_RUNNING,
			.identity = {.short_id = i == 0 ? 0 : 10, .version = 3},
		};
		processes[0].identity.credential = i == 0 ? 3 : APP_CREDENTIAL_NONE;
		app_admission_used(&processes[0]);
		TEST_EQUAL(processes[0].state, PROCESS_RUNNING);
	}
	TEST_EQUAL(keeps, before);
	app_checker_kept(NULL, E_OK); /* nobody asked */
	TEST_EQUAL(keeps, before);
}

/* Gone on or ended in another way while its version was being kept. */
static void test_not_stopped_any_more(void)
{
	start(0, 3)->state = PROCESS_YIELDED;
	processes[0].resumes = PROCESS_RUNNING;
	app_checker_kept(NULL, E_OK);
	TEST_EQUAL(processes[0].state, PROCESS_YIELDED);
	start(0, 3)->state = PROCESS_FAULTED;
	app_checker_kept(NULL, E_OK);
	TEST_EQUAL(processes[0].state, PROCESS_FAULTED);
}

/* Its slot has another binary by now, which waits for its own version. */
static void test_slot_of_another(void)
{
	start(0, 3);
	start(0, 4);
	app_checker_kept(NULL, E_OK);
	TEST_CHECK(processes[0].waits && processes[0].state == PROCESS_STOPPED);
	app_checker_kept(NULL, E_OK);
	TEST_CHECK(!processes[0].waits && processes[0].state == PROCESS_RUNNING);
	start(0, 5);
	processes[0].identity.short_id = 99;
	app_checker_kept(NULL, E_OK);
	TEST_EQUAL(processes[0].state, PROCESS_STOPPED);
}

/* Who stops it once it runs is not overruled by what is kept of it a second time. */
static void test_stopped_since(void)
{
	start(0, 6);
	start(0, 6);
	app_checker_kept(NULL, E_OK);
	TEST_EQUAL(processes[0].state, PROCESS_RUNNING);
	processes[0].state = PROCESS_STOPPED;
	app_checker_kept(NULL, E_OK);
	TEST_EQUAL(processes[0].state, PROCESS_STOPPED);
}

/* Accepted when no newer version had run, and to be loaded when one has. */
static void test_acceptance_from_before(void)
{
	struct app_check request;

	put(8, 1);
	begin(&request, 8);
	request.identity = (struct app_identity){.short_id = 77, .version = 1, .credential = 3};
	TEST_EQUAL(end(), E_OK);
	TEST_CHECK(admitted(8));
	start(0, 2);
	processes[0].identity.short_id = 77;
	app_admission_used(&processes[0]);
	processes[0].state = PROCESS_UNUSED;
	TEST_CHECK(!admitted(8));
	for (uint32_t i = 0; i < 40; i++) { /* more applications than are remembered */
		start(1, 1);
		processes[1].identity.short_id = 100 + i;
		app_admission_used(&processes[1]);
		app_checker_kept(NULL, E_OK);
		app_checker_kept(NULL, E_OK);
	}
	TEST_CHECK(!admitted(8));
	for (uint32_t i = 0; i < 80; i++)
		app_checker_kept(NULL, E_OK);
}

/* What has no short id of its own is not of the application whose version is noted. */
static void test_no_id_of_its_own(void)
{
	app_admission_forget(BASE, sizeof(region));
	put(0, 60);
	TEST_EQUAL(check(0), E_OK); /* locally unique: it has none */
	processes[0] = (struct process){
		.id = {0x100},
		.state = PROCESS_RUNNING,
		.identity = {.short_id = 90, .version = 5, .credential = 3},
	};
	app_admission_used(&processes[0]);
	app_checker_kept(NULL, E_OK);
	processes[0].state = PROCESS_UNUSED;
	TEST_CHECK(admitted(0));
}

static void test_too_many_floors(void)
{
	for (uint32_t i = 0; i < 32; i++)
		TEST_EQUAL(start(0, 1)->state, PROCESS_STOPPED);
	TEST_EQUAL(start(1, 1)->state, PROCESS_TERMINATED);
}

int main(void)
{
	fake_reset();
	test_forgotten();
	test_changed_meanwhile();
	test_inexact_end();
	test_many();
	test_pass();
	test_no_room();
	test_not_as_checked();
	test_one_of_an_application();
	test_pass_tells();
	test_pass_again();
	test_floor_comes_first();
	test_no_floor();
	test_not_stopped_any_more();
	test_no_id_of_its_own();
	test_slot_of_another();
	test_stopped_since();
	test_acceptance_from_before();
	test_too_many_floors();
	return test_end("kernel_admission");
}
