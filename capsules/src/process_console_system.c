/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The commands about the system: the kernel, the last fault, the virtual panel. */
#include "process_console_private.h"

#include "capsules/virtual_panel.h"
#include "lib/compiler.h"
#include "lib/format.h"

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
		return console_range_line("code", info->text_start, info->text_end, out);
	case 1:
		return console_range_line("constants", info->rodata_start, info->rodata_end, out);
	case 2:
		return console_range_line("data", info->data_start, info->data_end, out);
	case 3:
		return console_range_line("zeroed data", info->bss_start, info->bss_end, out);
	case 4:
		return console_range_line("stack", info->stack_start, info->stack_end, out);
	case 5:
		return console_range_line("app flash", info->apps_start, info->apps_end, out);
	case 6:
		return console_range_line("app RAM", info->app_ram_start, info->app_ram_end, out);
	default:
		return 0;
	}
}

/* The position counts the ranges first, and then the characters of the build record. */
size_t kernel_step(struct process_console *self, uint32_t *position, char *out, size_t capacity)
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

size_t reset_step(struct process_console *self, uint32_t *position, char *out, size_t capacity)
{
	(void)position;
	(void)out;
	(void)capacity;
	kernel_reset(self->setup->admin);
	return 0;
}

size_t panic_step(struct process_console *self, uint32_t *position, char *out, size_t capacity)
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

size_t led_step(struct process_console *self, uint32_t *position, char *out, size_t capacity)
{
	const struct virtual_panel *panel = self->setup->panel;
	uint32_t index = (*position)++;

	if (panel == NULL)
		return index == 0 ? no_panel(out, capacity) : 0;
	if (index >= panel->leds.count)
		return 0;
	return format_text(out, capacity, "LED %u: %s\r\n", console_plain(index),
			   panel->leds.ops->get(&panel->leds, index) ? "on" : "off");
}

/* `press` and `release` do one of the two, `tap` both. */
static enum error operate_button(struct virtual_panel *panel, uint32_t index, const char *action)
{
	enum error error = E_NOSUPPORT;

	if (console_same(action, "press") || console_same(action, "tap"))
		error = virtual_panel_press(panel, index, true);
	if (console_same(action, "release") || (console_same(action, "tap") && error != E_INVAL))
		error = virtual_panel_press(panel, index, false);
	return error;
}

size_t button_step(struct process_console *self, uint32_t *position, char *out, size_t capacity)
{
	const char *number = process_console_argument(self, 1);
	const char *action = process_console_argument(self, 2);
	uint32_t index;

	if (!console_first_time(position))
		return 0;
	if (self->setup->panel == NULL)
		return no_panel(out, capacity);
	if (action == NULL || !console_number(number, &index))
		return console_usage(self, out, capacity);
	switch (operate_button(self->setup->panel, index, action)) {
	case E_OK:
		return format_text(out, capacity, "button %u: %s\r\n", console_plain(index),
				   action);
	case E_INVAL:
		return format_text(out, capacity, "no button %u: this board has %u\r\n",
				   console_plain(index),
				   console_plain(self->setup->panel->buttons.count));
	case E_ALREADY:
		return format_text(out, capacity, "button %u is so already\r\n",
				   console_plain(index));
	case E_BUSY:
		return format_text(out, capacity, "too many presses at once: try again\r\n");
	default:
		return console_usage(self, out, capacity);
	}
}

size_t record_step(struct process_console *self, uint32_t *position, char *out, size_t capacity)
{
	(void)position;
	(void)out;
	(void)capacity;
	fault_record_print(self->setup->admin);
	return 0;
}
