/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Installing, updating and removing applications while the system runs (drivers
 * 0x10001 and 0xD0003), for an application that the board permits to: for others
 * every call answers E_NODEVICE.
 *
 * The order is: reserve, write, finalize, load. Every call waits for its end, and
 * no upcall runs meanwhile; below are those that do not wait. Until finalize has answered E_OK nothing has changed
 * for anybody.
 */
#ifndef DETENT_APP_INSTALL_H
#define DETENT_APP_INSTALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/app_manager.h"
#include "detent/compiler.h"
#include "detent/error.h"

#define APP_INSTALL_ANY UINT32_C(0xFFFFFFFF) /* an address: anywhere; or: none */

enum { APP_INSTALL_NAME_MAX = 64 };

/* States of its process. */
enum app_entry_state {
	APP_ENTRY_NOT_LOADED = 0,
	APP_ENTRY_RUNNING,
	APP_ENTRY_YIELDED,
	APP_ENTRY_YIELDED_FOR,
	APP_ENTRY_STOPPED,
	APP_ENTRY_FAULTED,
	APP_ENTRY_TERMINATED,
};

/* An application in flash. */
struct app_entry {
	uint32_t address, size;
	uint32_t short_id; /* 0: none */
	uint32_t version;
	uint32_t flags; /* enum app_entry_flags */
	uint32_t state; /* enum app_entry_state */
	uint32_t min_ram;
	uint32_t name_length;
	char name[APP_INSTALL_NAME_MAX]; /* without a final zero; any bytes */
};

/* Whether this application may install others. */
bool app_install_permitted(void);

/*
 * Room for a TBF of `size` bytes, its total_size, at `wanted` or anywhere. A former
 * reservation is given up. E_NOMEM: there is none; E_INVAL: size is no multiple of
 * 16, or the address is not aligned; E_BUSY: another application installs.
 */
MUST_CHECK enum error app_install_reserve(uint32_t size, uint32_t wanted, uint32_t *address);

/* Stores bytes of it. E_INVAL: outside of it, or its first 8 bytes name another size. */
MUST_CHECK enum error app_install_write(uint32_t offset, const void *bytes, size_t length);

/*
 * Has it checked; on E_OK it is installed, and in the same moment the application
 * at `instead` is gone and its process ended (APP_INSTALL_ANY: none). Otherwise it
 * is as if it had never been: E_INVAL, its header is damaged; E_NOSUPPORT, its
 * credentials are not accepted; E_ALREADY, it is too old. See app_install_reason().
 */
MUST_CHECK enum error app_install_finalize(uint32_t instead, uint32_t *address);

/* Gives up what was not finalized. E_INVAL: nothing is reserved. */
enum error app_install_abort(void);

/* Makes a process of an application. E_NOMEM: no RAM; E_ALREADY: it is one. */
MUST_CHECK enum error app_load(uint32_t address);

/* Ends its process and removes it. E_INVAL: there is none. */
MUST_CHECK enum error app_uninstall(uint32_t address);

/*
 * Sets the flags of an application's header (app_entry_flags: enabled, sticky); they
 * count at the next start of the system. E_INVAL: no application begins there.
 */
MUST_CHECK enum error app_entry_set_flags(uint32_t address, uint32_t flags);

/* What app_install_write_start() stores. */
struct app_install_bytes {
	const void *start;
	size_t length;
};

/* Runs once for each accepted start: `value` is the address, or how many bytes were written. */
typedef void app_install_done(enum error error, size_t value, void *context);

/*
 * The same without waiting. The bytes stay untouched until `done` has run, which
 * may be null. E_BUSY: a call is under way.
 */
MUST_CHECK enum error app_install_reserve_start(uint32_t size, uint32_t wanted,
						app_install_done *done, void *context);
MUST_CHECK enum error app_install_write_start(uint32_t offset, struct app_install_bytes bytes,
					      app_install_done *done, void *context);
MUST_CHECK enum error app_install_finalize_start(uint32_t instead, app_install_done *done,
						 void *context);
MUST_CHECK enum error app_install_abort_start(app_install_done *done, void *context);
MUST_CHECK enum error app_load_start(uint32_t address, app_install_done *done, void *context);
MUST_CHECK enum error app_uninstall_start(uint32_t address, app_install_done *done, void *context);
MUST_CHECK enum error app_entry_set_flags_start(uint32_t address, uint32_t flags,
						app_install_done *done, void *context);

/* The application number `index`, in the order of addresses. E_NODEVICE: there are fewer. */
MUST_CHECK enum error app_entry_get(uint32_t index, struct app_entry *entry);

/* Why the last one was refused, with a zero at the end; returns the length. */
size_t app_install_reason(char *text, size_t size);

#endif
