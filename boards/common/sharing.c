/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "common/sharing.h"

#include "capsules/alarm_mux.h"
#include "capsules/loan_timer.h"
#include "lib/compiler.h"
#include "trusted/capability.h"

#include <stddef.h>

enum {
	POOL_BUFFERS = 2,
	POOL_SIZE = 2048, /* a power of two: every processor can lend that */
};

static struct alarm_mux alarms;
static struct alarm_mux_port alarm_port, loan_port;
static struct loan_timer_entry loan_times[SHARED_LOANS];
static struct loan_timer loan_timer;
static struct pool_buffer pool[POOL_BUFFERS];
static _Alignas(POOL_SIZE) uint8_t pool_memory[POOL_BUFFERS][POOL_SIZE] SECTION(".pool");

struct loan shared_loans[SHARED_LOANS];
struct alarm_driver alarm_driver;
struct loan_driver loan_driver;
struct connection_driver connection_driver;
struct registry_driver string_registry, package_registry;
struct relay_driver relay_driver;
struct tock_ipc_driver tock_ipc_driver;

/* Held by the drivers that make loans. */
static const struct cap_loans loan_right;

static void start_alarms(struct alarm *alarm)
{
	alarm_mux_init(&alarms, alarm);
	alarm_mux_attach(&alarms, &alarm_port);
	alarm_mux_attach(&alarms, &loan_port);
	alarm_driver_init(&alarm_driver, &alarm_port.alarm);
}

static void start_loans(void)
{
	static const struct loan_driver_config no_pool = {&loan_right, &loan_timer, NULL, 0};
	static const struct loan_driver_config driver_config = {&loan_right, &loan_timer, pool,
								POOL_BUFFERS};
	static const struct loan_timer_config config = {
		.alarm = &loan_port.alarm,
		.cap = &loan_right,
		.entries = loan_times,
		.count = SHARED_LOANS,
	};
	bool pool_ready = true;

	loan_timer_init(&loan_timer, &config);
	for (uint32_t i = 0; i < POOL_BUFFERS; i++)
		pool_ready = pool_buffer_init(&pool[i], pool_memory[i], POOL_SIZE) && pool_ready;
	loan_driver_init(&loan_driver, pool_ready ? &driver_config : &no_pool);
}

void sharing_init(struct alarm *alarm, struct connection_slot *connections, uint32_t count)
{
	start_alarms(alarm);
	start_loans();
	connection_driver_init(&connection_driver, connections, count);
	string_registry_init(&string_registry);
	package_registry_init(&package_registry);
	relay_driver_init(&relay_driver);
	tock_ipc_driver_init(&tock_ipc_driver, &loan_right, &loan_driver);
}
