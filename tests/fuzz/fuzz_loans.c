/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Several processes lend, borrow, connect, relay and notify, in any order, and end,
 * restart and run out of time meanwhile. The calls are plausible ones; after each
 * of them the oracle compares loans, protection plans and shared buffers.
 */
#include "fuzz.h"

#include "../../capsules/src/connection_private.h"
#include "common/sharing.h"
#include "host/probe.h"
#include "lib/compiler.h"

#include <string.h>

enum {
	PROCESSES = 4,
	STEPS = 400,
	BREAK = 0x2000,
	TERMS = 0x1F00, /* of an offer: six words */
	NAMES = 0x1E00, /* twenty bytes a process */
	NAME = 20,
	CELLS = 0x400, /* pieces of RAM that are lent */
	CELL = 0x80,
	KEPT = 32,
};

static struct host_app *apps[PROCESSES];
static uint32_t kept[KEPT], kept_count; /* numbers that drivers gave: ids, handles */
static const ureg_t *answer;            /* to the last call; NULL: it was not made */

static void step(struct host_app *app, uint32_t class_number, const uint32_t r[4])
{
	struct host_trap trap = {.kind = HOST_TRAP_SYSCALL, .class_number = class_number};

	answer = NULL;

	for (uint32_t i = 0; i < 4; i++)
		trap.r[i] = r[i];
	if (!fuzz_alive() || !host_try_step(app, &trap))
		return;
	answer = app->process->context.r;
	if (class_number != SYSCALL_COMMAND)
		return;
	if (answer[0] == SYSCALL_SUCCESS_U32 || answer[0] == SYSCALL_SUCCESS_2_U32)
		kept[kept_count++ % KEPT] = answer[1];
}

static void act(struct host_app *app, uint32_t driver, uint32_t number, uint32_t first,
		uint32_t second)
{
	step(app, SYSCALL_COMMAND, (uint32_t[4]){driver, number, first, second});
}

/* When each loan must be over, by the slots of the table: the model of the deadlines. */
static struct {
	uint32_t id;
	uint64_t end_us;
} deadlines[SHARED_LOANS];

static void note_deadline(uint32_t id, uint32_t ticks)
{
	deadlines[id % 256].id = id;
	deadlines[id % 256].end_us = ticks == 0 ? UINT64_MAX : host.now_us + ticks;
}

static void check_deadlines(void)
{
	for (uint32_t i = 0; i < SHARED_LOANS; i++)
		if (board.loans.table[i].state == LOAN_LIVE &&
		    board.loans.table[i].id.raw == deadlines[i].id &&
		    host.now_us > deadlines[i].end_us)
			host_violation("loan 0x%x outlives its deadline", deadlines[i].id);
}

static struct host_app *somebody(struct fuzz_input *input)
{
	return apps[fuzz_u8(input) % PROCESSES];
}

static uint32_t some_number(struct fuzz_input *input)
{
	uint8_t which = fuzz_u8(input);

	if (which < KEPT)
		return kept[which];
	if (which < 0x80)
		return board.loans.table[which % board.loans.slots].id.raw;
	return which < 0xA0 ? fuzz_u32(input) : kept[which % KEPT] ^ (1u << fuzz_u8(input) % 32);
}

/* Of the other drivers too, so that every one of them has a piece of a loan in its hands. */
static uint32_t some_driver(struct fuzz_input *input)
{
	static const uint32_t drivers[] = {DRIVER_LOAN,       DRIVER_CONNECTION, DRIVER_RELAY,
					   DRIVER_TOCK_IPC,   HOST_PROBE_DRIVER, DRIVER_CONSOLE,
					   HOST_PROBE_DRIVER, DRIVER_CONNECTION};

	return drivers[fuzz_u8(input) % 8];
}

/* A piece of somebody's RAM, or of what is lent now; or about so. */
static void some_region(struct fuzz_input *input, struct host_app *app, uint32_t region[2])
{
	uint8_t how = fuzz_u8(input), where = fuzz_u8(input);
	const struct loan *loan = &board.loans.table[where % board.loans.slots];

	region[0] = app->process->memory.ram_start + CELLS + where % 8 * CELL;
	region[1] = (1 + where / 8 % 8u) * CELL;
	if (how % 4 == 0 && loan->length != 0) {
		region[0] = loan->start;
		region[1] = loan->length;
	}
	if (how < 0x20)
		region[0] += fuzz_u8(input) - 128u;
	if (how >= 0xC0)
		region[1] = fuzz_u8(input);
}

/* ---- what a process does ---- */

/* All that a well-behaved application does when it starts. */
static void prepare(struct host_app *app)
{
	static const uint32_t drivers[] = {DRIVER_LOAN, DRIVER_CONNECTION, DRIVER_RELAY,
					   DRIVER_TOCK_IPC};
	uint32_t ram = app->process->memory.ram_start;
	char names[PROCESSES][NAME] = {"0", "1", "2", "3"};

	step(app, SYSCALL_MEMOP, (uint32_t[4]){MEMOP_BRK, ram + BREAK});
	fuzz_put(app, NAMES, names, sizeof(names));
	step(app, SYSCALL_ALLOW_RO, (uint32_t[4]){DRIVER_LOAN, 0, ram + TERMS, 24});
	for (uint32_t i = 0; i < 4; i++)
		for (uint32_t number = 0; number < 8; number++)
			step(app, SYSCALL_SUBSCRIBE,
			     (uint32_t[4]){drivers[i], number, app->flash_start + 0x100, number});
	for (uint32_t i = 0; i < 5; i++) {
		step(app, SYSCALL_ALLOW_RO,
		     (uint32_t[4]){DRIVER_CONNECTION, 1 + i, ram + 0x100, 0x80});
		step(app, SYSCALL_ALLOW_RW, (uint32_t[4]){DRIVER_CONNECTION, i, ram + 0x200, 0x80});
	}
	step(app, SYSCALL_ALLOW_RO, (uint32_t[4]){DRIVER_RELAY, 0, ram + 0x100, 0x40});
	step(app, SYSCALL_ALLOW_RW, (uint32_t[4]){DRIVER_RELAY, 0, ram + 0x200, 0x60});
}

/* The terms are where the driver looks, whatever was shared with it before. */
static void offer_words(struct host_app *app, const uint32_t words[6])
{
	uint32_t terms = app->process->memory.ram_start + TERMS;

	fuzz_put(app, TERMS, words, 24);
	step(app, SYSCALL_ALLOW_RO, (uint32_t[4]){DRIVER_LOAN, 0, terms, 24});
	if (answer == NULL || answer[0] != SYSCALL_SUCCESS_2_U32)
		return;
	act(app, DRIVER_LOAN, 1, 0, 0);
	if (answer != NULL && answer[0] == SYSCALL_SUCCESS_U32)
		note_deadline(answer[1], words[5]);
}

static void offer(struct fuzz_input *input, struct host_app *app)
{
	static const uint32_t drivers[] = {LOAN_TO_ANY, LOAN_TO_ANY, LOAN_TO_NOBODY, DRIVER_LOAN,
					   HOST_PROBE_DRIVER};
	uint32_t words[6];

	some_region(input, app, words);
	words[2] = somebody(input)->process->id.raw;
	words[3] = fuzz_u8(input) % 4;
	words[4] = drivers[fuzz_u8(input) % 5];
	words[5] = (uint32_t)fuzz_u8(input) % 4 * 1000u;
	offer_words(app, words);
}

/* What the process has of others, whole, to yet another one. */
static void pass_on(struct fuzz_input *input, struct host_app *app)
{
	uint32_t first = fuzz_u8(input);

	for (uint32_t i = 0; i < board.loans.slots; i++) {
		const struct loan *loan = &board.loans.table[(first + i) % board.loans.slots];
		const uint32_t words[6] = {
			loan->start, loan->length, somebody(input)->process->id.raw,
			loan->flags, loan->driver, 0,
		};

		if (loan->state != LOAN_LIVE || !loan->held ||
		    loan->borrower.raw != app->process->id.raw)
			continue;
		offer_words(app, words);
		return;
	}
}

/* The newest offer to the process, most times. */
static void accept(struct fuzz_input *input, struct host_app *app)
{
	uint32_t id = some_number(input), number = 0;

	for (uint32_t i = 0; i < board.loans.slots; i++) {
		const struct loan *loan = &board.loans.table[i];

		if (loan->state == LOAN_LIVE && !loan->held && loan->number > number &&
		    loan->borrower.raw == app->process->id.raw) {
			number = loan->number;
			id = loan->id.raw;
		}
	}
	act(app, DRIVER_LOAN, 2, id, 0);
}

static void share(struct fuzz_input *input, struct host_app *app)
{
	static const uint32_t classes[] = {SYSCALL_ALLOW_RO, SYSCALL_ALLOW_RW, SYSCALL_ALLOW_UR};
	uint32_t kind = fuzz_u8(input) % 3, driver = some_driver(input);
	uint32_t number = fuzz_u8(input) % 8, region[2];

	some_region(input, app, region);
	step(app, classes[kind], (uint32_t[4]){driver, number, region[0], region[1]});
}

static void name(struct fuzz_input *input, struct host_app *app, uint32_t driver)
{
	uint32_t start = app->process->memory.ram_start + NAMES;

	step(app, SYSCALL_ALLOW_RO,
	     (uint32_t[4]){driver, driver == DRIVER_LOAN ? 1u : 0u,
			   start + fuzz_u8(input) % PROCESSES * NAME,
			   driver == DRIVER_STRING_REGISTRY ? NAME : 1u});
}

static uint32_t some_handle(struct fuzz_input *input)
{
	uint8_t which = fuzz_u8(input);

	if (which >= 0xC0)
		return some_number(input);
	return connection_at(&connection_driver, which % (PROCESSES * CONNECTION_CHANNELS))->handle;
}

static void serve(struct fuzz_input *input, struct host_app *app, uint32_t number)
{
	uint32_t handle = some_handle(input);

	act(app, DRIVER_CONNECTION, number, handle, fuzz_u8(input));
}

static void connect(struct fuzz_input *input, struct host_app *app)
{
	uint8_t what = fuzz_u8(input);

	if (what % 16 == 0 || what % 16 == 3)
		name(input, app, DRIVER_CONNECTION);
	if (what % 16 <= 3)
		act(app, DRIVER_CONNECTION, what % 16 == 0 ? 1 : 3, what / 16 % 5, 0);
	else
		serve(input, app, what % 16);
}

static void relay(struct fuzz_input *input, struct host_app *app)
{
	static const uint32_t numbers[] = {0x10, 0x11, 0x20, 0x20, 0x21, 0x22, 0x23, 0x24};
	uint8_t what = fuzz_u8(input);

	act(app, DRIVER_RELAY, numbers[what % 8],
	    what < 0xF0 ? somebody(input)->process->id.raw : some_number(input), 0);
}

static void find(struct fuzz_input *input, struct host_app *app)
{
	uint32_t driver =
		fuzz_u8(input) % 2 == 0 ? DRIVER_STRING_REGISTRY : DRIVER_PACKAGE_REGISTRY;

	name(input, app, driver);
	act(app, driver, 1 + fuzz_u8(input) % 2u, 0, 0);
}

static void notify(struct fuzz_input *input, struct host_app *app)
{
	uint8_t what = fuzz_u8(input);
	uint32_t other = fuzz_u8(input) % (PROCESSES + 1), region[2];

	if (what % 4 == 0)
		name(input, app, DRIVER_TOCK_IPC);
	if (what % 4 == 1) {
		some_region(input, app, region);
		step(app, SYSCALL_ALLOW_RW,
		     (uint32_t[4]){DRIVER_TOCK_IPC, other, region[0], region[1]});
	} else {
		act(app, DRIVER_TOCK_IPC, what % 4 == 0 ? 1 : what % 4, other, 0);
	}
}

/* The probe copies from and to what it was given (fuzz_probe()). */
static void copy(struct fuzz_input *input, struct host_app *app)
{
	uint32_t number = fuzz_u8(input) % 5, which = fuzz_u8(input) % 2;

	act(app, HOST_PROBE_DRIVER, number, which, fuzz_u8(input));
}

static void yield(struct fuzz_input *input, struct host_app *app)
{
	uint8_t what = fuzz_u8(input);

	step(app, SYSCALL_YIELD,
	     (uint32_t[4]){what % 4 == 0 ? (uint32_t)YIELD_WAIT_FOR : (uint32_t)YIELD_NO_WAIT,
			   what % 4 == 0 ? some_driver(input) : 0, what / 4 % 6u});
}

static void set_break(struct fuzz_input *input, struct host_app *app)
{
	uint32_t region[2];

	some_region(input, app, region);
	step(app, SYSCALL_MEMOP, (uint32_t[4]){MEMOP_BRK, region[0] + region[1]});
}

/* ---- what becomes of it ---- */

static void end(struct fuzz_input *input, struct host_app *app)
{
	switch (fuzz_u8(input) % 4) {
	case 0:
		(void)host_terminate(app);
		break;
	case 1:
		step(app, SYSCALL_EXIT, (uint32_t[4]){EXIT_RESTART});
		break;
	case 2:
		(void)host_fault_it(app);
		break;
	default:
		fuzz_event(input, app);
		return;
	}
	if (fuzz_u8(input) % 4 == 0 || !fuzz_alive())
		return;
	(void)host_boot(app);
	prepare(app);
}

static void pass_time(struct fuzz_input *input, struct host_app *app)
{
	uint64_t until = host.now_us + fuzz_u8(input) * 20u;
	uint64_t when;

	(void)app;
	for (unsigned int i = 0; i < 50 && host_next_event(&when) && when <= until; i++) {
		host_arrive(when);
		if (host_settle(NULL) == STOP_ENDED)
			return;
	}
	host_arrive(until);
	(void)host_settle(NULL);
}

typedef void action(struct fuzz_input *input, struct host_app *app);

static void give_back(struct fuzz_input *input, struct host_app *app)
{
	act(app, DRIVER_LOAN, 3, some_number(input), 0);
}

static void revoke(struct fuzz_input *input, struct host_app *app)
{
	act(app, DRIVER_LOAN, 4, some_number(input), 0);
}

/* From the shape of a loan to its deadline. */
static void ask(struct fuzz_input *input, struct host_app *app)
{
	uint32_t number = 5 + fuzz_u8(input) % 7u, id = some_number(input);
	uint32_t ticks = fuzz_u8(input) * 10u;

	act(app, DRIVER_LOAN, number, id, ticks);
	if (number == 11 && answer != NULL && answer[0] == SYSCALL_SUCCESS)
		note_deadline(id, ticks);
}

static void borrow_from_kernel(struct fuzz_input *input, struct host_app *app)
{
	uint32_t ticks = 1 + fuzz_u8(input) * 10u;

	act(app, DRIVER_LOAN, 12, ticks, 0);
	if (answer != NULL && answer[0] == SYSCALL_SUCCESS_2_U32)
		note_deadline(answer[1], ticks);
}

static void start_anew(struct fuzz_input *input, struct host_app *app)
{
	(void)input;
	prepare(app);
}

/* What is frequent stands more than once. */
static action *const actions[] = {
	offer, offer, pass_on, pass_on,    accept,    accept,  accept,    accept,
	share, share, share,   set_break,  give_back, revoke,  revoke,    ask,
	copy,  copy,  yield,   yield,      connect,   connect, connect,   connect,
	relay, relay, find,    notify,     notify,    notify,  pass_time, end,
	end,   offer, share,   start_anew, accept,    connect, relay,     borrow_from_kernel,
};

/* ---- connections ---- */

static bool is_alive(struct process_id process)
{
	const struct process *found = &board.processes[process_id_slot(process)];

	return found->id.raw == process.raw && found->state >= PROCESS_RUNNING &&
	       found->state <= PROCESS_STOPPED;
}

/* Who is connected lives, and a service knows how many requests wait for it. */
static void check_connections(void)
{
	const struct connection_driver *driver = &connection_driver;
	int32_t waiting[PROCESSES] = {0};

	for (uint32_t i = 0; i < PROCESSES * CONNECTION_CHANNELS; i++) {
		const struct connection *connection = connection_at(driver, i);

		if (connection->state == CONNECTION_FREE || connection->state == CONNECTION_ENDED)
			continue;
		if (!is_alive(connection->client) || !is_alive(connection->service))
			host_violation("connection 0x%x outlives a party of it",
				       connection->handle);
		waiting[process_id_slot(connection->service)] +=
			connection->state == CONNECTION_WAITS;
	}
	for (uint32_t i = 0; i < PROCESSES; i++) {
		const struct connection_service *service = &driver->slots[i].service;

		if (service->waiting != waiting[i] || (service->ready && waiting[i] != 0))
			host_violation("slot %u: %d requests wait, not %u", i, waiting[i],
				       service->waiting);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static const char *const names[PROCESSES] = {"0", "1", "2", "3"};
	struct fuzz_input input = {bytes, length};
	uint8_t how = fuzz_u8(&input);

	kept_count = 0;
	memset(kept, 0, sizeof(kept));
	memset(deadlines, 0, sizeof(deadlines));
	host_board_start(&(struct host_config){
		.process_slots = PROCESSES,
		.granule = UINT32_C(4) << how % 6,
		.strict_protection = (how & 8) != 0,
		.no_log = true,
		.policy = {.fault = (how & 16) != 0 ? FAULT_RESTART : FAULT_STOP},
	});
	fuzz_probe();
	for (uint32_t i = 0; i < PROCESSES; i++)
		apps[i] = host_script_add_image(&(struct host_image_options){
			.name = names[i], .min_ram = 12288, .total_size = 512});
	(void)host_settle(NULL);
	for (uint32_t i = 0; i < PROCESSES; i++)
		if (host_process(apps[i]) == NULL)
			return 0;
	for (uint32_t i = 0; i < PROCESSES; i++)
		prepare(apps[i]);
	for (uint32_t i = 0; i < STEPS && input.left > 0 && fuzz_alive(); i++) {
		struct host_app *app = somebody(&input);

		actions[fuzz_u8(&input) % ARRAY_LENGTH(actions)](&input, app);
		if (!fuzz_alive())
			break;
		oracle_check_loans();
		check_connections();
		check_deadlines();
	}
	return 0;
}
