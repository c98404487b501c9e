/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Driver 0xD0003, what is installed: docs/syscalls/d0003_app_manager.md. */
#ifndef ABI_APP_MANAGER_H
#define ABI_APP_MANAGER_H

enum app_manager_command {
	MANAGER_EXISTS = 0,
	MANAGER_RESERVE = 1,
	MANAGER_FINALIZE = 2,
	MANAGER_REMOVE = 3,
	MANAGER_LOAD = 4,
	MANAGER_LIST = 5,
	MANAGER_REASON = 6,
	MANAGER_FLAGS = 7,
};

enum { MANAGER_DONE = 0 /* upcall: (status, address, -) */ };
enum { MANAGER_ANSWER = 0 /* read-write allow */ };

/* Bits of an entry's fifth word. */
enum app_entry_flags {
	APP_ENTRY_ENABLED = 1,
	APP_ENTRY_STICKY = 2,
	APP_ENTRY_DAMAGED = 4, /* only address and size are known */
};

#endif
