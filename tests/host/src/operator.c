/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Starting the board, its buttons and LEDs, and steering processes. */
#include "state.h"

#include "capsules/virtual_panel.h"
#include "host/probe.h"
#include "trusted/linker.h"

#include <string.h>

static uint32_t or_else(uint32_t value, uint32_t otherwise)
{
	return value != 0 ? value : otherwise;
}

void host_board_start(const struct host_config *config)
{
	struct host_config *own = &host.config;

	if (!host_fresh_kernel())
		host_give_up("a kernel cannot start twice in one test");
	memset(&host, 0, sizeof(host));
	host_console_clear();
	if (config != NULL)
		*own = *config;
	own->process_slots = or_else(own->process_slots, 8);
	if (own->policy.timeslice_us == 0 && !own->no_timeslice)
		own->policy.timeslice_us = 10000;
	own->seed = or_else(own->seed, 1);
	own->leds = or_else(own->leds, 4);
	own->buttons = or_else(own->buttons, 4);
	own->alarm_hz = or_else(own->alarm_hz, 1000000);
	host_hardware = (struct host_hardware){
		.granule = or_else(own->granule, 4),
		.strict = own->strict_protection,
		.upcalls_need_stack = own->upcalls_need_stack,
	};
	host_counters = (struct host_counters){0};
	host_probe.command = NULL;
	host_bulky.command = NULL;
	oracle_reset();
	host_compiled_init();
}

bool host_led(uint32_t led)
{
	struct virtual_panel *panel = host_panel();

	return led < panel->leds.count && panel->leds.ops->get(&panel->leds, led);
}

static void button(uint32_t index, bool pressed)
{
	enum error error;

	host_run();
	error = virtual_panel_press(host_panel(), index, pressed);
	if (error != E_OK)
		host_give_up("button %u cannot be %s: error %d", index,
			     pressed ? "pressed" : "released", (int)error);
	host_raise(HOST_IRQ_PANEL);
	host_run();
}

void host_button_press(uint32_t index)
{
	button(index, true);
}

void host_button_release(uint32_t index)
{
	button(index, false);
}

void host_type(const char *text)
{
	host_run();
	host_type_bytes(text, strlen(text));
}

const struct process *host_process(struct host_app *app)
{
	if (!host.booted)
		host_run();
	for (uint32_t i = 0; i < board.process_count && app->process == NULL; i++)
		if (board.processes[i].state != PROCESS_UNUSED &&
		    board.processes[i].flash_start == app->flash_start)
			app->process = &board.processes[i];
	return app->process;
}

static const struct process *loaded(struct host_app *app)
{
	const struct process *process = host_process(app);

	if (process == NULL)
		host_give_up("%s was not loaded", app->name);
	return process;
}

enum process_state host_state(struct host_app *app)
{
	return (enum process_state)loaded(app)->state;
}

struct process_info host_info(struct host_app *app)
{
	struct process_info info = {.state = PROCESS_UNUSED};

	(void)process_inspect(&host_admin, (uint32_t)(loaded(app) - board.processes), &info);
	return info;
}

/* An operator comes in by interrupt: the main loop has its turn. */
static enum error done(enum error error)
{
	host_raise(HOST_IRQ_PANEL);
	(void)host_settle(NULL);
	return error;
}

enum error host_stop(struct host_app *app)
{
	enum error error = process_stop(&host_admin, loaded(app)->id);

	return done(error);
}

enum error host_resume(struct host_app *app)
{
	enum error error = process_resume(&host_admin, loaded(app)->id);

	return done(error);
}

enum error host_terminate(struct host_app *app)
{
	enum error error = process_terminate(&host_admin, loaded(app)->id);

	return done(error);
}

enum error host_boot(struct host_app *app)
{
	enum error error = process_boot(&host_admin, loaded(app)->id);

	return done(error);
}

enum error host_fault_it(struct host_app *app)
{
	enum error error = process_fault(&host_admin, loaded(app)->id);

	return done(error);
}
