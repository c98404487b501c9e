/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Who a process is, as the kernel knows it (driver 0xD0005). A process cannot choose
 * what is answered about it.
 */
#ifndef DETENT_IDENTITY_H
#define DETENT_IDENTITY_H

#include <stddef.h>
#include <stdint.h>

#include "detent/compiler.h"
#include "detent/error.h"

/* A process of which another driver told: the number that it gave. */
enum { IDENTITY_SELF = 0 };

struct identity {
	uint32_t short_id;   /* 0: locally unique, equal to no other */
	uint32_t version;    /* of the binary */
	uint32_t credential; /* format of the footer that was accepted (abi/tbf.h); 0: none */
	uint32_t key;        /* its number in the board's trust set; 0xFF: none */
	uint32_t role;       /* that the board gives the key; 0: none */
};

/* E_NODEVICE: that process has ended, or the board has no such driver. */
MUST_CHECK enum error identity_of(uint32_t process, struct identity *identity);

/* The package name, with a final 0, cut to `capacity`; E_NODEVICE as above. */
MUST_CHECK enum error identity_name(uint32_t process, char *name, size_t capacity);

/* The process of the application with this short id. E_NODEVICE: none runs. */
MUST_CHECK enum error identity_find(uint32_t short_id, uint32_t *process);

/* The number of this process, for others to ask about. */
MUST_CHECK enum error identity_own(uint32_t *process);

#endif
