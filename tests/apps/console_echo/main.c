/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Repeats each line that it reads, until it reads "quit". */
#include <stdio.h>
#include <string.h>

#include "detent/console.h"

int main(void)
{
	printf("console_echo: ready\n");
	for (;;) {
		char line[40];
		size_t length;
		enum error error = console_read_line(line, sizeof(line), &length);

		if (error != E_OK) {
			printf("console_echo: %s\n", error_text(error));
			return 1;
		}
		printf("console_echo: %u [%s]\n", (unsigned int)length, line);
		if (strcmp(line, "quit") == 0)
			return 0;
	}
}
