/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Two applications for tests of Tock's drivers between processes. */
#ifndef TOCK_PAIR_H
#define TOCK_PAIR_H

#include "host/host.h"

enum { NAME = 0x100 /* in the RAM of each */ };

struct pair {
	struct host_app *client, *service;
};

/* Puts a name where the driver is to read it. */
static void name_it(struct host_app *app, uint32_t driver, const char *name, size_t length)
{
	host_poke(app, host_ram(app, NAME), name, length);
	host_allow_ro(app, driver, 0, host_ram(app, NAME), (uint32_t)length);
}

static enum error tried(struct host_return result)
{
	return result.r[0] == SYSCALL_FAILURE || result.r[0] == SYSCALL_FAILURE_U64
		       ? (enum error)result.r[1]
		       : E_OK;
}

/* Both run, with 2 KiB of RAM, and know nothing of each other yet. */
static struct pair pair_start(void)
{
	struct pair pair;

	host_board_start(NULL);
	pair.service = host_script_add("rot");
	pair.client = host_script_add("client");
	host_run();
	host_memop(pair.service, MEMOP_BRK, host_ram(pair.service, 0x800));
	host_memop(pair.client, MEMOP_BRK, host_ram(pair.client, 0x800));
	return pair;
}

#endif
