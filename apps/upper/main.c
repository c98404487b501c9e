/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A service: makes the letters of what it is sent capitals. `ask` is a client of it. */
#include <stdint.h>

#include "detent/ipc.h"

static size_t capitals(const struct ipc_request *request, uint8_t answer[IPC_MESSAGE_MAX],
		       void *context)
{
	(void)context;
	for (size_t i = 0; i < request->length; i++) {
		uint8_t letter = request->bytes[i];

		answer[i] = letter >= 'a' && letter <= 'z' ? (uint8_t)(letter - 'a' + 'A') : letter;
	}
	return request->length;
}

int main(void)
{
	return (int)ipc_serve("upper", capitals, NULL);
}
