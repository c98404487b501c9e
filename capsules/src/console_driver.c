/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Writes go out one process at a time, each whole, in turn. Reads are served
 * in turn too, but a line is its reader's: the rest of a line that a process
 * began to read goes to no other, and is kept until that process reads on, so that
 * reading byte by byte loses nothing. Else a byte that nobody waits for is dropped.
 * A reader gives the rest of its line up by ending a read early, by its own end, and
 * by leaving more of it than can be kept.
 */
#include "capsules/console_driver.h"

#include "capsules/grant_turn.h"
#include "kernel/grant.h"
#include "lib/compiler.h"

enum command_number {
	CONSOLE_EXISTS = 0,
	CONSOLE_WRITE = 1,
	CONSOLE_READ = 2,
	CONSOLE_ABORT_READ = 3,
};

enum { UPCALL_WRITTEN = 1, UPCALL_READ = 2 };
enum { ALLOW_WRITE = 1 }; /* read-only */
enum { ALLOW_READ = 1 };  /* read-write */

struct console_grant {
	uint32_t write_length, write_sent;
	uint32_t read_length, read_count;
	bool writing, reading;
	uint8_t kept_count;
	uint8_t kept[CONSOLE_DRIVER_KEPT]; /* the rest of a line that it began to read */
};

static void write_finish(struct grant_entry *entry, struct console_grant *state)
{
	state->writing = false;
	upcall_schedule(entry, UPCALL_WRITTEN, state->write_sent, state->write_sent, 0);
}

/*
 * How much of a full chunk to send now: up to the end of its last line, so that
 * other users of the port come in between lines and not in the middle of one.
 */
static size_t whole_lines(const uint8_t *bytes, size_t count)
{
	for (size_t i = count; i > 0; i--)
		if (bytes[i - 1] == '\n')
			return i;
	return count;
}

/* Sends the next chunk. False: the write is finished, for there is nothing more to send. */
static bool write_chunk(struct console_driver *self, struct grant_entry *entry,
			struct console_grant *state)
{
	size_t left = state->write_length - state->write_sent;
	size_t chunk = left < sizeof(self->tx_bytes) ? left : sizeof(self->tx_bytes);

	if (chunk == 0 ||
	    allow_ro_read(entry, ALLOW_WRITE, state->write_sent, self->tx_bytes, chunk) != E_OK) {
		write_finish(entry, state);
		return false;
	}
	if (chunk < left)
		chunk = whole_lines(self->tx_bytes, chunk);
	if (self->uart->ops->transmit(self->uart, &self->tx_slot, chunk) != E_OK) {
		write_finish(entry, state);
		return false;
	}
	self->writer = grant_process(entry);
	self->tx_length = chunk;
	self->tx_replaced = false;
	return true;
}

/* A chunk of this process's is under way: it cannot be called back. */
static void write_replace(struct console_driver *self, struct console_grant *state, size_t length)
{
	if (length == 0) {
		state->write_length = state->write_sent;
		if (!self->tx_replaced)
			state->write_length += (uint32_t)self->tx_length;
		return;
	}
	state->write_sent = 0;
	state->write_length = (uint32_t)length;
	self->tx_replaced = true;
}

static syscall_result console_write(struct console_driver *self, struct process_id process,
				    uint32_t wanted)
{
	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return syscall_failure(E_NOMEM);

	struct console_grant *state = GRANT_STATE(entry, struct console_grant);
	size_t shared = allow_ro_length(entry, ALLOW_WRITE);
	size_t length = wanted < shared ? wanted : shared;

	if (self->tx_slot == NULL && process_id_equal(self->writer, process) && state->writing) {
		write_replace(self, state, length);
		return syscall_success();
	}
	state->write_sent = 0;
	state->write_length = (uint32_t)length;
	state->writing = true;
	if (length == 0)
		write_finish(entry, state);
	else if (self->tx_slot != NULL)
		(void)write_chunk(self, entry, state);
	return syscall_success();
}

/* True: the process whose chunk was sent has another one under way. */
static bool write_continue(struct console_driver *self, size_t count, enum error status)
{
	GRANT_ENTER_EXISTING(entry, &self->driver, self->writer);
	if (entry == NULL)
		return false;

	struct console_grant *state = GRANT_STATE(entry, struct console_grant);

	if (!self->tx_replaced)
		state->write_sent += (uint32_t)(count < self->tx_length ? count : self->tx_length);
	if (status != E_OK) {
		write_finish(entry, state);
		return false;
	}
	return write_chunk(self, entry, state);
}

static bool write_begin(struct console_driver *self, struct process_id process)
{
	GRANT_ENTER_EXISTING(entry, &self->driver, process);
	if (entry == NULL)
		return false;

	struct console_grant *state = GRANT_STATE(entry, struct console_grant);

	return state->writing && write_chunk(self, entry, state);
}

static void console_transmitted(struct uart_client *client, uint8_t *buffer, size_t count,
				enum error status)
{
	struct console_driver *self = CONTAINER_OF(client, struct console_driver, client);

	self->tx_slot = buffer;
	if (write_continue(self, count, status))
		return;

	struct grant_turn turn = grant_turn_after(&self->driver, self->writer);

	for (; !grant_turn_over(&turn); grant_turn_advance(&turn))
		if (write_begin(self, turn.current))
			return;
}

static void read_finish(struct grant_entry *entry, struct console_grant *state, enum error status)
{
	state->reading = false;
	upcall_schedule(entry, UPCALL_READ, (uint32_t)status, state->read_count, 0);
}

/* False: the process has taken its buffer back, or made it too short. */
static bool read_put(struct grant_entry *entry, struct console_grant *state, uint8_t byte)
{
	if (allow_rw_write(entry, ALLOW_READ, state->read_count, &byte, 1) != E_OK) {
		size_t shared = allow_rw_length(entry, ALLOW_READ);

		if (state->read_count > shared)
			state->read_count = (uint32_t)shared;
		read_finish(entry, state, shared == 0 ? E_NOMEM : E_SIZE);
		return false;
	}
	state->read_count++;
	if (state->read_count == state->read_length)
		read_finish(entry, state, E_OK);
	return true;
}

static void kept_drop_first(struct console_grant *state, uint8_t count)
{
	state->kept_count = (uint8_t)(state->kept_count - count);
	for (uint8_t i = 0; i < state->kept_count; i++)
		state->kept[i] = state->kept[i + count];
}

static void read_from_kept(struct grant_entry *entry, struct console_grant *state)
{
	uint8_t taken = 0;

	while (state->reading && taken < state->kept_count)
		if (read_put(entry, state, state->kept[taken]))
			taken++;
	kept_drop_first(state, taken);
}

static syscall_result console_read(struct console_driver *self, struct process_id process,
				   uint32_t wanted)
{
	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return syscall_failure(E_NOMEM);

	struct console_grant *state = GRANT_STATE(entry, struct console_grant);
	size_t shared = allow_rw_length(entry, ALLOW_READ);

	if (state->reading || shared == 0)
		return syscall_failure(E_BUSY);
	if (wanted == 0)
		return syscall_failure(E_SIZE);
	state->read_length = (uint32_t)(wanted < shared ? wanted : shared);
	state->read_count = 0;
	state->reading = true;
	read_from_kept(entry, state);
	return syscall_success();
}

static void line_give_up(struct console_driver *self)
{
	self->mid_read = false;
	self->line_owned = false;
}

static syscall_result console_abort_read(struct console_driver *self, struct process_id process)
{
	GRANT_ENTER_EXISTING(entry, &self->driver, process);
	if (entry == NULL)
		return syscall_success();

	struct console_grant *state = GRANT_STATE(entry, struct console_grant);

	if (state->reading)
		read_finish(entry, state, E_CANCEL);
	if (process_id_equal(self->reader, process))
		line_give_up(self); /* its next read waits for the others' */
	return syscall_success();
}

/* True: the process waited, and has the byte. */
static bool read_serve(struct console_driver *self, struct process_id process, uint8_t byte)
{
	GRANT_ENTER_EXISTING(entry, &self->driver, process);
	if (entry == NULL)
		return false;

	struct console_grant *state = GRANT_STATE(entry, struct console_grant);

	if (!state->reading)
		return false;
	if (!read_put(entry, state, byte)) {
		if (process_id_equal(self->reader, process))
			line_give_up(self);
		return false;
	}
	self->reader = process;
	self->mid_read = state->reading;
	self->line_owned = true;
	return true;
}

/* False: the line has no reader any more, or that one left too much of it. */
static bool line_keep(struct console_driver *self, uint8_t byte)
{
	GRANT_ENTER_EXISTING(entry, &self->driver, self->reader);
	if (entry == NULL || !self->line_owned)
		return false;

	struct console_grant *state = GRANT_STATE(entry, struct console_grant);

	if (state->kept_count == sizeof(state->kept)) {
		self->line_owned = false;
		return false;
	}
	state->kept[state->kept_count++] = byte;
	return true;
}

static bool read_deliver(struct console_driver *self, uint8_t byte)
{
	bool its_readers = self->line_owned;

	if (self->mid_read)
		its_readers = true;
	if (its_readers && read_serve(self, self->reader, byte))
		return true;
	self->mid_read = false;
	if (line_keep(self, byte))
		return true;

	struct grant_turn turn = grant_turn_after(&self->driver, self->reader);

	for (; !grant_turn_over(&turn); grant_turn_advance(&turn))
		if (read_serve(self, turn.current, byte))
			return true;
	return false;
}

static void byte_arrived(struct console_driver *self, uint8_t byte)
{
	if (read_deliver(self, byte))
		self->line_read = true;
	if (byte == '\r' || byte == '\n') {
		self->line_read = false;
		self->line_owned = false;
	}
}

/* A framing error or an overrun ends the reads that it may have damaged. */
static void read_fail(struct console_driver *self, struct process_id process)
{
	GRANT_ENTER_EXISTING(entry, &self->driver, process);
	if (entry == NULL)
		return;

	struct console_grant *state = GRANT_STATE(entry, struct console_grant);

	if (state->reading)
		read_finish(entry, state, E_FAIL);
}

static void read_fail_all(struct console_driver *self)
{
	struct grant_turn turn = grant_turn_after(&self->driver, self->reader);

	for (; !grant_turn_over(&turn); grant_turn_advance(&turn))
		read_fail(self, turn.current);
	line_give_up(self);
}

static void console_received(struct uart_client *client, uint8_t *buffer, size_t count,
			     enum error status)
{
	struct console_driver *self = CONTAINER_OF(client, struct console_driver, client);

	self->rx_slot = buffer;
	if (count == 1)
		byte_arrived(self, buffer[0]);
	if (status == E_FAIL)
		read_fail_all(self);
	(void)self->uart->ops->receive(self->uart, &self->rx_slot, sizeof(self->rx_byte));
}

static const struct uart_client_ops client_ops = {
	.transmitted = console_transmitted,
	.received = console_received,
};

static syscall_result console_command(struct driver *driver, struct process_id process,
				      uint32_t number, uint32_t argument[2])
{
	struct console_driver *self = CONTAINER_OF(driver, struct console_driver, driver);

	switch (number) {
	case CONSOLE_EXISTS:
		return syscall_success();
	case CONSOLE_WRITE:
		return console_write(self, process, argument[0]);
	case CONSOLE_READ:
		return console_read(self, process, argument[0]);
	case CONSOLE_ABORT_READ:
		return console_abort_read(self, process);
	default:
		return syscall_failure(E_NOSUPPORT);
	}
}

static const struct driver_type console_driver_type = {
	.command = console_command,
	.grant = {.size = sizeof(struct console_grant),
		  .upcalls = 3, /* number 0 is not used */
		  .queue = 1,
		  .allow_ro = 2,
		  .allow_rw = 2},
};

void console_driver_init(struct console_driver *self, struct uart *uart)
{
	*self = (struct console_driver){
		.driver = {.type = &console_driver_type},
		.client = {.ops = &client_ops},
		.uart = uart,
	};
	self->tx_slot = self->tx_bytes;
	self->rx_slot = self->rx_byte;
	uart->client = &self->client;
	(void)uart->ops->receive(uart, &self->rx_slot, sizeof(self->rx_byte));
}

static bool process_reads(const struct console_driver *self, struct process_id process)
{
	GRANT_ENTER_EXISTING(entry, &self->driver, process);
	if (entry == NULL)
		return false;

	return GRANT_STATE(entry, struct console_grant)->reading;
}

bool console_driver_reading(const struct console_driver *self)
{
	if (self->line_read)
		return true;

	struct grant_turn turn = grant_turn_after(&self->driver, process_id_none());

	for (; !grant_turn_over(&turn); grant_turn_advance(&turn))
		if (process_reads(self, turn.current))
			return true;
	return false;
}
