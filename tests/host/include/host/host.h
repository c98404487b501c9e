/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A board on the host: the real kernel and the real capsules, with scripted
 * devices. docs/host-testing.md tells how it is used.
 *
 * A call that cannot do what it says, because the kernel ended or because
 * nothing more will ever happen, fails the test with a report; so does any
 * access of the kernel or of an application to memory that is not its own.
 */
#ifndef HOST_HOST_H
#define HOST_HOST_H

#include "abi/drivers.h"
#include "abi/error.h"
#include "abi/syscall.h"
#include "host/image.h"
#include "host/test.h"
#include "kernel/process_admin.h"
#include "trusted/board.h"
#include "trusted/process.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct host_app;

/*
 * The application with this short id has two pages of raw flash, and as many of
 * OpenSK's, whose driver has another number here: its own is the key-value driver's.
 */
enum {
	HOST_RAW_FLASH_IDENTITY = 5,
	HOST_OPENSK_DRIVER = 0xF0003,
	HOST_OPENSK_ADDRESS = 0x10000000,
};

/* ---- the board ---- */

/* What is left 0 gets the value in brackets. */
struct host_config {
	uint32_t process_slots;       /* [8], at most 16 */
	struct process_policy policy; /* [10 ms of timeslice, FAULT_STOP] */
	bool no_timeslice;            /* policy.timeslice_us 0 means 0 */
	const struct process_policy *policies;
	uint32_t policy_count;
	uint32_t seed;           /* of the entropy device [1] */
	uint32_t leds, buttons;  /* [4] */
	uint32_t alarm_hz;       /* [1000000] */
	uint32_t syscall_us;     /* virtual time that a system call takes [0] */
	bool process_console;    /* the operator's console shares the serial port */
	bool log_on_console;     /* so do the kernel's messages */
	bool no_log;             /* nobody reads the kernel's messages */
	uint32_t driver_count;   /* only the first so many drivers [all] */
	uint32_t granule;        /* of memory protection in bytes [4] */
	bool strict_protection;  /* and it cannot end a region elsewhere */
	bool upcalls_need_stack; /* as on Arm: 32 bytes below the stack pointer */
};

/* A fresh board without applications; NULL for all defaults. First of all calls. */
void host_board_start(const struct host_config *config);

/* ---- applications ---- */

/*
 * Adds an application that is compiled into this program (APPS of its makefile
 * line). Before the first call that runs the kernel.
 */
struct host_app *host_app_add(const char *name);

/* Adds a process that does what host_call() says. */
struct host_app *host_script_add(const char *name);

/* The same with an image of its own; see host/image.h. */
struct host_app *host_script_add_image(const struct host_image_options *options);

/* The process of an application; boots the kernel if need be. NULL: it was not loaded. */
const struct process *host_process(struct host_app *app);

enum process_state host_state(struct host_app *app);
struct process_info host_info(struct host_app *app);

/* ---- time ---- */

/*
 * Time is virtual: it stands still while anything can run, and goes on only in
 * these calls. Microseconds since start:
 */
uint64_t host_now_us(void);

/* Lets everything run that can, at this instant. */
void host_run(void);

/* Lets this much time pass. */
void host_advance_us(uint64_t us);
void host_advance_ms(uint64_t ms);

struct host_condition {
	bool (*holds)(const struct host_condition *condition);
	const char *text;
	struct host_app *app;
	uint32_t first, second, third;
};

/*
 * Runs until the condition holds, from event to event. Fails the test when
 * nothing more can happen, or after an hour of virtual time.
 */
void host_run_until(struct host_condition condition);

/* The console printed this, after what an earlier host_run_until() waited for. */
struct host_condition host_console_saw(const char *text);
struct host_condition host_log_saw(const char *text);
struct host_condition host_led_is(uint32_t led, bool on);
struct host_condition host_in_state(struct host_app *app, enum process_state state);
/* It made a system call of this class with these first two arguments. */
struct host_condition host_made_call(struct host_app *app, uint32_t class_number, uint32_t first,
				     uint32_t second);

/* ---- devices ---- */

/* All that applications have written, or that the kernel has logged, with a NUL. */
const char *host_console(void);
const char *host_log(void);

/* Forgets what was printed so far. */
void host_console_clear(void);

/* Keys for the console; what nobody reads is lost, as on a serial port. */
void host_type(const char *text);
void host_type_bytes(const void *bytes, size_t length);

bool host_led(uint32_t led);
void host_button_press(uint32_t button);
void host_button_release(uint32_t button);

/* Where a device can fail. */
enum host_fault {
	HOST_FAIL_TRANSMIT,    /* the serial port refuses to send */
	HOST_FAIL_TRANSMITTED, /* it says afterwards that sending failed */
	HOST_FAIL_RECEIVE,     /* it refuses to receive */
	HOST_FAIL_RECEIVED,    /* it says that receiving failed */
	HOST_FAIL_GATHER,      /* no random bytes: at once ... */
	HOST_FAIL_GATHERED,    /* ... or afterwards */
	HOST_FAULTS,
};

/* The operation fails `times` times with this error, after going well `after` times. */
void host_fail(enum host_fault fault, enum error error, uint32_t after, uint32_t times);

/* Commands of this driver and number, of any process, fail without reaching the driver. */
void host_fail_command(uint32_t driver, uint32_t number, enum error error, uint32_t times);

/* What the kernel says it was built from; read when it starts. */
extern char host_build_record[256] __asm__("linker_build_record");

/* Is called when the kernel writes its last report. */
void host_on_emergency(void (*called)(void));

/* Raises an interrupt of the board. */
void host_interrupt(uint32_t number);

/* ---- operator ---- */

enum error host_stop(struct host_app *app);
enum error host_resume(struct host_app *app);
enum error host_terminate(struct host_app *app);
enum error host_boot(struct host_app *app);
enum error host_fault_it(struct host_app *app);

/* The right that these use, for tests that call kernel/process_admin.h themselves. */
extern const struct cap_process_admin host_admin;

/* The board's table of loans, and the right to make some by kernel/loan.h. */
enum { HOST_LOANS = 24, HOST_LOAN_QUOTA = 8 };
extern const struct cap_loans host_loans;

/* ---- what applications did ---- */

/* How many system calls of this class with this first and second argument it made. */
uint32_t host_calls(struct host_app *app, uint32_t class_number, uint32_t first, uint32_t second);

/* A system call, for host_called_in_order(). */
struct host_expected {
	uint32_t class_number, first, second;
};

/* It made these calls in this order, whatever came between. */
bool host_called_in_order(struct host_app *app, const struct host_expected *calls, size_t count);

/* Sets `*status` and is true where the kernel has ended. */
bool host_ended(uint32_t *status);

/* Runs until the kernel ends; fails where it does not. Returns its status. */
uint32_t host_run_to_end(void);

/* ---- scripted processes ---- */

struct host_return {
	bool returned; /* false: it waits, and host_continue() tells more */
	uint32_t r[4];
	bool upcall; /* it came back into an upcall: r holds the arguments */
	uint32_t function;
};

/* The process makes a system call, as soon as it is its turn. */
struct host_return host_call(struct host_app *app, uint32_t class_number, uint32_t r0, uint32_t r1,
			     uint32_t r2, uint32_t r3);

/* Runs everything, and tells whether the process has come back meanwhile. */
struct host_return host_continue(struct host_app *app);

/* The scripted process that has the processor; NULL: none. */
struct host_app *host_running(void);

/* The process touches memory that it may not; the kernel may end by that. */
void host_touch(struct host_app *app, uint32_t address);

/* The process computes until its timeslice is over, once; time passes. */
void host_burn(struct host_app *app);

/* Its stack pointer from now on. */
void host_set_sp(struct host_app *app, uint32_t sp);

/* Its memory, as it sees it: break that the test program's checks stop elsewhere. */
void host_poke(struct host_app *app, uint32_t address, const void *bytes, size_t length);
void host_peek(struct host_app *app, uint32_t address, void *bytes, size_t length);

/* Addresses of its RAM and of code in its flash, `offset` bytes from the start. */
uint32_t host_ram(struct host_app *app, uint32_t offset);
uint32_t host_flash(struct host_app *app, uint32_t offset);

/* Calls with readable names; each checks nothing. */
struct host_return host_command(struct host_app *app, uint32_t driver, uint32_t number, uint32_t a0,
				uint32_t a1);
struct host_return host_subscribe(struct host_app *app, uint32_t driver, uint32_t number,
				  uint32_t function, uint32_t data);
struct host_return host_allow_rw(struct host_app *app, uint32_t driver, uint32_t number,
				 uint32_t address, uint32_t length);
struct host_return host_allow_ro(struct host_app *app, uint32_t driver, uint32_t number,
				 uint32_t address, uint32_t length);
struct host_return host_memop(struct host_app *app, uint32_t operation, uint32_t argument);
struct host_return host_yield(struct host_app *app);
struct host_return host_yield_no_wait(struct host_app *app, uint32_t flag);
struct host_return host_yield_for(struct host_app *app, uint32_t driver, uint32_t number);

#endif
