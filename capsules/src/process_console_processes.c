/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The commands about processes. What a process looks like is asked anew for
 * every line, as it changes while a command's output is sent.
 */
#include "process_console_private.h"

#include "lib/compiler.h"
#include "lib/format.h"

static size_t list_row(const struct process_console *self, const struct process_info *info,
		       char *out, size_t capacity)
{
	char name[NAME_SIZE];
	size_t used;

	console_copy_name(self, info->id, name);
	name[NAME_SIZE - 16] = '\0'; /* so that the row fits into any output */
	if (info->short_id == 0)
		used = format_text(out, capacity, " %-7u%-11s", console_plain(info->slot),
				   "Unique");
	else
		used = format_text(out, capacity, " %-7u0x%-8x ", console_plain(info->slot),
				   console_plain(info->short_id));
	used += format_text(out + used, capacity - used, "%-20s%6u%10u%10u", name,
			    console_plain(info->timeslice_expirations),
			    console_plain(info->syscalls), console_plain(info->restarts));
	used += format_text(out + used, capacity - used, "  %2u/%2u   %s\r\n",
			    console_plain(info->grants_used), console_plain(info->grants_total),
			    console_state_name(info->state));
	return used;
}

size_t list_step(struct process_console *self, uint32_t *position, char *out, size_t capacity)
{
	struct process_info info;

	/* Call 0 gives the header; console_first_time() counts the calls, so slot 0 is due at 2. */
	if (console_first_time(position))
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

size_t status_step(struct process_console *self, uint32_t *position, char *out, size_t capacity)
{
	struct kernel_info info;

	kernel_inspect(self->setup->admin, &info);
	switch ((*position)++) {
	case 0:
		return format_text(out, capacity, "Total processes: %u\r\n",
				   console_plain(info.processes));
	case 1:
		return format_text(out, capacity, "Active processes: %u\r\n",
				   console_plain(info.active));
	case 2:
		return format_text(out, capacity, "Timeslice expirations: %u\r\n",
				   console_plain(info.timeslice_expirations));
	default:
		return 0;
	}
}

/* Why a process does not go on or begin anew; NULL: the number has to do. */
static const char *refusal(enum error error)
{
	switch (error) {
	case E_BUSY:
		return "another process of it runs, or its version is being kept";
	case E_NOMEM:
		return "its RAM has gone to others";
	case E_FAIL:
		return "its slot can start nothing any more";
	default:
		return NULL;
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
		return console_usage(self, out, PROCESS_CONSOLE_OUTPUT);
	if (!console_find_process(self, word, &info))
		return format_text(out, PROCESS_CONSOLE_OUTPUT, "no process %s (try list)\r\n",
				   word);

	console_copy_name(self, info.id, name); /* now: what is done may make the handle stale */

	enum error error = function(self->setup->admin, info.id);

	if (error == E_OK)
		return format_text(out, PROCESS_CONSOLE_OUTPUT, "Process %s %s\r\n", name, done);
	if (error == E_ALREADY)
		return format_text(out, PROCESS_CONSOLE_OUTPUT, "cannot %s %s: it is %s\r\n",
				   self->running->name, name, console_state_name(info.state));
	if (refusal(error) != NULL)
		return format_text(out, PROCESS_CONSOLE_OUTPUT, "cannot %s %s: %s\r\n",
				   self->running->name, name, refusal(error));
	return format_text(out, PROCESS_CONSOLE_OUTPUT, "cannot %s %s: error %u\r\n",
			   self->running->name, name, console_plain(error));
}

size_t start_step(struct process_console *self, uint32_t *position, char *out, size_t capacity)
{
	(void)capacity;
	return console_first_time(position) ? steer(self, process_resume, "resumed.", out) : 0;
}

size_t stop_step(struct process_console *self, uint32_t *position, char *out, size_t capacity)
{
	(void)capacity;
	return console_first_time(position) ? steer(self, process_stop, "stopped", out) : 0;
}

size_t fault_step(struct process_console *self, uint32_t *position, char *out, size_t capacity)
{
	(void)capacity;
	return console_first_time(position) ? steer(self, process_fault, "now faulted", out) : 0;
}

size_t terminate_step(struct process_console *self, uint32_t *position, char *out, size_t capacity)
{
	(void)capacity;
	return console_first_time(position) ? steer(self, process_terminate, "terminated", out) : 0;
}

size_t boot_step(struct process_console *self, uint32_t *position, char *out, size_t capacity)
{
	(void)capacity;
	return console_first_time(position) ? steer(self, process_boot, "booted", out) : 0;
}

/* Kept apart, so that its buffers are not on the stack below the other steps. */
static NOINLINE size_t process_head(struct process_console *self, char *out, size_t capacity)
{
	const char *word = process_console_argument(self, 1);
	struct process_info info;
	char name[NAME_SIZE];

	if (word == NULL)
		return console_usage(self, out, capacity);
	if (!console_find_process(self, word, &info))
		return format_text(out, capacity, "no process %s (try list)\r\n", word);
	self->target = info.id;
	console_copy_name(self, info.id, name);
	return format_text(out, capacity, "Process %s, PID %u: %s\r\n", name,
			   console_plain(info.slot), console_state_name(info.state));
}

/* What the hardware's granularity, or the lack of neighbours, gave beyond the wish. */
static uint32_t wasted(const struct process_info *info)
{
	uint32_t granted = info->ram_end - info->ram_start;
	uint32_t wanted = info->ram_requested + info->ram_kernel;

	return granted > wanted ? granted - wanted : 0;
}

/* From the highest address down to the lowest. */
static size_t process_memory(const struct process_info *info, uint32_t number, char *out)
{
	size_t used;

	switch (number) {
	case 1:
		used = console_range("RAM", info->ram_start, info->ram_end, out);
		return used + format_text(out + used, PROCESS_CONSOLE_OUTPUT - used,
					  ": %u requested, %u for grants, %u wasted\r\n",
					  console_plain(info->ram_requested),
					  console_plain(info->ram_kernel),
					  console_plain(wasted(info)));
	case 2:
		used = console_range("  grants", info->grant_break, info->ram_end, out);
		return used + format_text(out + used, PROCESS_CONSOLE_OUTPUT - used,
					  ", %u of %u drivers\r\n",
					  console_plain(info->grants_used),
					  console_plain(info->grants_total));
	case 3:
		return console_range_line("  unused", info->app_break, info->grant_break, out);
	case 4:
		return console_range_line("  application", info->ram_start, info->app_break, out);
	case 5:
		return console_range_line("  opened", info->ram_start, info->ram_open_end, out);
	case 6:
		return console_range_line("Flash", info->flash_start, info->flash_end, out);
	default:
		return 0;
	}
}

static size_t process_counters(const struct process_info *info, uint32_t number, char *out)
{
	switch (number) {
	case 7:
		if (info->stack_top == 0 && info->heap_start == 0)
			return format_text(out, PROCESS_CONSOLE_OUTPUT,
					   "  stack and heap: not told\r\n");
		return format_text(out, PROCESS_CONSOLE_OUTPUT,
				   "  stack top 0x%08x, heap from 0x%08x\r\n",
				   console_plain(info->stack_top), console_plain(info->heap_start));
	case 8:
		return format_text(out, PROCESS_CONSOLE_OUTPUT,
				   "  system calls %u, timeslices used up %u, restarts %u\r\n",
				   console_plain(info->syscalls),
				   console_plain(info->timeslice_expirations),
				   console_plain(info->restarts));
	case 9:
		return format_text(out, PROCESS_CONSOLE_OUTPUT,
				   "  upcalls pending %u, dropped %u; completion code %u\r\n",
				   console_plain(info->upcalls_pending),
				   console_plain(info->upcalls_dropped),
				   console_plain(info->completion_code));
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

size_t process_step(struct process_console *self, uint32_t *position, char *out, size_t capacity)
{
	enum { LAST = 9 };
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
	return number <= 6 ? process_memory(&info, number, out)
			   : process_counters(&info, number, out);
}

size_t load_step(struct process_console *self, uint32_t *position, char *out, size_t capacity)
{
	(void)position;
	(void)out;
	(void)capacity;
	process_load(self->setup->admin);
	return 0;
}
