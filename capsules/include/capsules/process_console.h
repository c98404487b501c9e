/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The operator's command line on a serial port. Described in
 * docs/process-console.md.
 */
#ifndef CAPSULES_PROCESS_CONSOLE_H
#define CAPSULES_PROCESS_CONSOLE_H

#include "capsules/line_editor.h"
#include "hil/uart.h"
#include "kernel/process_admin.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROCESS_CONSOLE_PROMPT "detent$ "

enum {
	PROCESS_CONSOLE_OUTPUT = 128, /* bytes: the longest line of output */
	PROCESS_CONSOLE_AHEAD = 32,   /* bytes typed while a command runs */
};

struct console_driver;
struct virtual_panel;
struct process_console;

struct process_console_command {
	const char *name;
	const char *usage; /* its arguments, for help; "" where it has none */
	const char *help;  /* one line */
	/*
	 * Writes the next line of output, CR LF at its end, and returns its length
	 * in bytes, at most `capacity`; 0 ends the command. `*position` is 0 at
	 * first and the command's to change: it is all that it can remember.
	 */
	size_t (*step)(struct process_console *console, uint32_t *position, char *out,
		       size_t capacity);
};

/* What the board gives. It stays as it is. */
struct process_console_setup {
	const struct cap_process_admin *admin;
	const struct console_driver *console;           /* NULL: applications read nothing */
	struct virtual_panel *panel;                    /* NULL: none */
	const struct process_console_command *commands; /* the board's own; NULL: none */
	uint32_t command_count;
};

struct process_console {
	struct uart_client client;
	struct uart *uart;
	const struct process_console_setup *setup;
	const struct process_console_command *running; /* NULL: none */
	uint32_t position;
	struct process_id target; /* the process that the running command is about */
	uint8_t phase;
	bool line_shared; /* an application read during this line */
	uint8_t ahead_count;
	uint8_t ahead[PROCESS_CONSOLE_AHEAD];
	uint8_t rx_byte[1];
	uint8_t *rx_slot, *tx_slot;
	struct line_editor editor;
	union {
		char text[PROCESS_CONSOLE_OUTPUT];
		uint8_t bytes[PROCESS_CONSOLE_OUTPUT];
	} tx;
};

/* Becomes the client of `uart` and begins to receive. Prints nothing yet. */
void process_console_init(struct process_console *self, struct uart *uart,
			  const struct process_console_setup *setup);

/* Prints the prompt, for a board whose start-up messages do not end with it. */
void process_console_prompt(struct process_console *self);

/* Word `index` of the running command's line, 0 being the command; NULL: there are fewer. */
const char *process_console_argument(const struct process_console *self, uint32_t index);

#endif
