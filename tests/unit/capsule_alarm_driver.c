/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* LINK: capsules/src/alarm_driver.c capsules/src/alarm_mux.c tests/unit/fake_kernel.c tests/unit/fake_devices.c */
#include "capsules/alarm_driver.h"
#include "fake_kernel.h"
#include "test.h"

static struct fake_alarm hardware;
static struct alarm_driver alarm_driver;

static void start(uint32_t now)
{
	fake_reset();
	fake_alarm_init(&hardware, now);
	alarm_driver_init(&alarm_driver, &hardware.alarm);
	fake_add_driver(&alarm_driver.driver);
}

static struct syscall_return command(struct process_id id, uint32_t number, uint32_t a0,
				     uint32_t a1)
{
	return fake_command(&alarm_driver.driver, id, number, a0, a1);
}

static bool fails(struct syscall_return result, enum error error)
{
	return result.variant == SYSCALL_FAILURE && result.value == (uint32_t)error;
}

static bool gives(struct syscall_return result, uint32_t value)
{
	return result.variant == SYSCALL_SUCCESS_U32 && result.value == value;
}

static void plain_commands(void)
{
	start(500);

	struct process_id a = fake_start("a");

	fake_set_memory(a, false);
	TEST_EQUAL(command(a, 0, 0, 0).variant, SYSCALL_SUCCESS);
	TEST_CHECK(gives(command(a, 1, 0, 0), 1000));
	TEST_CHECK(gives(command(a, 2, 0, 0), 500));
	TEST_CHECK(fails(command(a, 3, 0, 0), E_ALREADY));
	TEST_CHECK(fails(command(a, 4, 0, 0), E_NOSUPPORT));
	TEST_CHECK(fails(command(a, 7, 0, 0), E_NOSUPPORT));
	TEST_CHECK(fails(command(a, UINT32_MAX, 0, 0), E_NOSUPPORT));
	TEST_CHECK(fails(command(a, 5, 10, 0), E_NOMEM));
	TEST_CHECK(fails(command(a, 6, 10, 10), E_NOMEM));
	TEST_CHECK(!hardware.armed);
	fake_set_memory(a, true);
	TEST_CHECK(gives(command(a, 5, 10, 0), 510));
}

static void expiring(void)
{
	start(0xFFFFFFF0);

	struct process_id a = fake_start("a");
	struct process_id b = fake_start("b");

	TEST_CHECK(gives(command(a, 5, 100, 0), 84));
	TEST_CHECK(gives(command(b, 6, 0xFFFFFFE0, 50), 18));
	fake_alarm_pass(&hardware, 33);
	TEST_CHECK(!fake_yields(b, 0, 0, 0));
	fake_alarm_pass(&hardware, 1);
	TEST_CHECK(fake_yields(b, 0, 18, 18));
	fake_alarm_pass_late(&hardware, 70);
	TEST_CHECK(fake_yields(a, 0, 88, 84));
	TEST_CHECK(!hardware.armed);
	TEST_CHECK(fails(command(a, 3, 0, 0), E_ALREADY));
}

/* The reference plus the length is past, or the reference in the future: at once. */
static void expired_when_set(void)
{
	start(1000);

	struct process_id a = fake_start("a");

	TEST_CHECK(gives(command(a, 6, 900, 50), 950));
	TEST_CHECK(fake_yields(a, 0, 1000, 950));
	TEST_CHECK(gives(command(a, 6, 1001, 50), 1051));
	TEST_CHECK(fake_yields(a, 0, 1000, 1051));
	TEST_CHECK(gives(command(a, 5, 0, 0), 1000));
	TEST_CHECK(fake_yields(a, 0, 1000, 1000));
	TEST_CHECK(!hardware.armed);
}

static void stopping_and_replacing(void)
{
	start(0);

	struct process_id a = fake_start("a");
	struct fake_upcall upcall;

	command(a, 5, 10, 0);
	TEST_EQUAL(command(a, 3, 0, 0).variant, SYSCALL_SUCCESS);
	TEST_CHECK(fails(command(a, 3, 0, 0), E_ALREADY));
	fake_alarm_pass(&hardware, 20);
	TEST_CHECK(!fake_yield(a, &upcall));
	TEST_CHECK(!hardware.armed);

	command(a, 5, 10, 0);
	command(a, 5, 100, 0);
	fake_alarm_pass(&hardware, 99);
	TEST_CHECK(!fake_yield(a, &upcall));
	fake_alarm_pass(&hardware, 1);
	TEST_CHECK(fake_yields(a, 0, 120, 120));
}

/* An end of one process leaves the others' alarms alone, and its own fires for nobody. */
static void process_ends(void)
{
	start(0);

	struct process_id a = fake_start("a");
	struct process_id b = fake_start("b");
	struct fake_upcall upcall;

	command(a, 5, 10, 0);
	command(b, 5, 20, 0);
	fake_end(a);
	fake_unload(0);

	struct process_id c = fake_start("c");

	fake_alarm_pass(&hardware, 20);
	TEST_CHECK(!fake_yield(c, &upcall));
	TEST_CHECK(fake_yields(b, 0, 20, 20));
	command(c, 5, 5, 0);
	fake_end(b);
	fake_end(c);
	fake_alarm_pass(&hardware, 100);
	TEST_CHECK(!hardware.armed);
}

/* A process that does not yield loses upcalls, and nothing else. */
static void never_yields(void)
{
	start(0);

	struct process_id a = fake_start("a");
	struct process_id b = fake_start("b");

	for (int i = 0; i < 5; i++)
		command(a, 5, 0, 0);
	TEST_EQUAL(fake_dropped(a), 3);
	command(b, 5, 3, 0);
	fake_alarm_pass(&hardware, 3);
	TEST_CHECK(fake_yields(b, 0, 3, 3));
}

enum { MODEL_PROCESSES = 5 };

struct model {
	struct process_id id;
	uint64_t deadline;
	uint32_t expiry;
	bool armed;
};

static uint32_t random_length(uint32_t *random)
{
	uint32_t value = test_random(random);

	switch (test_random(random) % 4) {
	case 0:
		return value % 100;
	case 1:
		return UINT32_MAX - value % 100;
	default:
		return value;
	}
}

/* Every alarm comes exactly once, neither early nor later than the time passed. */
static void model_check(struct model *model, uint64_t now)
{
	bool due = model->armed && model->deadline <= now;

	if (due)
		TEST_CHECK(fake_yields(model->id, 0, hardware.now, model->expiry));
	if (due)
		model->armed = false;

	struct fake_upcall upcall;

	TEST_CHECK(!fake_yield(model->id, &upcall));
}

static void model_set(struct model *model, uint64_t now, uint32_t *random)
{
	uint32_t ago = test_random(random) % 3 == 0 ? test_random(random) % 200 : 0;
	uint32_t delta = random_length(random);

	model->expiry = hardware.now - ago + delta;
	model->deadline = delta > ago ? now + (delta - ago) : now;
	model->armed = true;
	TEST_CHECK(gives(command(model->id, 6, hardware.now - ago, delta), model->expiry));
	if (model->deadline <= now)
		model_check(model, now);
}

static void model_restart(struct model *model)
{
	uint32_t slot = model->id.raw & 0xFF;

	fake_end(model->id);
	fake_unload(slot);
	model->id = fake_start("again");
	model->armed = false;
}

static void against_model(void)
{
	struct model models[MODEL_PROCESSES];
	uint32_t random = 11;
	uint64_t now = 0xE0000000;

	start((uint32_t)now);
	for (int i = 0; i < MODEL_PROCESSES; i++)
		models[i] = (struct model){.id = fake_start("model")};
	for (int round = 0; round < 100000; round++) {
		struct model *model = &models[test_random(&random) % MODEL_PROCESSES];

		if (test_random(&random) % 50 == 0)
			model_restart(model);
		else if (test_random(&random) % 2 == 0)
			model_set(model, now, &random);
		else if (test_random(&random) % 8 == 0 && model->armed && model->deadline > now) {
			TEST_EQUAL(command(model->id, 3, 0, 0).variant, SYSCALL_SUCCESS);
			model->armed = false;
		}

		uint32_t ticks = test_random(&random) % 0x20000000;

		fake_alarm_pass_late(&hardware, ticks);
		fake_alarm_pass(&hardware, 0);
		now += ticks;
		for (int i = 0; i < MODEL_PROCESSES; i++)
			if (models[i].deadline <= now || !models[i].armed)
				model_check(&models[i], now);
	}
}

int main(void)
{
	plain_commands();
	expiring();
	expired_when_set();
	stopping_and_replacing();
	process_ends();
	never_yields();
	against_model();
	return test_end("capsule_alarm_driver");
}
