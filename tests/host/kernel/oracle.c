/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The oracle itself: each of these breaks a promise behind the kernel's back, and
 * must be noticed. A test that is not ended by abort() has failed.
 */
#include "arch_host.h"
#include "grant_private.h"
#include "host/host.h"
#include "host/probe.h"
#include "kernel/loan.h"

#include <signal.h>

static struct process *process_of(struct host_app *app)
{
	return &board.processes[host_process(app) - board.processes];
}

static struct host_app *one_process(void)
{
	struct host_app *app;

	host_board_start(NULL);
	app = host_script_add("one");
	host_run();
	return app;
}

HOST_TEST_ENDED_BY(a_plan_that_opens_grants, SIGABRT)
{
	struct host_app *app = one_process();

	process_of(app)->mpu.ram_end = process_of(app)->memory.ram_end;
	host_command(app, DRIVER_LED, 0, 0, 0);
}

HOST_TEST_ENDED_BY(a_plan_that_opens_the_ram_of_another, SIGABRT)
{
	struct host_app *one, *two;

	host_board_start(NULL);
	one = host_script_add("one");
	two = host_script_add("two");
	host_run();
	process_of(one)->mpu.ram_start = process_of(two)->mpu.ram_start;
	process_of(one)->mpu.ram_end = process_of(two)->mpu.ram_end;
	host_command(one, DRIVER_LED, 0, 0, 0);
	host_command(two, DRIVER_LED, 0, 0, 0);
}

HOST_TEST_ENDED_BY(a_plan_that_opens_the_flash_of_another, SIGABRT)
{
	struct host_app *one, *two;

	host_board_start(NULL);
	one = host_script_add("one");
	two = host_script_add("two");
	host_run();
	process_of(one)->mpu.flash_end = process_of(two)->mpu.flash_end;
	host_command(one, DRIVER_LED, 0, 0, 0);
}

HOST_TEST_ENDED_BY(a_break_above_the_grants, SIGABRT)
{
	struct host_app *app = one_process();

	process_of(app)->memory.app_break = process_of(app)->memory.ram_end;
	host_command(app, DRIVER_LED, 0, 0, 0);
}

HOST_TEST_ENDED_BY(a_grant_in_foreign_memory, SIGABRT)
{
	struct host_app *app = one_process();
	static struct grant_entry *table[16];

	process_of(app)->grants = table;
	host_command(app, DRIVER_LED, 0, 0, 0);
}

HOST_TEST_ENDED_BY(a_wrong_answer, SIGABRT)
{
	struct host_app *app = one_process();

	process_of(app)->flash_end += 4096;
	host_memop(app, MEMOP_FLASH_END, 0);
	host_command(app, DRIVER_LED, 0, 0, 0);
}

static syscall_result forge(struct process_id process, uint32_t number, uint32_t argument[2])
{
	uint8_t byte = 0;

	GRANT_ENTER(entry, &host_probe.driver, process);
	(void)number;
	/* A buffer that the process never shared. */
	*grant_slice(entry, ALLOW_RW, 0) = (struct user_slice){argument[0], 16};
	return syscall_from_error(allow_rw_write(entry, 0, 0, &byte, 1));
}

HOST_TEST_ENDED_BY(a_write_to_what_is_not_shared, SIGABRT)
{
	struct host_app *app = one_process();

	host_probe.command = forge;
	host_command(app, HOST_PROBE_DRIVER, 1, host_ram(app, 0), 0);
}

/* Hardware refuses what is not the process's at all, so this is no violation. */
HOST_TEST(a_write_to_foreign_memory_is_refused)
{
	struct host_app *app = one_process();

	host_probe.command = forge;
	TEST_EQUAL(host_command(app, HOST_PROBE_DRIVER, 1, host_info(app).ram_end - 16, 0).r[1],
		   E_FAIL);
	TEST_EQUAL(host_command(app, HOST_PROBE_DRIVER, 1, host_flash(app, 0), 0).r[1], E_FAIL);
	TEST_EQUAL(host_counters.writes_refused, 2);
}

static syscall_result jump(struct process_id process, uint32_t number, uint32_t argument[2])
{
	GRANT_ENTER(entry, &host_probe.driver, process);
	(void)number;
	grant_upcall(entry, 0)->function = argument[0];
	return syscall_from_error(upcall_schedule(entry, 0, 0, 0, 0));
}

HOST_TEST_ENDED_BY(an_upcall_that_nobody_subscribed, SIGABRT)
{
	struct host_app *app = one_process();

	host_probe.command = jump;
	host_command(app, HOST_PROBE_DRIVER, 1, host_flash(app, 0x100), 0);
	host_yield(app);
}

static syscall_result peep(struct process_id process, uint32_t number, uint32_t argument[2])
{
	(void)process;
	(void)number;
	return syscall_success_u32(*(const uint32_t *)arch_kernel_pointer(argument[0]));
}

HOST_TEST_ENDED_BY(a_kernel_pointer_into_application_memory, SIGABRT)
{
	struct host_app *app = one_process();

	host_probe.command = peep;
	host_command(app, HOST_PROBE_DRIVER, 1, host_ram(app, 0), 0);
}

/* Answers that no driver may give. */
static syscall_result nonsense(struct process_id process, uint32_t number, uint32_t argument[2])
{
	(void)process;
	if (number == 2)
		argument[1] = 7;
	return number == 1 ? 77 : SYSCALL_SUCCESS;
}

HOST_TEST_ENDED_BY(an_unknown_variant, SIGABRT)
{
	struct host_app *app = one_process();

	host_probe.command = nonsense;
	host_command(app, HOST_PROBE_DRIVER, 1, 0, 0);
}

HOST_TEST_ENDED_BY(a_register_that_must_not_change, SIGABRT)
{
	struct host_app *app = one_process();

	host_probe.command = nonsense;
	host_command(app, HOST_PROBE_DRIVER, 2, 0, 0);
}

/* ---- oracle_check_loans() ---- */

/* The kernel's own loans are right; then something is changed. */
static struct loan *one_loan(struct host_app *app[2], uint32_t flags)
{
	struct loan_terms terms = {.flags = flags, .driver = LOAN_TO_ANY, .length = 64};
	struct loan_id id;

	host_board_start(NULL);
	for (uint32_t i = 0; i < 2; i++)
		app[i] = host_script_add("party");
	host_run();
	for (uint32_t i = 0; i < 2; i++)
		host_memop(app[i], MEMOP_BRK, host_ram(app[i], 1024));
	terms.owner = host_process(app[0])->id;
	terms.borrower = host_process(app[1])->id;
	terms.start = host_ram(app[0], 0);
	if (loan_offer(&host_loans, &terms, &id) != E_OK ||
	    loan_accept(&host_loans, terms.borrower, id, NULL) != E_OK)
		return NULL;
	oracle_check_loans();
	return &board.loans.table[id.raw & 0xFF];
}

HOST_TEST_ENDED_BY(a_window_without_a_loan, SIGABRT)
{
	struct host_app *app[2];

	one_loan(app, LOAN_WRITE);
	process_of(app[0])->mpu.windows[0] = process_of(app[1])->mpu.windows[0];
	oracle_check_loans();
}

HOST_TEST_ENDED_BY(a_loan_without_a_window, SIGABRT)
{
	struct host_app *app[2];

	one_loan(app, LOAN_WRITE);
	process_of(app[1])->mpu.windows[0].access = ARCH_READ;
	oracle_check_loans();
}

HOST_TEST_ENDED_BY(an_owner_that_reaches_what_is_exclusive, SIGABRT)
{
	struct host_app *app[2];

	one_loan(app, LOAN_EXCLUSIVE);
	process_of(app[0])->mpu.windows[0].end = process_of(app[0])->mpu.windows[0].start;
	oracle_check_loans();
}

HOST_TEST_ENDED_BY(a_loan_of_a_former_life, SIGABRT)
{
	struct host_app *app[2];
	struct loan *loan = one_loan(app, LOAN_WRITE);

	loan->owner.raw += 0x100;
	oracle_check_loans();
}

HOST_TEST_ENDED_BY(a_loan_of_what_is_nobodys, SIGABRT)
{
	struct host_app *app[2];
	struct loan *loan = one_loan(app, LOAN_WRITE);

	loan->length = 2048;
	process_of(app[1])->mpu.windows[0].end = loan->start + 2048;
	oracle_check_loans();
}

HOST_TEST_ENDED_BY(an_allow_of_what_is_not_lent, SIGABRT)
{
	struct host_app *app[2];
	struct loan *loan = one_loan(app, LOAN_WRITE);

	host_allow_rw(app[1], HOST_PROBE_DRIVER, 0, loan->start, 16);
	oracle_check_loans();
	loan->driver = LOAN_TO_NOBODY;
	oracle_check_loans();
}
