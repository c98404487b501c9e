/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The host as a board: all of its wiring. */
#include "abi/verifier.h"
#include "board_storage.h"
#include "capsules/app_identity_driver.h"
#include "capsules/button_driver.h"
#include "capsules/console_driver.h"
#include "capsules/led_driver.h"
#include "capsules/log_console.h"
#include "capsules/low_level_debug.h"
#include "capsules/process_console.h"
#include "capsules/rng_driver.h"
#include "capsules/uart_mux.h"
#include "capsules/virtual_panel.h"
#include "common/sharing.h"
#include "devices.h"
#include "host/helper.h"
#include "host/probe.h"
#include "lib/compiler.h"
#include "trusted/capability.h"
#include "trusted/chip.h"
#include "trusted/kernel.h"

#include <string.h>

enum { PROCESS_SLOTS = 16 };

_Static_assert((int)HOST_LOANS == SHARED_LOANS && (int)HOST_LOAN_QUOTA == SHARED_LOAN_QUOTA,
	       "tests count with what the board has");

static struct host_uart uart, log_uart;
static struct host_alarm alarm_device;
static struct host_entropy entropy;
static struct uart_mux serial;
static struct uart_mux_port console_port, log_port, operator_port;

static struct connection_slot connections[PROCESS_SLOTS];
static struct console_driver console_driver;
static struct led_driver led_driver;
static struct button_driver button_driver;
static struct low_level_debug low_level_debug;
static struct rng_driver rng_driver;
static struct app_identity_driver app_identity_driver;
static struct virtual_panel panel;
static struct log_console log_console;
static struct process_console process_console;

const struct cap_process_admin host_admin;
const struct cap_loans host_loans;

static const struct cap_helper helper;
struct verifier host_verifier;

static const struct driver_entry drivers[] = {
	{DRIVER_ALARM, &alarm_driver.driver},
	{DRIVER_CONSOLE, &console_driver.driver},
	{DRIVER_LED, &led_driver.driver},
	{DRIVER_BUTTON, &button_driver.driver},
	{DRIVER_RNG, &rng_driver.driver},
	{DRIVER_LOW_LEVEL_DEBUG, &low_level_debug.driver},
	{DRIVER_LOAN, &loan_driver.driver},
	{DRIVER_CONNECTION, &connection_driver.driver},
	{DRIVER_STRING_REGISTRY, &string_registry.driver},
	{DRIVER_PACKAGE_REGISTRY, &package_registry.driver},
	{DRIVER_RELAY, &relay_driver.driver},
	{DRIVER_TOCK_IPC, &tock_ipc_driver.driver},
	{DRIVER_KEY_VALUE, &host_kv_driver.driver},
	{DRIVER_ISOLATED_STORAGE, &host_isolated_driver.driver},
	{DRIVER_NONVOLATILE_STORAGE, &host_nonvolatile_driver.driver},
	{DRIVER_FLASH_GEOMETRY, &host_geometry_driver.driver},
	{DRIVER_APP_FLASH, &host_app_flash_driver.driver},
	{HOST_PROBE_DRIVER, &host_probe.driver},
	{HOST_BULKY_DRIVER, &host_bulky.driver},
	{HOST_OPENSK_DRIVER, &host_opensk.raw.driver},
	{DRIVER_APP_IDENTITY, &app_identity_driver.driver},
	{DRIVER_VERIFIER, &host_verifier.driver},
};

static const struct process_console_setup console_setup = {
	.admin = &host_admin,
	.console = &console_driver,
	.panel = &panel,
};

static struct process processes[PROCESS_SLOTS];

/* What the kernel knows as `board`: here, and only here, it changes between tests. */
struct board configured __asm__("board");

char host_build_record[256] __asm__("linker_build_record") =
	"DETENT-BUILD-1\nversion=host\ntoolchain=gcc\nflags=none\n";

void board_interrupt(uint32_t number)
{
	if (number == HOST_IRQ_UART)
		host_uart_interrupt(&uart);
	else if (number == HOST_IRQ_LOG_UART)
		host_uart_interrupt(&log_uart);
	else if (number == HOST_IRQ_ALARM)
		host_alarm_interrupt(&alarm_device);
	else if (number == HOST_IRQ_ENTROPY)
		host_entropy_interrupt(&entropy);
	else if (number != HOST_IRQ_PANEL)
		kernel_fatal("an interrupt came that no driver has", NULL);
}

void board_emergency_write(const char *text, size_t length)
{
	host_output_add(&host_log_output, text, length);
	if (host.on_emergency != NULL)
		host.on_emergency();
}

void host_on_emergency(void (*called)(void))
{
	host.on_emergency = called;
}

bool host_next_event(uint64_t *when_us)
{
	*when_us = alarm_device.due_us;
	return alarm_device.armed;
}

void host_arrive(uint64_t when_us)
{
	if (host.now_us < when_us)
		host.now_us = when_us;
	if (alarm_device.armed && alarm_device.due_us <= host.now_us)
		host_raise(HOST_IRQ_ALARM);
}

struct virtual_panel *host_panel(void)
{
	return &panel;
}

void host_type_bytes(const void *bytes, size_t length)
{
	host_uart_feed(&uart, bytes, length);
}

static void wire_serial(void)
{
	host_uart_init(&uart, HOST_IRQ_UART, &host_console_output);
	host_uart_init(&log_uart, HOST_IRQ_LOG_UART, &host_log_output);
	uart_mux_init(&serial, &uart.uart);
	if (host.config.log_on_console) {
		uart_mux_attach(&serial, &log_port);
		log_console_init(&log_console, &log_port.uart);
	} else if (!host.config.no_log) {
		log_console_init(&log_console, &log_uart.uart);
	}
	if (host.config.process_console)
		uart_mux_attach(&serial, &operator_port);
	uart_mux_attach(&serial, &console_port);
	console_driver_init(&console_driver, &console_port.uart);
}

static void describe(void)
{
	const struct host_config *config = &host.config;

	memset(processes, 0, sizeof(processes));
	memset(shared_loans, 0, sizeof(shared_loans));
	memset(connections, 0, sizeof(connections));
	configured = (struct board){
		.name = "host",
		.drivers = drivers,
		.driver_count = config->driver_count != 0 ? config->driver_count
							  : (uint32_t)ARRAY_LENGTH(drivers),
		.processes = processes,
		.process_count = config->process_slots,
		.policy = config->policy,
		.policies = config->policies,
		.policy_count = config->policy_count,
		.loans = {.table = shared_loans, .slots = SHARED_LOANS, .quota = SHARED_LOAN_QUOTA},
		.prompt = config->process_console ? PROCESS_CONSOLE_PROMPT : NULL,
	};
}

void host_board_main(void)
{
	describe();
	host_alarm_init(&alarm_device, host.config.alarm_hz);
	host_entropy_init(&entropy, host.config.seed);
	wire_serial();
	sharing_init(&alarm_device.alarm, connections, ARRAY_LENGTH(connections));
	virtual_panel_init(&panel, host.config.leds, host.config.buttons);
	led_driver_init(&led_driver, &panel.leds);
	button_driver_init(&button_driver, &panel.buttons);
	low_level_debug_init(&low_level_debug);
	rng_driver_init(&rng_driver, &entropy.entropy);
	app_identity_driver_init(&app_identity_driver);
	verifier_init(&host_verifier, &helper);
	host_storage_init();
	host_probe_init();
	if (host.config.process_console)
		process_console_init(&process_console, &operator_port.uart, &console_setup);
	kernel_start();
}
