/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What the commands share: words, names and ranges. */
#include "process_console_private.h"

#include "lib/format.h"

unsigned int console_plain(uint32_t value)
{
	return value;
}

bool console_same(const char *left, const char *right)
{
	while (*left != '\0' && *left == *right) {
		left++;
		right++;
	}
	return *left == *right;
}

/* Decimal digits only, and no more than fit. */
bool console_number(const char *text, uint32_t *value)
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

const char *console_state_name(enum process_state state)
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

void console_copy_name(const struct process_console *self, struct process_id id,
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

	console_copy_name(self, info->id, name);
	return console_same(name, wanted);
}

/* By PID, where the word is a number; else the first process of that name. */
bool console_find_process(const struct process_console *self, const char *word,
			  struct process_info *info)
{
	uint32_t slots = process_slots(self->setup->admin);
	uint32_t pid;

	if (console_number(word, &pid))
		return pid < slots && process_inspect(self->setup->admin, pid, info);
	for (uint32_t slot = 0; slot < slots; slot++)
		if (process_inspect(self->setup->admin, slot, info) && has_name(self, info, word))
			return true;
	return false;
}

/* One line, and the command is over. */
bool console_first_time(uint32_t *position)
{
	return (*position)++ == 0;
}

size_t console_usage(const struct process_console *self, char *out, size_t capacity)
{
	return format_text(out, capacity, "usage: %s %s\r\n", self->running->name,
			   self->running->usage);
}

size_t console_range(const char *name, uint32_t start, uint32_t end, char *out)
{
	return format_text(out, PROCESS_CONSOLE_OUTPUT, "  %-14s 0x%08x - 0x%08x %8u bytes", name,
			   console_plain(start), console_plain(end), console_plain(end - start));
}

size_t console_range_line(const char *name, uint32_t start, uint32_t end, char *out)
{
	size_t used = console_range(name, start, end, out);

	return used + format_text(out + used, PROCESS_CONSOLE_OUTPUT - used, "\r\n");
}
