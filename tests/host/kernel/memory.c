/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The break, the high-water mark, grants, shared buffers and their revocation. */
#include "arch_host.h"
#include "host/host.h"
#include "host/probe.h"

#include <string.h>

static struct host_app *one_process(void)
{
	struct host_app *app;

	host_board_start(NULL);
	app = host_script_add("one");
	host_run();
	return app;
}

HOST_TEST(the_break_moves_within_bounds)
{
	struct host_app *app = one_process();
	uint32_t start = host_info(app).ram_start, grants = host_info(app).grant_break;

	TEST_EQUAL(host_memop(app, MEMOP_BRK, grants).r[0], SYSCALL_SUCCESS);
	TEST_EQUAL(host_memop(app, MEMOP_BRK, grants + 1).r[1], E_NOMEM);
	TEST_EQUAL(host_memop(app, MEMOP_BRK, start).r[0], SYSCALL_SUCCESS);
	TEST_EQUAL(host_memop(app, MEMOP_BRK, start - 1).r[1], E_NOMEM);
	TEST_EQUAL(host_memop(app, MEMOP_SBRK, 100).r[1], start);
	TEST_EQUAL(host_memop(app, MEMOP_SBRK, (uint32_t)-50).r[1], start + 100);
	TEST_EQUAL(host_memop(app, MEMOP_SBRK, (uint32_t)-51).r[1], E_NOMEM);
	TEST_EQUAL(host_memop(app, MEMOP_SBRK, 0x7FFFFFFF).r[1], E_NOMEM);
	TEST_EQUAL(host_memop(app, MEMOP_SBRK, 0x80000000).r[1], E_NOMEM);
	TEST_EQUAL(host_info(app).app_break, start + 50);
}

HOST_TEST(the_break_stays_above_what_was_shared)
{
	struct host_app *app = one_process();
	uint32_t ram = host_ram(app, 0);

	host_memop(app, MEMOP_BRK, ram + 1000);
	host_allow_rw(app, HOST_PROBE_DRIVER, 0, ram + 100, 200);
	TEST_EQUAL(host_memop(app, MEMOP_BRK, ram + 299).r[1], E_NOMEM);
	TEST_EQUAL(host_memop(app, MEMOP_SBRK, (uint32_t)-701).r[1], E_NOMEM);
	TEST_EQUAL(host_memop(app, MEMOP_BRK, ram + 300).r[0], SYSCALL_SUCCESS);

	/* Taking the buffer back does not lower the mark: TRD104, section 4.6. */
	host_allow_rw(app, HOST_PROBE_DRIVER, 0, 0, 0);
	TEST_EQUAL(host_memop(app, MEMOP_BRK, ram + 299).r[1], E_NOMEM);
}

HOST_TEST(memory_beyond_the_break_comes_back_as_zero)
{
	struct host_app *app = one_process();
	uint32_t ram = host_ram(app, 0);
	uint8_t bytes[4] = {1, 2, 3, 4};

	host_memop(app, MEMOP_BRK, ram + 1000);
	host_poke(app, ram + 900, bytes, 4);
	host_memop(app, MEMOP_BRK, ram + 900);
	host_memop(app, MEMOP_BRK, ram + 1000);
	host_peek(app, ram + 900, bytes, 4);
	TEST_EQUAL(bytes[0] | bytes[1] | bytes[2] | bytes[3], 0);
}

HOST_TEST(only_the_process_without_memory_fails)
{
	struct host_app *greedy, *modest;
	struct host_return result;

	host_board_start(NULL);
	greedy = host_script_add("greedy");
	modest = host_script_add_image(
		&(struct host_image_options){.name = "modest", .min_ram = 16384});
	host_memop(greedy, MEMOP_BRK, host_info(greedy).grant_break);
	result = host_allow_rw(greedy, HOST_BULKY_DRIVER, 0, 0, 0);
	TEST_EQUAL(result.r[0], SYSCALL_FAILURE_2_U32);
	TEST_EQUAL(result.r[1], E_NOMEM);
	result = host_subscribe(greedy, HOST_BULKY_DRIVER, 0, 0, 0);
	TEST_EQUAL(result.r[1], E_NOMEM);
	TEST_EQUAL(host_command(greedy, DRIVER_ALARM, 5, 100, 0).r[1], E_NOMEM);
	TEST_CHECK(host_command(greedy, DRIVER_LED, 1, 0, 0).r[0] == SYSCALL_SUCCESS);

	/* The other one has all that it asked for. */
	result = host_allow_rw(modest, HOST_BULKY_DRIVER, 0, 0, 0);
	TEST_EQUAL(result.r[0], SYSCALL_SUCCESS_2_U32);
	TEST_EQUAL(host_command(modest, DRIVER_ALARM, 5, 100, 0).r[0], SYSCALL_SUCCESS_U32);

	/* What it gives back can become a grant. */
	host_memop(greedy, MEMOP_SBRK, (uint32_t)-512);
	TEST_EQUAL(host_command(greedy, DRIVER_ALARM, 5, 100, 0).r[0], SYSCALL_SUCCESS_U32);
}

HOST_TEST(a_wait_without_memory_for_the_grant_does_not_end)
{
	struct host_app *app = one_process();

	host_memop(app, MEMOP_BRK, host_info(app).grant_break);
	TEST_CHECK(!host_yield_for(app, DRIVER_ALARM, 0).returned);
	TEST_EQUAL(host_state(app), PROCESS_YIELDED_FOR);
}

/* ---- what capsules see of shared buffers ---- */

static enum error last;
static uint8_t seen[16];

/* Command: 1 writes, 2 reads (rw), 3 reads (ro), 4 writes (ur); arguments: offset, length. */
static syscall_result copy(struct process_id process, uint32_t number, uint32_t argument[2])
{
	GRANT_ENTER(entry, &host_probe.driver, process);
	if (entry == NULL)
		return syscall_failure(E_NOMEM);
	if (number == 1)
		last = allow_rw_write(entry, 0, argument[0], "0123456789", argument[1]);
	else if (number == 2)
		last = allow_rw_read(entry, 0, argument[0], seen, argument[1]);
	else if (number == 3)
		last = allow_ro_read(entry, 0, argument[0], seen, argument[1]);
	else if (number == 4)
		last = allow_ur_write(entry, 0, argument[0], "abcdef", argument[1]);
	else
		last = allow_ro_read(entry, 9, 0, seen, 1);
	return syscall_from_error(last);
}

static enum error copied(struct host_app *app, uint32_t number, uint32_t offset, uint32_t length)
{
	(void)host_command(app, HOST_PROBE_DRIVER, number, offset, length);
	return last;
}

HOST_TEST(copies_go_whole_or_not_at_all)
{
	struct host_app *app = one_process();
	uint32_t ram = host_ram(app, 0);
	uint8_t bytes[8];

	host_probe.command = copy;
	TEST_EQUAL(copied(app, 1, 0, 1), E_SIZE); /* nothing is shared */
	host_allow_rw(app, HOST_PROBE_DRIVER, 0, ram, 8);
	TEST_EQUAL(copied(app, 1, 0, 9), E_SIZE);
	TEST_EQUAL(copied(app, 1, 8, 1), E_SIZE);
	TEST_EQUAL(copied(app, 1, UINT32_MAX, 2), E_SIZE);
	TEST_EQUAL(copied(app, 1, 9, 0), E_SIZE);
	TEST_EQUAL(copied(app, 1, 8, 0), E_OK);
	TEST_EQUAL(copied(app, 1, 3, 5), E_OK);
	host_peek(app, ram, bytes, 8);
	TEST_CHECK(memcmp(bytes, "\0\0\00001234", 8) == 0);
	TEST_EQUAL(copied(app, 2, 3, 5), E_OK);
	TEST_CHECK(memcmp(seen, "01234", 5) == 0);
	TEST_EQUAL(copied(app, 5, 0, 0), E_INVAL); /* no such number */
}

HOST_TEST(what_is_taken_back_is_not_touched)
{
	struct host_app *app = one_process();
	uint32_t ram = host_ram(app, 0);

	host_probe.command = copy;
	host_allow_rw(app, HOST_PROBE_DRIVER, 0, ram, 8);
	host_call(app, SYSCALL_ALLOW_UR, HOST_PROBE_DRIVER, 0, ram + 8, 8);
	host_allow_ro(app, HOST_PROBE_DRIVER, 0, host_flash(app, 0), 8);
	TEST_EQUAL(copied(app, 1, 0, 8), E_OK);
	TEST_EQUAL(copied(app, 3, 0, 8), E_OK);
	TEST_EQUAL(copied(app, 4, 0, 6), E_OK);
	host_allow_rw(app, HOST_PROBE_DRIVER, 0, 0, 0);
	host_call(app, SYSCALL_ALLOW_UR, HOST_PROBE_DRIVER, 0, 0, 0);
	host_allow_ro(app, HOST_PROBE_DRIVER, 0, host_flash(app, 0), 2);
	TEST_EQUAL(copied(app, 1, 0, 1), E_SIZE);
	TEST_EQUAL(copied(app, 4, 0, 1), E_SIZE);
	TEST_EQUAL(copied(app, 3, 0, 3), E_SIZE);
	TEST_EQUAL(copied(app, 3, 0, 2), E_OK);
}

static size_t lengths[3];

static syscall_result measure(struct process_id process, uint32_t number, uint32_t argument[2])
{
	GRANT_ENTER(entry, &host_probe.driver, process);
	(void)number;
	lengths[0] = allow_ro_length(entry, argument[0]);
	lengths[1] = allow_rw_length(entry, argument[0]);
	lengths[2] = allow_ur_length(entry, argument[0]);
	return syscall_success();
}

HOST_TEST(a_capsule_sees_lengths)
{
	struct host_app *app = one_process();
	uint32_t ram = host_ram(app, 0);

	host_probe.command = measure;
	host_allow_ro(app, HOST_PROBE_DRIVER, 1, ram, 3);
	host_allow_rw(app, HOST_PROBE_DRIVER, 1, ram, 4);
	host_call(app, SYSCALL_ALLOW_UR, HOST_PROBE_DRIVER, 1, ram, 5);
	host_command(app, HOST_PROBE_DRIVER, 1, 1, 0);
	TEST_CHECK(lengths[0] == 3 && lengths[1] == 4 && lengths[2] == 5);
	host_command(app, HOST_PROBE_DRIVER, 1, 2, 0);
	TEST_CHECK(lengths[0] + lengths[1] + lengths[2] == 0);
}

/* ---- grants ---- */

static bool again;

/* Entering a grant twice is refused, not fatal. */
static syscall_result enter_twice(struct process_id process, uint32_t number, uint32_t argument[2])
{
	GRANT_ENTER(entry, &host_probe.driver, process);
	GRANT_ENTER(second, &host_probe.driver, process);
	GRANT_ENTER_EXISTING(third, &host_probe.driver, process);
	(void)number;
	(void)argument;
	again = second != NULL || third != NULL;
	return syscall_from_error(entry == NULL ? E_NOMEM : E_OK);
}

HOST_TEST(a_grant_is_entered_once_at_a_time)
{
	struct host_app *app = one_process();

	host_probe.command = enter_twice;
	again = true;
	for (unsigned int i = 0; i < 2; i++) {
		TEST_EQUAL(host_command(app, HOST_PROBE_DRIVER, 1, 0, 0).r[0], SYSCALL_SUCCESS);
		TEST_CHECK(!again);
	}
}

static uint32_t visited;

/* Every process but the one that holds its grant entered already. */
static syscall_result visit_all(struct process_id process, uint32_t number, uint32_t argument[2])
{
	struct process_id at = process_id_none();
	struct grant_entry *entry;

	GRANT_ENTER(own, &host_probe.driver, process);
	(void)number;
	(void)argument;
	visited = 0;
	while ((entry = grant_enter_after(&host_probe.driver, &at)) != NULL) {
		TEST_CHECK(process_id_equal(grant_process(entry), at));
		visited |= 1u << process_id_slot(at);
		grant_leave(entry);
	}
	return syscall_from_error(own == NULL ? E_NOMEM : E_OK);
}

HOST_TEST(all_grants_are_visited_once)
{
	struct host_app *apps[4];

	host_board_start(NULL);
	host_probe.command = visit_all;
	for (unsigned int i = 0; i < 4; i++)
		apps[i] = host_script_add("one");
	host_run();
	for (unsigned int i = 0; i < 3; i++)
		host_command(apps[i], HOST_PROBE_DRIVER, 1, 0, 0);
	TEST_EQUAL(visited, 0x3); /* slot 2 is who asks, and slot 3 has no grant */
	host_terminate(apps[1]);
	host_command(apps[0], HOST_PROBE_DRIVER, 1, 0, 0);
	TEST_EQUAL(visited, 0x4);
}

static syscall_result count_calls(struct process_id process, uint32_t number, uint32_t argument[2])
{
	GRANT_ENTER(entry, &host_probe.driver, process);
	(void)number;
	(void)argument;
	if (entry == NULL)
		return syscall_failure(E_NOMEM);
	TEST_CHECK(process_id_equal(grant_process(entry), process));
	return syscall_success_u32(++GRANT_STATE(entry, struct host_probe_state)->words[0]);
}

HOST_TEST(grants_are_zero_at_first_and_apart)
{
	struct host_app *one, *two;

	host_board_start(NULL);
	host_probe.command = count_calls;
	one = host_script_add("one");
	two = host_script_add("two");
	for (uint32_t i = 1; i <= 3; i++)
		TEST_EQUAL(host_command(one, HOST_PROBE_DRIVER, 1, 0, 0).r[1], i);
	TEST_EQUAL(host_command(two, HOST_PROBE_DRIVER, 1, 0, 0).r[1], 1);
	TEST_EQUAL(host_info(one).grants_used, 1);

	/* A new life has a new grant. */
	TEST_CHECK(host_call(one, SYSCALL_EXIT, EXIT_RESTART, 0, 0, 0).returned);
	TEST_EQUAL(host_info(one).grants_used, 0);
	TEST_EQUAL(host_command(one, HOST_PROBE_DRIVER, 1, 0, 0).r[1], 1);
}

static struct driver forged;
static unsigned int entered;

/* A capsule that made itself a handle with another driver's index, or with none that there is. */
static syscall_result enter_forged(struct process_id process, uint32_t number, uint32_t argument[2])
{
	GRANT_ENTER(entry, &forged, process);
	GRANT_ENTER_EXISTING(existing, &forged, process);
	(void)number;
	(void)argument;
	entered += entry != NULL || existing != NULL ||
		   !process_id_is_none(grant_next(&forged, process));
	return syscall_success();
}

HOST_TEST(a_forged_handle_opens_no_grant)
{
	struct host_app *app = one_process();

	entered = 0;
	host_probe.command = enter_forged;
	forged = (struct driver){host_bulky.driver.type, host_bulky.driver.index};
	host_command(app, HOST_PROBE_DRIVER, 1, 0, 0); /* where no grant is yet */
	TEST_EQUAL(host_info(app).grants_used, 0);
	TEST_EQUAL(host_allow_rw(app, HOST_PROBE_DRIVER, 0, 0, 0).r[0], SYSCALL_SUCCESS_2_U32);
	forged = (struct driver){host_bulky.driver.type, host_probe.driver.index};
	host_command(app, HOST_PROBE_DRIVER, 1, 0, 0);
	TEST_EQUAL(entered, 0);
	TEST_EQUAL(host_info(app).grants_used, 1);
	forged.index = 255;
	TEST_CHECK(process_id_is_none(grant_next(&forged, process_id_none())));
}

static syscall_result wrong_size(struct process_id process, uint32_t number, uint32_t argument[2])
{
	GRANT_ENTER(entry, &host_probe.driver, process);
	(void)number;
	(void)argument;
	return syscall_success_u32(*(const uint32_t *)grant_state(entry, 4));
}

/* ASSERT() is one trap instruction. */
HOST_TEST_ENDED_BY(the_wrong_type_of_state_is_a_bug, 4 /* SIGILL */)
{
	struct host_app *app = one_process();

	host_probe.command = wrong_size;
	host_command(app, HOST_PROBE_DRIVER, 1, 0, 0);
}

/* ---- hardware that cannot express everything ---- */

HOST_TEST(what_hardware_cannot_protect_is_refused)
{
	struct host_app *app;
	uint32_t grants;

	host_board_start(&(struct host_config){.granule = 256, .strict_protection = true});
	app = host_script_add("coarse");
	grants = host_info(app).grant_break;
	TEST_EQUAL(host_memop(app, MEMOP_BRK, grants).r[1], E_NOMEM);
	TEST_EQUAL(host_memop(app, MEMOP_SBRK, grants - host_info(app).app_break).r[1], E_NOMEM);
	TEST_EQUAL(host_memop(app, MEMOP_BRK, grants / 256 * 256).r[0], SYSCALL_SUCCESS);
	TEST_CHECK(host_process(app)->mpu.ram_end <= grants);

	/* A grant may not move into the last granule either. */
	TEST_EQUAL(host_allow_rw(app, HOST_PROBE_DRIVER, 0, 0, 0).r[1], E_NOMEM);
	TEST_EQUAL(host_memop(app, MEMOP_SBRK, (uint32_t)-1024).r[0], SYSCALL_SUCCESS_U32);
	TEST_EQUAL(host_allow_rw(app, HOST_PROBE_DRIVER, 0, 0, 0).r[0], SYSCALL_SUCCESS_2_U32);
}

HOST_TEST(a_refused_plan_changes_nothing)
{
	struct host_app *app = one_process();
	struct process_info before = host_info(app);

	host_hardware.refuse_plans = 1;
	TEST_EQUAL(host_memop(app, MEMOP_SBRK, 64).r[1], E_NOMEM);
	TEST_EQUAL(host_info(app).app_break, before.app_break);
	host_hardware.refuse_plans = 1;
	TEST_EQUAL(host_memop(app, MEMOP_BRK, before.app_break + 8).r[1], E_NOMEM);
	TEST_EQUAL(host_info(app).app_break, before.app_break);
	TEST_EQUAL(host_memop(app, MEMOP_SBRK, 64).r[0], SYSCALL_SUCCESS_U32);
}
