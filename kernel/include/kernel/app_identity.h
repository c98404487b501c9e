/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Who an application is, as the kernel found out when it checked the binary. An
 * application cannot choose or change the answer: docs/reference/appid.md.
 */
#ifndef KERNEL_APP_IDENTITY_H
#define KERNEL_APP_IDENTITY_H

#include "kernel/process_id.h"
#include "lib/compiler.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	APP_CREDENTIAL_NONE =
		0, /* no footer was accepted: the identity is what the header claims */
	APP_NO_KEY = 0xFF,
};

struct app_identity {
	uint32_t short_id;  /* 0: locally unique, equal to no other */
	uint32_t version;   /* of the Program TLV; 0: it has none */
	uint8_t credential; /* enum tbf_credential that was accepted, or APP_CREDENTIAL_NONE */
	uint8_t key;        /* number of the key in the board's trust set, or APP_NO_KEY */
	uint8_t role;       /* that the board gives this key; 0: none */
};

/* The identity of the process that runs; false for a stale handle. */
bool process_identity(struct process_id id, struct app_identity *identity) MUST_CHECK;

/*
 * Its package name, control characters replaced, cut to capacity - 1, with a NUL;
 * returns the length, 0 for a stale handle. As trustworthy as `credential` is.
 */
size_t process_identity_name(struct process_id id, char *destination, size_t capacity);

/*
 * The live process of the application with this short id; nobody: none runs, or 0 was given.
 * `checked`: one whose id only its header claims is passed over.
 */
struct process_id process_by_short_id(uint32_t short_id, bool checked);

#endif
