/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef CAPSULES_PROCESS_CONSOLE_PRIVATE_H
#define CAPSULES_PROCESS_CONSOLE_PRIVATE_H

#include "capsules/process_console.h"

/* The command of that name, the board's first; NULL where there is none. */
const struct process_console_command *
process_console_find(const struct process_console_setup *setup, const char *name);

/* Runs where no command has the name. */
extern const struct process_console_command process_console_unknown;

enum { NAME_SIZE = 65 }; /* characters with the NUL */

/* For %u, which takes an unsigned int on every machine. */
unsigned int console_plain(uint32_t value);

bool console_same(const char *left, const char *right);

/* Decimal digits only, and no more than fit. */
bool console_number(const char *text, uint32_t *value);

const char *console_state_name(enum process_state state);

/* The package name, control characters replaced. */
void console_copy_name(const struct process_console *self, struct process_id id,
		       char name[NAME_SIZE]);

/* By PID, where the word is a number; else the first process of that name. */
bool console_find_process(const struct process_console *self, const char *word,
			  struct process_info *info);

/* Counts the calls of a step; true at the first. */
bool console_first_time(uint32_t *position);

/* How the running command is used, as a line. */
size_t console_usage(const struct process_console *self, char *out, size_t capacity);

/* A named range of addresses with its size; with the line's end in range_line. */
size_t console_range(const char *name, uint32_t start, uint32_t end, char *out);
size_t console_range_line(const char *name, uint32_t start, uint32_t end, char *out);

/* The steps of the commands: process_console.h says what a step does. */
size_t list_step(struct process_console *self, uint32_t *position, char *out, size_t capacity);
size_t status_step(struct process_console *self, uint32_t *position, char *out, size_t capacity);
size_t start_step(struct process_console *self, uint32_t *position, char *out, size_t capacity);
size_t stop_step(struct process_console *self, uint32_t *position, char *out, size_t capacity);
size_t fault_step(struct process_console *self, uint32_t *position, char *out, size_t capacity);
size_t terminate_step(struct process_console *self, uint32_t *position, char *out, size_t capacity);
size_t boot_step(struct process_console *self, uint32_t *position, char *out, size_t capacity);
size_t process_step(struct process_console *self, uint32_t *position, char *out, size_t capacity);
size_t load_step(struct process_console *self, uint32_t *position, char *out, size_t capacity);
size_t kernel_step(struct process_console *self, uint32_t *position, char *out, size_t capacity);
size_t reset_step(struct process_console *self, uint32_t *position, char *out, size_t capacity);
size_t panic_step(struct process_console *self, uint32_t *position, char *out, size_t capacity);
size_t led_step(struct process_console *self, uint32_t *position, char *out, size_t capacity);
size_t button_step(struct process_console *self, uint32_t *position, char *out, size_t capacity);
size_t record_step(struct process_console *self, uint32_t *position, char *out, size_t capacity);

#endif
