/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The kernel as a capsule sees it, and the hardware below, in plain memory, for
 * tests. It enforces the rules of the interfaces and ends the test where one is
 * broken: a grant entered twice is refused, one that is still entered when the
 * capsule returns is an error, state and entries move at each entering so that
 * the address sanitizer sees a pointer that was kept, a stale handle reaches
 * nothing, a client called from inside its own call is an error.
 */
#ifndef FAKE_KERNEL_H
#define FAKE_KERNEL_H

#include "hil/alarm.h"
#include "hil/entropy.h"
#include "hil/uart.h"
#include "kernel/driver.h"
#include "kernel/process_admin.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FAKE_PROCESSES = 6, FAKE_ALLOWS = 4 };

/* Completes what trusted/capability.h does in the kernel. */
struct cap_process_admin {
	char unused;
};

extern const struct cap_process_admin fake_admin;

/* Back to no processes, an empty log, no deferred calls. */
void fake_reset(void);
void fake_add_driver(struct driver *driver);

/* Starts a process in the first free slot; `name` must live as long. */
struct process_id fake_start(const char *name);
/* Ends it: its grants are gone, the handle is stale. */
void fake_end(struct process_id id);
/* Whether the process has memory for new grants; true at first. */
void fake_set_memory(struct process_id id, bool enough);
/* What process_boot() answers for a process that has ended; E_OK: it boots. */
extern enum error fake_boot_error;
/* The record that process_inspect() gives out; the test may change it. */
struct process_info *fake_info(uint32_t slot);
/* Frees a terminated slot for good. */
void fake_unload(uint32_t slot);

/* A command, as the process would issue it. */
struct syscall_return fake_command(struct driver *driver, struct process_id id, uint32_t number,
				   uint32_t a0, uint32_t a1);
/* Shares memory, with (NULL, 0) to take it back. False: no memory for the grant. */
bool fake_allow_ro(struct driver *driver, struct process_id id, uint32_t number, const void *base,
		   size_t length);
bool fake_allow_rw(struct driver *driver, struct process_id id, uint32_t number, void *base,
		   size_t length);

struct fake_upcall {
	const struct driver *driver;
	uint32_t number;
	uint32_t argument[3];
};

/* The process yields: takes the oldest pending upcall; false: there is none. */
bool fake_yield(struct process_id id, struct fake_upcall *upcall);
/* As above, and whether it is just this one. */
bool fake_yields(struct process_id id, uint32_t number, uint32_t a0, uint32_t a1);
uint32_t fake_dropped(struct process_id id);

/* Makes all pending deferred calls, and tells the log's reader. */
void fake_run_deferred(void);

/* All that was sent to the log and not read; empties it. */
const char *fake_log(void);

/* How often kernel_reset() and kernel_panic() were called. */
extern unsigned int fake_resets, fake_panics, fake_loads, fake_records;

/* What kernel_inspect() gives out; NULL: nothing. */
extern const char *fake_build_record;

struct fake_uart {
	struct uart uart;
	uint8_t *tx_buffer, *rx_buffer;
	size_t tx_length, rx_capacity;
	bool aborting, refuse_transmit, refuse_receive, fail_transmit;
	unsigned int transmissions;
	char sent[8192];
	size_t sent_length;
};

void fake_uart_init(struct fake_uart *self);
/* Finishes the transmission under way; false: there is none. */
bool fake_uart_step(struct fake_uart *self);
/* Finishes transmissions and deferred calls until nothing happens any more. */
void fake_uart_settle(struct fake_uart *self);
/* Hands over bytes as one reception after the other, each as large as the buffer allows. */
void fake_uart_type(struct fake_uart *self, const char *text);
/* A reception that ends with an error. */
void fake_uart_fail_receive(struct fake_uart *self);
/* What was sent since the last call. */
const char *fake_uart_sent(struct fake_uart *self);

struct fake_alarm {
	struct alarm alarm;
	uint32_t now;
	uint64_t remaining;
	bool armed;
	unsigned int fired;
};

void fake_alarm_init(struct fake_alarm *self, uint32_t now);
/* Moves the time on, firing at the very tick. */
void fake_alarm_pass(struct fake_alarm *self, uint64_t ticks);
/* Moves the time on first, and fires at the end, as with interrupts off. */
void fake_alarm_pass_late(struct fake_alarm *self, uint32_t ticks);

struct fake_entropy {
	struct entropy entropy;
	uint8_t *buffer;
	size_t length;
	uint8_t next;       /* the bytes count up from here */
	enum error refuses; /* what gather() answers */
};

void fake_entropy_init(struct fake_entropy *self);
/* Finishes the request under way; false: there is none. */
bool fake_entropy_step(struct fake_entropy *self, size_t count, enum error status);

/* Between the files of the fake: a rule was broken; no grant may be entered now. */
void fake_broken(const char *rule);
void fake_nothing_entered(void);
void fake_log_clear(void);
void fake_log_tell(void);

#endif
