/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* LINK: capsules/src/alarm_mux.c tests/unit/fake_kernel.c tests/unit/fake_devices.c */
#include "capsules/alarm_mux.h"
#include "fake_kernel.h"
#include "test.h"

enum { PORTS = 4 };

struct probe {
	struct alarm_client client;
	struct alarm_mux_port port;
	uint64_t deadline; /* on the test's own clock, which does not wrap */
	bool armed;
	unsigned int fired;
	uint32_t repeat; /* 0: once */
};

static struct fake_alarm hardware;
static struct alarm_mux mux;
static struct probe probes[PORTS];
static uint64_t clock_now;
static bool early;

static void probe_fired(struct alarm_client *client)
{
	struct probe *probe = CONTAINER_OF(client, struct probe, client);
	uint64_t now = clock_now + (uint32_t)(hardware.now - (uint32_t)clock_now);

	if (!probe->armed || now < probe->deadline)
		early = true;
	probe->armed = false;
	probe->fired++;
	if (probe->repeat == 0)
		return;
	probe->deadline = now + probe->repeat;
	probe->armed = true;
	probe->port.alarm.ops->set(&probe->port.alarm, hardware.now, probe->repeat);
}

static const struct alarm_client_ops probe_ops = {.fired = probe_fired};

static void start(uint32_t now)
{
	fake_reset();
	clock_now = now;
	early = false;
	fake_alarm_init(&hardware, now);
	alarm_mux_init(&mux, &hardware.alarm);
	for (int i = 0; i < PORTS; i++) {
		probes[i] = (struct probe){.client = {.ops = &probe_ops}};
		alarm_mux_attach(&mux, &probes[i].port);
		probes[i].port.alarm.client = &probes[i].client;
	}
}

static void pass(uint64_t ticks)
{
	fake_alarm_pass(&hardware, ticks);
	clock_now += ticks;
}

static void pass_late(uint32_t ticks)
{
	fake_alarm_pass_late(&hardware, ticks);
	clock_now += ticks;
	fake_alarm_pass(&hardware, 0);
}

static void set(int i, uint32_t ago, uint32_t delta)
{
	struct probe *probe = &probes[i];

	probe->armed = true;
	probe->deadline = delta > ago ? clock_now + (delta - ago) : clock_now;
	probe->port.alarm.ops->set(&probe->port.alarm, hardware.now - ago, delta);
}

/* One port alone, then a second one while the first one's alarm goes on. */
static void a_second_client_comes(void)
{
	start(0xFFFFFF00);
	set(0, 0, 0x100);
	pass(0xFF);
	TEST_CHECK(probes[0].fired == 0);
	pass(1);
	TEST_CHECK(probes[0].fired == 1);
	set(0, 50, 1000);
	pass(200);
	set(1, 0, 100);
	pass(99);
	TEST_CHECK(probes[1].fired == 0);
	pass(1);
	TEST_CHECK(probes[1].fired == 1 && probes[0].fired == 1);
	pass(649);
	TEST_CHECK(probes[0].fired == 1);
	pass(1);
	TEST_CHECK(probes[0].fired == 2);
	TEST_CHECK(!early);
	/* Alone and far away, and stopped. */
	start(5);
	set(2, 0, 0x90000000);
	pass(0x8FFFFFFF);
	TEST_CHECK(probes[2].fired == 0);
	pass(1);
	TEST_CHECK(probes[2].fired == 1);
	set(2, 0, 10);
	probes[2].armed = false;
	probes[2].port.alarm.ops->disarm(&probes[2].port.alarm);
	pass(100);
	TEST_CHECK(probes[2].fired == 1 && !early);
}

static void several_clients(void)
{
	start(0xFFFFFF00);
	TEST_EQUAL(probes[0].port.alarm.frequency_hz, 1000);
	set(0, 0, 1000);
	set(1, 0, 10);
	set(2, 5, 305);
	pass(9);
	TEST_EQUAL(probes[1].fired, 0);
	pass(1);
	TEST_EQUAL(probes[1].fired, 1);
	pass(290);
	TEST_EQUAL(probes[2].fired, 1);
	TEST_EQUAL(probes[0].fired, 0);
	pass(700);
	TEST_EQUAL(probes[0].fired, 1);
	TEST_CHECK(!hardware.armed);
	TEST_EQUAL(probes[3].port.alarm.ops->now(&probes[3].port.alarm), hardware.now);
}

/* A reference that lies in the past by more than the length: at once, not from inside set(). */
static void already_expired(void)
{
	start(100);
	set(0, 50, 20);
	TEST_EQUAL(probes[0].fired, 0);
	pass(0);
	TEST_EQUAL(probes[0].fired, 1);
	set(0, 0, 0);
	pass(0);
	TEST_EQUAL(probes[0].fired, 2);
}

static void disarming(void)
{
	start(0);
	set(0, 0, 50);
	set(1, 0, 60);
	probes[0].port.alarm.ops->disarm(&probes[0].port.alarm);
	pass(55);
	TEST_EQUAL(probes[0].fired, 0);
	TEST_EQUAL(hardware.fired, 0);
	pass(5);
	TEST_EQUAL(probes[1].fired, 1);
	set(0, 0, 5);
	probes[0].port.alarm.ops->disarm(&probes[0].port.alarm);
	TEST_CHECK(!hardware.armed);
	pass(UINT32_MAX);
	TEST_EQUAL(probes[0].fired, 0);
}

/* The longest alarm, served late: comparing instants alone would miss it by a turn. */
static void longest_alarm_late(void)
{
	start(12345);
	set(0, 0, UINT32_MAX);
	for (int i = 0; i < 3; i++)
		pass_late(0x40000000);
	TEST_EQUAL(probes[0].fired, 0);
	pass_late(0x40000010);
	TEST_EQUAL(probes[0].fired, 1);
	TEST_CHECK(!early);
}

/* One client that always wants to be called again soon does not keep the others waiting. */
static void no_starvation(void)
{
	start(7);
	probes[0].repeat = 1;
	set(0, 0, 1);
	set(1, 0, 100);
	set(3, 0, 100);
	pass(99);
	TEST_EQUAL(probes[1].fired, 0);
	pass(1);
	TEST_EQUAL(probes[1].fired, 1);
	TEST_EQUAL(probes[3].fired, 1);
	TEST_EQUAL(probes[0].fired, 100);
}

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

static void against_model(void)
{
	uint32_t random = 3;
	unsigned int missed = 0;

	start(0xF0000000);
	for (int round = 0; round < 200000; round++) {
		uint32_t ago = test_random(&random) % 3 == 0 ? test_random(&random) % 200 : 0;

		if (test_random(&random) % 2 == 0)
			set((int)(test_random(&random) % PORTS), ago, random_length(&random));
		if (test_random(&random) % 2 == 0)
			pass(random_length(&random));
		else
			pass_late(test_random(&random) % 0x20000000);
		for (int i = 0; i < PORTS; i++)
			missed += probes[i].armed && probes[i].deadline <= clock_now;
	}
	TEST_EQUAL(missed, 0);
	TEST_CHECK(!early);
}

int main(void)
{
	a_second_client_comes();
	several_clients();
	already_expired();
	disarming();
	longest_alarm_late();
	no_starvation();
	against_model();
	return test_end("capsule_alarm_mux");
}
