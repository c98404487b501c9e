/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * One of two processes ends at each step of a connection, as its client and as its
 * service, in each way; the other one looks at what is left. Who has the name first
 * survives. The kernel restarts whoever faults.
 */
#include <stdio.h>
#include <string.h>

#include "order.h"

enum error call(uint32_t number, uint32_t first, uint32_t second)
{
	struct command_return result = command(DRIVER_CONNECTION, number, first, second);

	return result.variant >= SYSCALL_SUCCESS ? E_OK : (enum error)result.value[0];
}

static void name_it(const char *name)
{
	allow_ro(DRIVER_CONNECTION, 0, (struct allowed_const){name, strlen(name)}, NULL);
}

uint32_t connect_to(const char *name, uint32_t channel)
{
	struct command_return made;

	name_it(name);
	made = command(DRIVER_CONNECTION, BY_NAME, channel, 0);
	return made.variant == SYSCALL_SUCCESS_U32 ? made.value[0] : 0;
}

int main(void)
{
	static uint8_t in[sizeof(struct order)], out[sizeof(struct order)];

	for (uint32_t i = 0; i <= CHANNELS; i++) {
		allow_ro(DRIVER_CONNECTION, OUT + i, (struct allowed_const){out, sizeof(out)},
			 NULL);
		allow_rw(DRIVER_CONNECTION, IN + i, (struct allowed){in, sizeof(in)}, NULL);
	}
	name_it("survivor");
	return call(LISTEN, 0, 0) == E_OK ? be_survivor() : be_victim();
}
