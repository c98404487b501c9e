/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The table of commands. */
#include "process_console_private.h"

#include "lib/compiler.h"
#include "lib/format.h"

static size_t unknown_step(struct process_console *self, uint32_t *position, char *out,
			   size_t capacity)
{
	if (!console_first_time(position))
		return 0;
	return format_text(out, capacity, "unknown command: %s (try help)\r\n",
			   process_console_argument(self, 0));
}

const struct process_console_command process_console_unknown = {
	.name = "",
	.usage = "",
	.help = "",
	.step = unknown_step,
};

static size_t help_step(struct process_console *self, uint32_t *position, char *out,
			size_t capacity);

static const struct process_console_command commands[] = {
	{"help", "", "this list", help_step},
	{"list", "", "the processes", list_step},
	{"status", "", "how many there are", status_step},
	{"start", "NAME|PID", "let a stopped process go on", start_step},
	{"stop", "NAME|PID", "hold a process where it is", stop_step},
	{"fault", "NAME|PID", "make a process fault", fault_step},
	{"terminate", "NAME|PID", "end a process", terminate_step},
	{"boot", "NAME|PID", "start a process that has ended", boot_step},
	{"load", "", "start applications that had no room", load_step},
	{"process", "NAME|PID", "a process's memory and counters", process_step},
	{"kernel", "", "the kernel's memory and build", kernel_step},
	{"record", "", "the last fault, for detent explain", record_step},
	{"led", "", "the virtual LEDs", led_step},
	{"button", "N press|release|tap", "work a virtual button", button_step},
	{"reset", "", "restart the system", reset_step},
	{"panic", "", "end the system with a fault report", panic_step},
};

static const struct process_console_command *command_at(const struct process_console_setup *setup,
							uint32_t index)
{
	if (index < ARRAY_LENGTH(commands))
		return &commands[index];
	index -= (uint32_t)ARRAY_LENGTH(commands);
	return index < setup->command_count ? &setup->commands[index] : NULL;
}

static size_t help_step(struct process_console *self, uint32_t *position, char *out,
			size_t capacity)
{
	const struct process_console_command *command = command_at(self->setup, *position);

	if (command == NULL)
		return 0;
	(*position)++;
	return format_text(out, capacity, "  %-10s%-21s%s\r\n", command->name, command->usage,
			   command->help);
}

const struct process_console_command *
process_console_find(const struct process_console_setup *setup, const char *name)
{
	const struct process_console_command *command;

	for (uint32_t i = 0; i < setup->command_count; i++)
		if (console_same(setup->commands[i].name, name))
			return &setup->commands[i];
	for (uint32_t i = 0; (command = command_at(setup, i)) != NULL; i++)
		if (console_same(command->name, name))
			return command;
	return NULL;
}
