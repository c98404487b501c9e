/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Reads the console with two buffers in turn, four bytes each, and prints what is
 * in each while the other is filled; a `.` at the start of a buffer ends it.
 */
#include <stdio.h>

#include "detent.h"

enum { PIECE = 4 };

OWNED_BUFFER_STATIC(one, PIECE);
OWNED_BUFFER_STATIC(other, PIECE);

int main(void)
{
	struct owned_buffer *filling = &one, *free_one = &other;
	enum error error = console_read_lend(filling);

	printf("console_stream: ready\n");
	while (error == E_OK) {
		struct owned_buffer *filled = filling;
		size_t length = 0;

		error = console_read_swap(filled, free_one, &length);
		filling = free_one;
		free_one = filled;
		if (error != E_OK || owned_bytes(filled)[0] == '.')
			break;
		printf("console_stream: %u [%.4s]\n", (unsigned int)length,
		       (const char *)owned_bytes(filled));
	}
	printf("console_stream: %s\n", error_text(error));
	return 0;
}
