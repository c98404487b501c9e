/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Which system calls were made, and conditions on processes. */
#include "state.h"

void host_traced(const struct process *process, const struct host_trap *trap, bool goes_on)
{
	const struct host_app *app = host_app_of(process);

	(void)goes_on;
	if (app == NULL)
		return;
	host.trace[host.traced++ % HOST_TRACE] = (struct host_trace){
		.app = (uint8_t)(app - host.apps),
		.class_number = trap->class_number,
		.first = trap->r[0],
		.second = trap->r[1],
	};
}

static uint32_t first_kept(void)
{
	return host.traced > HOST_TRACE ? host.traced - HOST_TRACE : 0;
}

static bool matches(uint32_t position, const struct host_app *app, const struct host_expected *call)
{
	const struct host_trace *entry = &host.trace[position % HOST_TRACE];

	return &host.apps[entry->app] == app && entry->class_number == call->class_number &&
	       entry->first == call->first && entry->second == call->second;
}

uint32_t host_calls(struct host_app *app, uint32_t class_number, uint32_t first, uint32_t second)
{
	const struct host_expected call = {class_number, first, second};
	uint32_t count = 0;

	for (uint32_t i = first_kept(); i < host.traced; i++)
		count += matches(i, app, &call);
	return count;
}

bool host_called_in_order(struct host_app *app, const struct host_expected *calls, size_t count)
{
	size_t found = 0;

	for (uint32_t i = first_kept(); i < host.traced && found < count; i++)
		found += matches(i, app, &calls[found]);
	return found == count;
}

static bool made_call(const struct host_condition *condition)
{
	return host_calls(condition->app, condition->first, condition->second, condition->third) >
	       0;
}

struct host_condition host_made_call(struct host_app *app, uint32_t class_number, uint32_t first,
				     uint32_t second)
{
	return (struct host_condition){.holds = made_call,
				       .text = "a system call",
				       .app = app,
				       .first = class_number,
				       .second = first,
				       .third = second};
}

static bool in_state(const struct host_condition *condition)
{
	const struct process *process = condition->app->process;

	return process != NULL && process->state == condition->first;
}

struct host_condition host_in_state(struct host_app *app, enum process_state state)
{
	(void)host_process(app);
	return (struct host_condition){
		.holds = in_state, .text = "a state of a process", .app = app, .first = state};
}

static bool led_is(const struct host_condition *condition)
{
	return host_led(condition->first) == (condition->second != 0);
}

struct host_condition host_led_is(uint32_t led, bool on)
{
	return (struct host_condition){
		.holds = led_is, .text = "a state of a LED", .first = led, .second = on};
}
