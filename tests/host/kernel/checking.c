/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Asking whether a binary may run, and who a process is, on a board that accepts everything. */
#include "kernel/app_check.h"

#include "abi/syscall.h"
#include "arch_host.h"
#include "host/host.h"
#include "lib/compiler.h"
#include "trusted/capability.h"

#include <string.h>

static const struct cap_app_check cap;

struct asked {
	struct app_check check;
	uint32_t answers;
	enum error status;
};

static void note(struct app_check *check, enum error status)
{
	struct asked *asked = CONTAINER_OF(check, struct asked, check);

	asked->answers++;
	asked->status = status;
}

static const struct app_check_ops ops = {.checked = note};

static struct asked ask_for(uint32_t address, uint32_t size)
{
	return (struct asked){.check = {.ops = &ops, .binary = {.address = address, .size = size}}};
}

HOST_TEST(a_whole_binary_is_accepted_as_what_it_claims)
{
	struct host_app *app;

	host_board_start(NULL);
	app = host_script_add_image(&(struct host_image_options){.name = "one", .short_id = 42});
	host_run();

	struct process_info info = host_info(app);
	struct asked asked = ask_for(info.flash_start, info.flash_end - info.flash_start);

	TEST_EQUAL(app_check_start(&cap, &asked.check), E_OK);
	TEST_EQUAL(app_check_start(&cap, &asked.check), E_BUSY);
	TEST_EQUAL(asked.answers, 0);
	host_call(app, SYSCALL_YIELD, 1, 0, 0, 0);
	TEST_EQUAL(asked.answers, 1);
	TEST_EQUAL(asked.status, E_OK);
	TEST_EQUAL(asked.check.identity.short_id, 42);
	TEST_EQUAL(asked.check.identity.credential, APP_CREDENTIAL_NONE);
	TEST_CHECK(asked.check.reason == NULL);
}

HOST_TEST(what_is_no_binary_is_refused)
{
	struct host_app *app;

	host_board_start(NULL);
	app = host_script_add_image(&(struct host_image_options){.name = "one"});
	host_run();

	struct process_info info = host_info(app);
	struct asked erased = ask_for(info.flash_end, 4096);
	struct asked outside = ask_for(info.ram_start, 64);

	TEST_EQUAL(app_check_start(&cap, &outside.check), E_INVAL);
	TEST_EQUAL(app_check_start(&cap, &erased.check), E_OK);
	host_call(app, SYSCALL_YIELD, 1, 0, 0, 0);
	TEST_EQUAL(erased.status, E_INVAL);
	TEST_EQUAL(outside.answers, 0);
}

HOST_TEST(a_process_is_found_by_its_identity_while_it_lives)
{
	struct app_identity identity;
	struct host_app *app;
	char name[8];

	host_board_start(NULL);
	app = host_script_add_image(&(struct host_image_options){.name = "one", .short_id = 42});
	host_run();

	struct process_id id = host_info(app).id;

	TEST_CHECK(process_identity(id, &identity));
	TEST_EQUAL(identity.short_id, 42);
	TEST_CHECK(process_id_equal(process_by_short_id(42, false), id));
	TEST_CHECK(process_id_is_none(process_by_short_id(0, false)));
	TEST_CHECK(process_id_is_none(process_by_short_id(43, false)));
	TEST_EQUAL(process_identity_name(id, name, sizeof(name)), 3);
	TEST_CHECK(strcmp(name, "one") == 0);
	id.raw += 1u << 8; /* another life */
	TEST_CHECK(!process_identity(id, &identity));
	TEST_EQUAL(process_identity_name(id, name, sizeof(name)), 0);
}

HOST_TEST(two_that_ask_at_once_are_both_answered)
{
	struct host_app *app;

	host_board_start(NULL);
	app = host_script_add_image(&(struct host_image_options){.name = "one"});
	host_run();

	struct process_info info = host_info(app);
	struct asked first = ask_for(info.flash_start, info.flash_end - info.flash_start);
	struct asked second = ask_for(info.flash_end, 4096);
	struct asked third = first;

	TEST_EQUAL(app_check_start(&cap, &first.check), E_OK);
	TEST_EQUAL(app_check_start(&cap, &second.check), E_OK);
	TEST_EQUAL(app_check_start(&cap, &third.check), E_OK);
	host_call(app, SYSCALL_YIELD, 1, 0, 0, 0);
	host_run();
	TEST_EQUAL(first.status, E_OK);
	TEST_EQUAL(second.status, E_INVAL);
	TEST_EQUAL(third.status, E_OK);
	TEST_EQUAL(first.answers + second.answers + third.answers, 3);
}
