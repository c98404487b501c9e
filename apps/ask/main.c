/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A client of the service that `upper` is: sends it a line every half second, and
 * finds it again when it was restarted.
 */
#include <stdio.h>
#include <string.h>

#include "detent/ipc.h"
#include "detent/timer.h"

enum { PAUSE_MS = 500 };

static void ask(struct ipc_client *upper, const char *line)
{
	char answer[32];
	struct ipc_exchange call = {line, strlen(line), answer, sizeof(answer), 0};
	enum error error = upper->handle != 0 ? E_OK : ipc_open(upper, "upper");

	if (error == E_OK)
		error = ipc_call(upper, &call);
	if (error == E_OK)
		printf("ask: %s -> %.*s\n", line, (int)call.answered, answer);
	else
		printf("ask: %s -> %s\n", line, error_text(error));
	if (error == E_UNINSTALLED)
		ipc_close(upper);
}

int main(void)
{
	struct ipc_client upper = {0, 0};

	for (;;) {
		ask(&upper, "the quick brown fox");
		(void)sleep_ms(PAUSE_MS);
	}
}
