/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What process and kernel look like is asked anew for every line, as they
 * change while a command's output is sent.
 */
#include "process_console_private.h"

#include "capsules/virtual_panel.h"
#include "lib/compiler.h"
#include "lib/format.h"

enum { NAME_SIZE = 65 }; /* characters with the NUL */

static unsigned int plain(uint32_t value)
{
	return value;
}

static bool same(const char *left, const char *right)
{
	while (*left != '\0' && *left == *right) {
		left++;
		right++;
	}
	return *left == *right;
}

/* Decimal digits only, and no more than fit. */
static bool parse_number(const char *text, uint32_t *value)
{
	uint32_t sum = 0;

	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9' || sum > (UINT32_MAX - 9) / 10)
			return false;
		sum = sum * 10 + (uint32_t)(*text - '0');
	}
	*value = sum;
	return true;
}

static const char *state_name(enum process_state state)
{
	switch (state) {
	case PROCESS_RUNNING:
		return "Running";
	case PROCESS_YIELDED:
		return "Yielded";
	case PROCESS_YIELDED_FOR:
		return "YieldedFor";
	case PROCESS_STOPPED:
		return "Stopped";
	case PROCESS_FAULTED:
		return "Faulted";
	case PROCESS_TERMINATED:
		return "Terminated";
	case PROCESS_UNUSED:
		break;
	}
	return "Unused";
}

static void copy_name(const struct process_console *self, struct process_id id,
		      char name[NAME_SIZE])
{
	size_t length = process_name(self->setup->admin, id, name, NAME_SIZE);

	for (size_t i = 0; i < length && i < NAME_SIZE; i++)
		if (name[i] < 0x20 || name[i] > 0x7E)
			name[i] = '?';
}

static bool has_name(const struct process_console *self, const struct process_info *info,
		     const char *wanted)
{
	char name[NAME_SIZE];

	copy_name(self, info->id, name);
	return same(name, wanted);
}

/* By PID, where the word is a number; else the first process of that name. */
static bool find_process(const struct process_console *self, const char *word,
			 struct process_info *info)
{
	uint32_t slots = process_slots(self->setup->admin);
	uint32_t pid;

	if (parse_number(word, &pid))
		return pid < slots && process_inspect(self->setup->admin, pid, info);
	for (uint32_t slot = 0; slot < slots; slot++)
		if (process_inspect(self->setup->admin, slot, info) && has_name(self, info, word))
			return true;
	return false;
}

/* One line, and the command is over. */
static bool first_time(uint32_t *position)
{
	return (*position)++ == 0;
}

static size_t usage(const struct process_console *self, char *out, size_t capacity)
{
	return format_text(out, capacity, "usage: %s %s\r\n", self->running->name,
			   self->running->usage);
}

static size_t unknown_step(struct process_console *self, uint32_t *position, char *out,
			   size_t capacity)
{
	if (!first_time(position))
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

static size_t list_row(const struct process_console *self, const struct process_info *info,
		       char *out, size_t capacity)
{
	char name[NAME_SIZE];
	size_t used;

	copy_name(self, info->id, name);
	name[NAME_SIZE - 16] = '\0'; /* so that the row fits into any output */
	if (info->short_id == 0)
		used = format_text(out, capacity, " %-7u%-11s", plain(info->slot), "Unique");
	else
		used = format_text(out, capacity, " %-7u0x%-8x ", plain(info->slot),
				   plain(info->short_id));
	used += format_text(out + used, capacity - used, "%-20s%6u%10u%10u", name,
			    plain(info->timeslice_expirations), plain(info->syscalls),
			    plain(info->restarts));
	used += format_text(out + used, capacity - used, "  %2u/%2u   %s\r\n",
			    plain(info->grants_used), plain(info->grants_total),
			    state_name(info->state));
	return used;
}

static size_t list_step(struct process_console *self, uint32_t *position, char *out,
			size_t capacity)
{
	struct process_info info;

	/* Call 0 gives the header; first_time() counts the calls, so slot 0 is due at 2. */
	if (first_time(position))
		return format_text(out, capacity, "%s%s",
				   " PID    ShortID    Name                Quanta  ",
				   "Syscalls  Restarts  Grants  State\r\n");
	while (*position - 1 <= process_slots(self->setup->admin)) {
		uint32_t slot = *position - 2;

		if (process_inspect(self->setup->admin, slot, &info))
			return list_row(self, &info, out, capacity);
		(*position)++;
	}
	return 0;
}

static size_t status_step(struct process_console *self, uint32_t *position, char *out,
			  size_t capacity)
{
	struct kernel_info info;

	kernel_inspect(self->setup->admin, &info);
	switch ((*position)++) {
	case 0:
		return format_text(out, capacity, "Total processes: %u\r\n", plain(info.processes));
	case 1:
		return format_text(out, capacity, "Active processes: %u\r\n", plain(info.active));
	case 2:
		return format_text(out, capacity, "Timeslice expirations: %u\r\n",
				   plain(info.timeslice_expirations));
	default:
		return 0;
	}
}

typedef enum error steer_function(const struct cap_process_admin *cap, struct process_id id);

/* Does something with the process that the line names, and tells what came of it. */
static size_t steer(struct process_console *self, steer_function *function, const char *done,
		    char *out)
{
	const char *word = process_console_argument(self, 1);
	struct process_info info;
	char name[NAME_SIZE];

	if (word == NULL)
		return usage(self, out, PROCESS_CONSOLE_OUTPUT);
	if (!find_process(self, word, &info))
		return format_text(out, PROCESS_CONSOLE_OUTPUT, "no process %s (try list)\r\n",
				   word);

	copy_name(self, info.id, name); /* now: what is done may make the handle stale */

	enum error error = function(self->setup->admin, info.id);

	if (error == E_OK)
		return format_text(out, PROCESS_CONSOLE_OUTPUT, "Process %s %s\r\n", name, done);
	if (error == E_ALREADY)
		return format_text(out, PROCESS_CONSOLE_OUTPUT, "cannot %s %s: it is %s\r\n",
				   self->running->name, name, state_name(info.state));
	return format_text(out, PROCESS_CONSOLE_OUTPUT, "cannot %s %s: error %u\r\n",
			   self->running->name, name, plain(error));
}

static size_t start_step(struct process_console *self, uint32_t *position, char *out,
			 size_t capacity)
{
	(void)capacity;
	return first_time(position) ? steer(self, process_resume, "resumed.", out) : 0;
}

static size_t stop_step(struct process_console *self, uint32_t *position, char *out,
			size_t capacity)
{
	(void)capacity;
	return first_time(position) ? steer(self, process_stop, "stopped", out) : 0;
}

static size_t fault_step(struct process_console *self, uint32_t *position, char *out,
			 size_t capacity)
{
	(void)capacity;
	return first_time(position) ? steer(self, process_fault, "now faulted", out) : 0;
}

static size_t terminate_step(struct process_console *self, uint32_t *position, char *out,
			     size_t capacity)
{
	(void)capacity;
	return first_time(position) ? steer(self, process_terminate, "terminated", out) : 0;
}

static size_t boot_step(struct process_console *self, uint32_t *position, char *out,
			size_t capacity)
{
	(void)capacity;
	return first_time(position) ? steer(self, process_boot, "booted", out) : 0;
}

static size_t range(const char *name, uint32_t start, uint32_t end, char *out)
{
	return format_text(out, PROCESS_CONSOLE_OUTPUT, "  %-14s 0x%08x - 0x%08x %8u bytes", name,
			   plain(start), plain(end), plain(end - start));
}

static size_t range_line(const char *name, uint32_t start, uint32_t end, char *out)
{
	size_t used = range(name, start, end, out);

	return used + format_text(out + used, PROCESS_CONSOLE_OUTPUT - used, "\r\n");
}

/* The version is the first line of the build record. */
static size_t build_record_line(const char *record, uint32_t start, uint32_t *next, char *out)
{
	size_t used = 2;
	uint32_t at = start;

	out[0] = ' ';
	out[1] = ' ';
	for (; record[at] != '\0' && record[at] != '\n'; at++)
		if (used < PROCESS_CONSOLE_OUTPUT - 2)
			out[used++] = record[at] >= 0x20 && record[at] < 0x7F ? record[at] : '?';
	*next = record[at] == '\n' ? at + 1 : at;
	out[used++] = '\r';
	out[used++] = '\n';
	return used;
}

static size_t kernel_range(const struct kernel_info *info, uint32_t number, char *out)
{
	switch (number) {
	case 0:
		return range_line("code", info->text_start, info->text_end, out);
	case 1:
		return range_line("constants", info->rodata_start, info->rodata_end, out);
	case 2:
		return range_line("data", info->data_start, info->data_end, out);
	case 3:
		return range_line("zeroed data", info->bss_start, info->bss_end, out);
	case 4:
		return range_line("stack", info->stack_start, info->stack_end, out);
	case 5:
		return range_line("app flash", info->apps_start, info->apps_end, out);
	case 6:
		return range_line("app RAM", info->app_ram_start, info->app_ram_end, out);
	default:
		return 0;
	}
}

/* The position counts the ranges first, and then the characters of the build record. */
static size_t kernel_step(struct process_console *self, uint32_t *position, char *out,
			  size_t capacity)
{
	enum { RANGES = 7 };
	struct kernel_info info;

	(void)capacity;
	kernel_inspect(self->setup->admin, &info);
	if (*position < RANGES)
		return kernel_range(&info, (*position)++, out);

	const char *record = info.build_record;
	uint32_t start = *position - RANGES;
	uint32_t next;

	if (record == NULL || record[start] == '\0')
		return 0;

	size_t used = build_record_line(record, start, &next, out);

	*position = RANGES + next;
	return used;
}

/* Kept apart, so that its buffers are not on the stack below the other steps. */
static NOINLINE size_t process_head(struct process_console *self, char *out, size_t capacity)
{
	const char *word = process_console_argument(self, 1);
	struct process_info info;
	char name[NAME_SIZE];

	if (word == NULL)
		return usage(self, out, capacity);
	if (!find_process(self, word, &info))
		return format_text(out, capacity, "no process %s (try list)\r\n", word);
	self->target = info.id;
	copy_name(self, info.id, name);
	return format_text(out, capacity, "Process %s, PID %u: %s\r\n", name, plain(info.slot),
			   state_name(info.state));
}

/* From the highest address down to the lowest. */
static size_t process_memory(const struct process_info *info, uint32_t number, char *out)
{
	size_t used;

	switch (number) {
	case 1:
		used = range("RAM", info->ram_start, info->ram_end, out);
		return used + format_text(out + used, PROCESS_CONSOLE_OUTPUT - used,
					  ", %u requested\r\n", plain(info->ram_requested));
	case 2:
		used = range("  grants", info->grant_break, info->ram_end, out);
		return used + format_text(out + used, PROCESS_CONSOLE_OUTPUT - used,
					  ", %u of %u drivers\r\n", plain(info->grants_used),
					  plain(info->grants_total));
	case 3:
		return range_line("  unused", info->app_break, info->grant_break, out);
	case 4:
		return range_line("  application", info->ram_start, info->app_break, out);
	case 5:
		return range_line("Flash", info->flash_start, info->flash_end, out);
	default:
		return 0;
	}
}

static size_t process_counters(const struct process_info *info, uint32_t number, char *out)
{
	switch (number) {
	case 6:
		if (info->stack_top == 0 && info->heap_start == 0)
			return format_text(out, PROCESS_CONSOLE_OUTPUT,
					   "  stack and heap: not told\r\n");
		return format_text(out, PROCESS_CONSOLE_OUTPUT,
				   "  stack top 0x%08x, heap from 0x%08x\r\n",
				   plain(info->stack_top), plain(info->heap_start));
	case 7:
		return format_text(out, PROCESS_CONSOLE_OUTPUT,
				   "  system calls %u, timeslices used up %u, restarts %u\r\n",
				   plain(info->syscalls), plain(info->timeslice_expirations),
				   plain(info->restarts));
	case 8:
		return format_text(out, PROCESS_CONSOLE_OUTPUT,
				   "  upcalls pending %u, dropped %u; completion code %u\r\n",
				   plain(info->upcalls_pending), plain(info->upcalls_dropped),
				   plain(info->completion_code));
	default:
		return 0;
	}
}

/* The target by its handle, for its slot may hold another process by now. */
static bool inspect_target(const struct process_console *self, struct process_info *info)
{
	uint32_t slots = process_slots(self->setup->admin);

	for (uint32_t slot = 0; slot < slots; slot++)
		if (process_inspect(self->setup->admin, slot, info) &&
		    process_id_equal(info->id, self->target))
			return true;
	return false;
}

static size_t process_step(struct process_console *self, uint32_t *position, char *out,
			   size_t capacity)
{
	enum { LAST = 8 };
	struct process_info info;
	uint32_t number = (*position)++;

	if (number == 0)
		return process_head(self, out, capacity);
	if (number > LAST || process_id_is_none(self->target))
		return 0;
	if (!inspect_target(self, &info)) {
		self->target = process_id_none();
		return format_text(out, capacity, "  the process has ended or started anew\r\n");
	}
	return number <= 5 ? process_memory(&info, number, out)
			   : process_counters(&info, number, out);
}

static size_t reset_step(struct process_console *self, uint32_t *position, char *out,
			 size_t capacity)
{
	(void)position;
	(void)out;
	(void)capacity;
	kernel_reset(self->setup->admin);
	return 0;
}

static size_t panic_step(struct process_console *self, uint32_t *position, char *out,
			 size_t capacity)
{
	(void)position;
	(void)out;
	(void)capacity;
	kernel_panic(self->setup->admin);
	return 0;
}

static size_t no_panel(char *out, size_t capacity)
{
	return format_text(out, capacity, "this board has no virtual panel\r\n");
}

static size_t led_step(struct process_console *self, uint32_t *position, char *out,
		       size_t capacity)
{
	const struct virtual_panel *panel = self->setup->panel;
	uint32_t index = (*position)++;

	if (panel == NULL)
		return index == 0 ? no_panel(out, capacity) : 0;
	if (index >= panel->leds.count)
		return 0;
	return format_text(out, capacity, "LED %u: %s\r\n", plain(index),
			   panel->leds.ops->get(&panel->leds, index) ? "on" : "off");
}

/* `press` and `release` do one of the two, `tap` both. */
static enum error operate_button(struct virtual_panel *panel, uint32_t index, const char *action)
{
	enum error error = E_NOSUPPORT;

	if (same(action, "press") || same(action, "tap"))
		error = virtual_panel_press(panel, index, true);
	if (same(action, "release") || (same(action, "tap") && error != E_INVAL))
		error = virtual_panel_press(panel, index, false);
	return error;
}

static size_t button_step(struct process_console *self, uint32_t *position, char *out,
			  size_t capacity)
{
	const char *number = process_console_argument(self, 1);
	const char *action = process_console_argument(self, 2);
	uint32_t index;

	if (!first_time(position))
		return 0;
	if (self->setup->panel == NULL)
		return no_panel(out, capacity);
	if (action == NULL || !parse_number(number, &index))
		return usage(self, out, capacity);
	switch (operate_button(self->setup->panel, index, action)) {
	case E_OK:
		return format_text(out, capacity, "button %u: %s\r\n", plain(index), action);
	case E_INVAL:
		return format_text(out, capacity, "no button %u: this board has %u\r\n",
				   plain(index), plain(self->setup->panel->buttons.count));
	case E_ALREADY:
		return format_text(out, capacity, "button %u is so already\r\n", plain(index));
	case E_BUSY:
		return format_text(out, capacity, "too many presses at once: try again\r\n");
	default:
		return usage(self, out, capacity);
	}
}

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
	{"process", "NAME|PID", "a process's memory and counters", process_step},
	{"kernel", "", "the kernel's memory and build", kernel_step},
	{"led", "", "the virtual LEDs", led_step},
	{"button", "N press|release|tap", "work a virtual button", button_step},
	{"reset", "", "restart the system", reset_step},
	{"panic", "", "end the system with a fault report", panic_step},
};

static const struct process_console_command *
command_at(const struct process_console_setup *setup, uint32_t index)
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
		if (same(setup->commands[i].name, name))
			return &setup->commands[i];
	for (uint32_t i = 0; (command = command_at(setup, i)) != NULL; i++)
		if (same(command->name, name))
			return command;
	return NULL;
}
