/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What loan_director has a loan_puppet do; both include it. */
#ifndef LOAN_PUPPET_ORDER_H
#define LOAN_PUPPET_ORDER_H

#include <stdint.h>

enum deed {
	DO_TELL_ABOUT_YOURSELF, /* its handle, and the address of its buffer */
	DO_OFFER,               /* region[0], region[1], to, flags, driver, ticks: the id */
	DO_ACCEPT,              /* id: address and length */
	DO_RETURN,              /* id */
	DO_REVOKE,              /* id */
	DO_ALLOW,               /* region[0], region[1] to a driver: what it had before */
	DO_POKE,                /* region[0]: the kernel writes a byte there with its rights */
	DO_READ,                /* region[0]: the byte there */
	DO_FILL,                /* with `flags`: its own buffer */
	DO_BREAK,               /* region[0] */
	DO_COUNT_WINDOWS,
	/* region, id: the console is to read into it; it is returned, or its ticks pass, before. */
	DO_TYPE_INTO,
	DO_STORE, /* its buffer */
	/* id, driver: takes it, and that driver is to fill it: status, bytes. */
	DO_READ_INTO,
	DO_JOIN,   /* takes part in Tock's notices; finds the first puppet by its name */
	DO_NOTIFY, /* shares its buffer with the process in slot `to`, as a client of it */
	DO_TOUCH,  /* region[0]: and it faults */
	DO_RESTART,
};

struct order {
	uint32_t what; /* enum deed */
	uint32_t id;
	uint32_t region[2];
	uint32_t to, flags, driver, ticks;
};

struct outcome {
	uint32_t error; /* enum error */
	uint32_t value[2];
};

enum { DISCOVER = 1, NOTIFY_SERVICE = 2 /* commands of Tock's notices */ };
enum { PUPPET_BYTES = 512, PATTERN = 0x77 };

/* The director has slot 0; by slot. */
static const char *const puppet_name[] = {"", "puppet one", "puppet two", "puppet three"};

#endif
