/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* With the meter beside it: tests/host/kernel/loan_applications.c. Here the meter is hostile. */
#include "host/host.h"

#include <string.h>

enum { OFFER = 1, SELF = 7, TERMS = 0x1F00, BUFFER = 0x1000, LENGTH = 0x400 };
enum { READ = 0, WRITE = 1, ALONE = 3, TO_NOBODY = -2 };
enum { LATEST = 0x7473746C, QUEUE = 0x75657571, SAMPLE = 128 };

static struct host_app *meter, *view;

static void start_as(const char *name)
{
	host_board_start(NULL);
	view = host_app_add("meter_view");
	meter = host_script_add_image(&(struct host_image_options){.name = name, .min_ram = 16384});
	host_run();
	host_memop(meter, MEMOP_BRK, host_ram(meter, 0x2000));
	host_allow_ro(meter, DRIVER_LOAN, 0, host_ram(meter, TERMS), 24);
}

/* The viewer's handle: a script has no name for it, so it looks it up. */
static uint32_t viewer(void)
{
	static const char name[] = "meter_view";

	host_poke(meter, host_ram(meter, 0x1E00), name, strlen(name));
	host_allow_ro(meter, DRIVER_LOAN, 1, host_ram(meter, 0x1E00), sizeof(name) - 1);
	return host_command(meter, DRIVER_LOAN, 9, 0, 0).r[1];
}

static uint32_t lend(const void *bytes, size_t size, uint32_t length, uint32_t flags)
{
	uint32_t words[6] = {host_ram(meter, BUFFER), length, viewer(), flags,
			     (uint32_t)TO_NOBODY,     0};
	struct host_return result;

	host_poke(meter, host_ram(meter, BUFFER), bytes, size);
	host_poke(meter, host_ram(meter, TERMS), words, sizeof(words));
	result = host_command(meter, DRIVER_LOAN, OFFER, 0, 0);
	TEST_EQUAL(result.r[0], SYSCALL_SUCCESS_U32);
	return result.r[1];
}

static void expect(const char *text)
{
	host_run_until(host_console_saw(text));
	TEST_CHECK(host_state(view) != PROCESS_FAULTED);
}

/* A good latest value, so that the queue is next. */
static void pass_latest(void)
{
	uint32_t words[4 + 2 * SAMPLE / 4] = {LATEST, SAMPLE, 1, 0};

	lend(words, sizeof(words), sizeof(words), READ);
	for (uint32_t i = 2; i <= 3; i++) {
		host_advance_ms(4);
		host_poke(meter, host_ram(meter, BUFFER + 8), &i, sizeof(i));
	}
	expect("latest: no error, 3 changes, 0 torn\n");
}

HOST_TEST(refuses_what_is_no_latest_value)
{
	static const struct {
		uint32_t words[4], length;
	} bad[] = {
		{{LATEST + 1, SAMPLE, 1, 0}, LENGTH}, {{LATEST, SAMPLE + 4, 1, 0}, LENGTH},
		{{LATEST, 0xFFFFFFFF, 1, 0}, LENGTH}, {{LATEST, SAMPLE, 1, 0}, 16 + 2 * SAMPLE - 4},
		{{LATEST, SAMPLE, 1, 0}, 4},
	};

	start_as("meter");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		lend(bad[i].words, sizeof(bad[i].words), bad[i].length, READ);
		expect("view: latest: invalid parameter, 0 changes, 0 torn\n");
	}
	pass_latest();
}

/* The copy that the writer is at may hold anything: the other one is read. */
HOST_TEST(reads_the_copy_that_is_whole)
{
	uint32_t words[4 + 2 * SAMPLE / 4] = {LATEST, SAMPLE, 1, 0};

	start_as("meter");
	for (uint32_t i = 0; i < SAMPLE / 4; i++)
		words[4 + i] = i;
	lend(words, sizeof(words), sizeof(words), READ);
	host_advance_ms(4);
	words[2] = 3;
	host_poke(meter, host_ram(meter, BUFFER), words, sizeof(words));
	host_advance_ms(4);
	words[2] = 5;
	host_poke(meter, host_ram(meter, BUFFER), words, sizeof(words));
	expect("latest: no error, 3 changes, 0 torn\n");
}

HOST_TEST(refuses_what_is_no_queue)
{
	static const struct {
		uint32_t words[6], length, flags;
	} bad[] = {
		{{QUEUE + 1, 4, 8, 0, 0, 0}, LENGTH, WRITE},
		{{QUEUE, 8, 8, 0, 0, 0}, LENGTH, WRITE},
		{{QUEUE, 4, 7, 0, 0, 0}, LENGTH, WRITE},
		{{QUEUE, 4, 0, 0, 0, 0}, LENGTH, WRITE},
		{{QUEUE, 4, 0x40000000, 0, 0, 0}, LENGTH, WRITE},
		{{QUEUE, 4, 256, 0, 0, 0}, LENGTH, WRITE},
		{{QUEUE, 4, 8, 1, 0, 0}, LENGTH, WRITE},
		{{QUEUE, 4, 8, 0, 0, 0}, LENGTH, READ},
		{{QUEUE, 4, 8, 0, 0, 0}, 20, WRITE},
	};

	start_as("meter");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		pass_latest();
		lend(bad[i].words, sizeof(bad[i].words), bad[i].length, bad[i].flags);
		expect("view: queue: invalid parameter, 0 taken, 0 wrong\n");
	}
}

/* An index beyond what the queue can hold is found out, before anything is read by it. */
HOST_TEST(believes_no_index_that_cannot_be)
{
	static const uint32_t puts[] = {9, 0x80000000, 0xFFFFFFFF};

	start_as("meter");
	for (size_t i = 0; i < sizeof(puts) / sizeof(puts[0]); i++) {
		uint32_t words[6] = {QUEUE, 4, 8, 0, puts[i], 0};

		pass_latest();
		lend(words, sizeof(words), LENGTH, WRITE);
		expect("view: queue: failed, 0 taken, 0 wrong\n");
	}
}

/* The measures were read once: what the lender writes there later has no effect. */
HOST_TEST(keeps_the_measures_of_the_queue_to_itself)
{
	uint32_t words[6 + 8] = {QUEUE, 4, 8, 0, 2, 0, 0, 1};

	start_as("meter");
	pass_latest();
	lend(words, sizeof(words), sizeof(words), WRITE);
	host_run();
	words[1] = 0x10000;
	words[2] = 0x10000;
	words[4] = 11;
	host_poke(meter, host_ram(meter, BUFFER), words, sizeof(words));
	expect("view: queue: failed, 2 taken, 0 wrong\n");
}

HOST_TEST(takes_nothing_from_a_stranger)
{
	uint32_t words[4 + 2 * SAMPLE / 4] = {LATEST, SAMPLE, 1, 0};

	start_as("stranger");
	lend(words, sizeof(words), sizeof(words), READ);
	expect("view: invalid parameter\n");
}

/* What the lender could still change is declined. */
HOST_TEST(takes_no_buffer_that_is_not_its_alone)
{
	uint32_t items[6 + 64] = {QUEUE, 4, 64, 0, 40, 0};
	uint8_t bytes[0x100] = {0};

	start_as("meter");
	for (uint32_t i = 0; i < 40; i++)
		items[6 + i] = i;
	pass_latest();
	lend(items, sizeof(items), sizeof(items), WRITE);
	expect("view: queue: no error, 40 taken, 0 wrong\n");
	lend(bytes, sizeof(bytes), sizeof(bytes), WRITE);
	expect("view: invalid parameter\n");
	pass_latest();
	lend(items, sizeof(items), sizeof(items), WRITE);
	expect("view: queue: no error, 40 taken, 0 wrong\n");
	lend(bytes, sizeof(bytes), sizeof(bytes), ALONE);
	expect("view: buffer: byte 7 is 0\n");
}
