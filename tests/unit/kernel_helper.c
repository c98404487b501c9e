/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The kernel's own process, with a loader that the test plays: its slot is free again
 * however it ends, and its client hears of just the ends that it did not bring about.
 *
 * LINK: tests/unit/fake_kernel.c tests/unit/fake_devices.c kernel/src/checked/helper.c \
 *	lib/bytes.c lib/format.c lib/ring.c
 * INCLUDE: arch/host/include
 */
#include "fake_kernel.h"
#include "kernel/helper.h"
#include "loader.h"
#include "process.h"
#include "test.h"

enum { BASE = 0x4000, SIZE = 40 };

extern const uint8_t linker_helper_start[], linker_helper_end[];
__asm__(".pushsection .rodata\n"
	".globl linker_helper_start, linker_helper_end\n"
	"linker_helper_start: .skip 40\n"
	"linker_helper_end:\n"
	".popsection\n");

static struct process process;
static bool no_room;
static uint32_t starts, told;

uptr_t arch_address_of(const void *pointer)
{
	return (uptr_t)(BASE + ((const uint8_t *)pointer - linker_helper_start));
}

struct process *loader_create_embedded(uptr_t start, uint32_t size,
				       const struct process_policy *policy)
{
	TEST_EQUAL(start, BASE);
	TEST_EQUAL(size, SIZE);
	if (no_room)
		return NULL;
	TEST_EQUAL(process.state, PROCESS_UNUSED);
	process = (struct process){
		.id = {process.id.raw + 0x100},
		.state = PROCESS_RUNNING,
		.policy = policy,
	};
	starts++;
	return &process;
}

void process_end(struct process *ending, enum process_state state)
{
	ending->state = (uint8_t)state;
	ending->policy->ended(ending);
}

static void client_told(struct helper_client *client)
{
	(void)client;
	told++;
}

static const struct helper_client_ops client_ops = {client_told};
static struct helper_client client = {&client_ops};

static void start(void)
{
	uint32_t before = starts;

	TEST_EQUAL(helper_start(NULL, &client), E_OK);
	TEST_EQUAL(starts, before + 1);
	TEST_EQUAL(helper_process(NULL).raw, process.id.raw);
}

static void gone(void)
{
	TEST_EQUAL(process.state, PROCESS_UNUSED);
	TEST_CHECK(process_id_is_none(helper_process(NULL)));
}

static void test_stop(void)
{
	TEST_CHECK(process_id_is_none(helper_process(NULL)));
	helper_stop(NULL); /* nothing happens */
	start();
	TEST_EQUAL(helper_start(NULL, &client), E_ALREADY);
	helper_stop(NULL);
	gone();
	fake_run_deferred();
	TEST_EQUAL(told, 0);
}

static void test_no_room(void)
{
	no_room = true;
	TEST_EQUAL(helper_start(NULL, &client), E_NOMEM);
	TEST_CHECK(process_id_is_none(helper_process(NULL)));
	no_room = false;
	start(); /* the attempt before left nothing behind */
	helper_stop(NULL);
	fake_run_deferred();
}

static void test_fault(void)
{
	start();
	process_end(&process, PROCESS_FAULTED);
	gone(); /* not even for inspection */
	TEST_EQUAL(told, 0);
	TEST_EQUAL(helper_start(NULL, &client), E_ALREADY); /* before its client knows */
	fake_run_deferred();
	TEST_EQUAL(told, 1);
	fake_run_deferred();
	TEST_EQUAL(told, 1);
	start();
	helper_stop(NULL);
	fake_run_deferred();
	TEST_EQUAL(told, 1);
}

/* One stopped is no news for the client of the next one; that this one ends then is. */
static void test_started_anew_at_once(void)
{
	told = 0;
	start();
	helper_stop(NULL);
	start();
	fake_run_deferred();
	TEST_EQUAL(told, 0);
	TEST_EQUAL(helper_start(NULL, &client), E_ALREADY);
	helper_stop(NULL);
	start();
	process_end(&process, PROCESS_TERMINATED);
	fake_run_deferred();
	TEST_EQUAL(told, 1);
}

int main(void)
{
	fake_reset();
	test_stop();
	test_no_room();
	test_fault();
	test_started_anew_at_once();
	return test_end("kernel_helper");
}
