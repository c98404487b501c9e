/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Installs, updates, removes and starts applications, one request at a time. The
 * store (lib/app_store.h) keeps the region whole whenever power goes; the kernel
 * checks every binary before its header counts and makes processes of them.
 *
 * A process that installs has a session, so that two do not write into each
 * other's binary.
 */
#ifndef CAPSULES_APP_INSTALLER_H
#define CAPSULES_APP_INSTALLER_H

#include "abi/error.h"
#include "kernel/process_id.h"
#include "lib/compiler.h"

#include <stdbool.h>
#include <stdint.h>

#define APP_INSTALLER_ANY UINT32_C(0xFFFFFFFF) /* an offset: anywhere; or: none */

struct app_installer;

enum app_installer_operation {
	APP_INSTALLER_RESERVE, /* `length` bytes at `offset`, or anywhere (APP_INSTALLER_ANY) */
	APP_INSTALLER_WRITE,   /* `length` of `bytes` at `offset` of the binary */
	APP_INSTALLER_FINALIZE, /* in place of the application at `offset`, or of none (APP_INSTALLER_ANY) */
	APP_INSTALLER_ABANDON, /* what was reserved: it is free space already */
	APP_INSTALLER_REMOVE,  /* the application at `offset`; its process ends */
	APP_INSTALLER_FLAGS,   /* the flags of the application at `offset` become `length` */
	APP_INSTALLER_LOAD,    /* makes a process of the application at `offset` */
	APP_INSTALLER_UNLOAD,  /* ends the process of the application at `offset` */
	APP_INSTALLER_RECOVER, /* the installer's own, at start */
};

struct app_installer_request {
	const struct app_installer_request_ops *ops;
	uint32_t operation; /* enum app_installer_operation */
	uint32_t offset;    /* RESERVE and FINALIZE: afterwards that of the new binary */
	uint32_t length;
	const uint8_t *bytes;
};

struct app_installer_request_ops {
	/*
	 * Exactly one for each request that was accepted, never from inside of
	 * app_installer_submit(). Errors are those of lib/app_store.h, kernel/app_check.h
	 * and kernel/app_loading.h.
	 */
	void (*finished)(struct app_installer_request *request, enum error status);
};

/* E_NODEVICE: the board does not let it install. E_BUSY: another process has the session. */
enum error app_installer_claim(struct app_installer *self, struct process_id process) MUST_CHECK;
/* Ends the session; a binary that was not finalized is given up. */
void app_installer_release(struct app_installer *self);

/* E_BUSY: one is under way. Otherwise an error of the store, and nothing happens. */
enum error app_installer_submit(struct app_installer *self,
				struct app_installer_request *request) MUST_CHECK;

/* Whether a binary is being written: reserved and not finalized. */
bool app_installer_is_writing(const struct app_installer *self);

/* Offset of the binary that was finalized last; APP_INSTALLER_ANY: none. */
uint32_t app_installer_finalized(const struct app_installer *self);

/* Why the last binary was refused, for a person; NULL: it was not. */
const char *app_installer_reason(const struct app_installer *self);

#endif
