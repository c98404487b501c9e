/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Everything is sent in steps: whenever the port is free, the phase says what
 * goes out next. Keys that come meanwhile change the line at once, or wait in
 * `ahead` while a command runs.
 */
#include "process_console_private.h"

#include "capsules/console_driver.h"
#include "lib/compiler.h"

enum phase {
	PHASE_EDIT,   /* the terminal is brought up to date with the line */
	PHASE_ENTER,  /* the rest of the line's echo, then a new line */
	PHASE_CANCEL, /* likewise, with ^C */
	PHASE_RUN,    /* the running command's output */
	PHASE_PROMPT,
};

enum { CTRL_C = 0x03 };

static size_t put(char *out, const char *text)
{
	size_t length = 0;

	for (; text[length] != '\0'; length++)
		out[length] = text[length];
	return length;
}

const char *process_console_argument(const struct process_console *self, uint32_t index)
{
	const char *line = self->editor.line;
	uint8_t at = 0;

	for (;; index--) {
		while (at < self->editor.length && line[at] == '\0')
			at++;
		if (at == self->editor.length)
			return NULL;
		if (index == 0)
			return line + at;
		while (line[at] != '\0')
			at++;
	}
}

/*
 * Chooses what to run and returns the phase that follows. A line of which
 * applications got a part, and which is no command, was meant for them.
 */
static enum phase run_line(struct process_console *self)
{
	struct line_editor *editor = &self->editor;
	bool shared = self->line_shared;

	self->line_shared = false;
	if (!shared)
		line_editor_remember(editor);
	for (uint8_t i = 0; i < editor->length; i++)
		if (editor->line[i] == ' ')
			editor->line[i] = '\0';

	const char *name = process_console_argument(self, 0);

	if (name == NULL)
		return PHASE_PROMPT;
	self->running = process_console_find(self->setup, name);
	self->position = 0;
	self->target = process_id_none();
	if (self->running != NULL)
		return PHASE_RUN;
	if (!shared) {
		self->running = &process_console_unknown;
		return PHASE_RUN;
	}
	line_editor_clear(editor);
	return PHASE_EDIT;
}

static size_t finish_echo(struct process_console *self, char *out)
{
	size_t length = line_editor_draw(&self->editor, out, PROCESS_CONSOLE_OUTPUT);

	if (length > 0)
		return length;
	if (self->phase == PHASE_ENTER) {
		self->phase = (uint8_t)run_line(self);
		return put(out, "\r\n");
	}
	self->phase = PHASE_PROMPT;
	self->line_shared = false;
	return put(out, "^C\r\n");
}

static size_t run_step(struct process_console *self, char *out)
{
	size_t length = self->running->step(self, &self->position, out, PROCESS_CONSOLE_OUTPUT);

	if (length == 0)
		self->phase = PHASE_PROMPT;
	return length < PROCESS_CONSOLE_OUTPUT ? length : PROCESS_CONSOLE_OUTPUT;
}

static void edit(struct process_console *self, uint8_t byte)
{
	switch (line_editor_feed(&self->editor, byte)) {
	case LINE_ENTERED:
		self->phase = PHASE_ENTER;
		break;
	case LINE_CANCELLED:
		self->phase = PHASE_CANCEL;
		break;
	case LINE_EDITED:
		break;
	}
}

static void edit_ahead(struct process_console *self)
{
	uint8_t taken = 0;

	while (self->phase == PHASE_EDIT && taken < self->ahead_count)
		edit(self, self->ahead[taken++]);
	self->ahead_count = (uint8_t)(self->ahead_count - taken);
	for (uint8_t i = 0; i < self->ahead_count; i++)
		self->ahead[i] = self->ahead[i + taken];
}

/* What to send next; 0: nothing. */
static size_t next_output(struct process_console *self, char *out)
{
	size_t length = 0;

	if (self->phase == PHASE_RUN)
		length = run_step(self, out);
	if (length > 0)
		return length;
	if (self->phase == PHASE_PROMPT) {
		self->phase = PHASE_EDIT;
		line_editor_clear(&self->editor);
		return put(out, PROCESS_CONSOLE_PROMPT);
	}
	if (self->phase == PHASE_EDIT) {
		edit_ahead(self);
		length = line_editor_draw(&self->editor, out, PROCESS_CONSOLE_OUTPUT);
		if (length > 0 || self->phase == PHASE_EDIT)
			return length;
	}
	return finish_echo(self, out);
}

/* What the port refuses is lost; the next key tries again. */
static void pump(struct process_console *self)
{
	if (self->tx_slot == NULL)
		return;

	size_t length = next_output(self, self->tx.text);

	if (length > 0)
		(void)self->uart->ops->transmit(self->uart, &self->tx_slot, length);
}

static void console_transmitted(struct uart_client *client, uint8_t *buffer, size_t count,
				enum error status)
{
	struct process_console *self = CONTAINER_OF(client, struct process_console, client);

	(void)count;
	(void)status;
	self->tx_slot = buffer;
	pump(self);
}

static void byte_arrived(struct process_console *self, uint8_t byte)
{
	const struct console_driver *console = self->setup->console;

	if (console != NULL && console_driver_reading(console))
		self->line_shared = true;
	if (self->phase == PHASE_EDIT && self->ahead_count == 0) {
		edit(self, byte);
	} else if (self->phase == PHASE_RUN && byte == CTRL_C) {
		self->phase = PHASE_PROMPT;
		self->ahead_count = 0;
	} else if (self->ahead_count < sizeof(self->ahead)) {
		self->ahead[self->ahead_count++] = byte;
	}
}

static void console_received(struct uart_client *client, uint8_t *buffer, size_t count,
			     enum error status)
{
	struct process_console *self = CONTAINER_OF(client, struct process_console, client);

	(void)status;
	self->rx_slot = buffer;
	if (count == 1)
		byte_arrived(self, buffer[0]);
	(void)self->uart->ops->receive(self->uart, &self->rx_slot, sizeof(self->rx_byte));
	pump(self);
}

static const struct uart_client_ops client_ops = {
	.transmitted = console_transmitted,
	.received = console_received,
};

void process_console_init(struct process_console *self, struct uart *uart,
			  const struct process_console_setup *setup)
{
	self->client.ops = &client_ops;
	self->uart = uart;
	self->setup = setup;
	self->phase = PHASE_EDIT;
	self->line_shared = false;
	self->ahead_count = 0;
	line_editor_init(&self->editor);
	self->tx_slot = self->tx.bytes;
	self->rx_slot = self->rx_byte;
	uart->client = &self->client;
	(void)uart->ops->receive(uart, &self->rx_slot, sizeof(self->rx_byte));
}

void process_console_prompt(struct process_console *self)
{
	self->phase = PHASE_PROMPT;
	pump(self);
}
