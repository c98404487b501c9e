/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* All that the harness remembers, so that one memset() forgets it. */
#ifndef HOST_STATE_H
#define HOST_STATE_H

#include "arch_host.h"
#include "fiber.h"
#include "host/host.h"

enum {
	HOST_APPS = 16,
	HOST_TRACE = 2048,
	HOST_OUTPUT = 65536,
	HOST_INPUT = 4096,
	HOST_IRQS = 16,
};

enum host_irq {
	HOST_IRQ_UART,
	HOST_IRQ_LOG_UART,
	HOST_IRQ_ALARM,
	HOST_IRQ_ENTROPY,
	HOST_IRQ_PANEL,
	HOST_IRQ_UNWIRED, /* and all above it */
};

/* Why the kernel handed the processor back to the test. */
enum host_stop {
	STOP_IDLE,      /* it waits for an interrupt */
	STOP_PARKED,    /* a scripted process runs and has nothing to do */
	STOP_CONDITION, /* what host_run_until() waits for holds */
	STOP_ENDED,
};

/* An application that make/host.mk compiled into the program. */
struct host_image {
	const char *name;
	uint8_t *flash_start, *flash_end;
	uint8_t *ram_start, *ram_end;
	void (*start)(void);
};

extern const struct host_image host_images[]; /* the last has no name */

struct host_app {
	char name[TBF_NAME_MAX + 1];
	uptr_t flash_start;
	const struct host_image *image; /* NULL: scripted */
	struct process *process;        /* NULL: not loaded, or not looked for yet */

	/* Scripted: the trap it makes next. */
	bool has_step;
	struct host_trap step;
	bool in_upcall;
	uint32_t burns; /* timeslices that it uses up */

	/* Compiled. */
	struct fiber fiber;
	uint32_t life;       /* of the context that the fiber belongs to */
	uint32_t start_step; /* of what crt0 does elsewhere */
};

struct host_trace {
	uint8_t app;
	uint32_t class_number;
	uint32_t first, second;
};

struct host_output {
	char text[HOST_OUTPUT];
	size_t length;
	size_t mark; /* host_console_saw() looks from here */
};

struct host_failure {
	enum error error;
	uint32_t after, times;
};

struct host_state {
	struct host_config config;
	bool booted;
	struct fiber test, kernel;
	enum host_stop stop;
	struct host_app *parked;
	bool preempt;
	const struct host_condition *condition;
	bool met;
	uint32_t status; /* of the end */
	bool ended;
	bool restarting;

	uint64_t now_us;
	bool slice_running, slice_over;
	uint64_t slice_end_us;
	uint32_t irqs; /* pending, a bit each */

	struct host_app apps[HOST_APPS];
	uint32_t app_count;
	uptr_t flash_used;
	struct host_app *running; /* the compiled application whose code runs */
	struct host_trap *trap;
	uint64_t calls; /* traps of all processes */

	struct host_trace trace[HOST_TRACE];
	uint32_t traced;

	void (*on_emergency)(void);
	struct host_failure failures[HOST_FAULTS];
	struct {
		uint32_t driver, number, times;
		enum error error;
	} failing_command;
};

extern struct host_state host;

/* Ends the test as failed, with a report of what the board shows. */
NORETURN void host_give_up(const char *format, ...) PRINTF_LIKE(1, 2);

/* report.c */
extern const char *host_test_name;
void host_show_board(void);
NORETURN void host_end_program(int status);

/* script.c: the process makes this trap. False: it is not its turn, nor will be. */
bool host_try_step(struct host_app *app, const struct host_trap *step);

/* machine.c: goes on until the kernel hands the processor back. */
enum host_stop host_go(void);
/* Runs everything until nothing changes, or until `app` is parked. */
enum host_stop host_settle(struct host_app *app);
/* On the kernel's stack: hands the processor to the test. */
void host_yield_to_test(enum host_stop stop);
struct host_app *host_app_of(const struct process *process);

/* snapshot.c: makes the kernel's variables as at the program's start. False: it cannot. */
bool host_fresh_kernel(void);

/* compiled.c */
void host_compiled_init(void);
void host_compiled_run(struct host_app *app, struct process *process, struct host_trap *trap);

/* chip.c and devices.c */
void host_raise(enum host_irq irq);
bool host_next_event(uint64_t *when_us);
void host_arrive(uint64_t when_us);
bool host_should_fail(enum host_fault fault, enum error *error);

/* board.c */
NORETURN void host_board_main(void);
void host_board_interrupt(uint32_t number);
struct virtual_panel *host_panel(void);

/* output.c */
extern struct host_output host_console_output, host_log_output;
void host_output_add(struct host_output *output, const void *bytes, size_t length);

#endif
