/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Runs a fuzz target on files, without a fuzzer, each in a process of its own:
 * so that the kept inputs are tests with any compiler.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LONGEST = 1 << 20, TIME_LIMIT_S = 60 };

static uint8_t bytes[LONGEST];

static void run_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	size_t length;

	if (file == NULL) {
		fprintf(stderr, "%s: cannot be read\n", path);
		host_end_program(1);
	}
	length = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	alarm(TIME_LIMIT_S);
	(void)LLVMFuzzerTestOneInput(bytes, length);
	host_end_program(0);
}

int main(int argc, char **argv)
{
	int failed = 0;

	for (int i = 1; i < argc; i++) {
		int status = 0;
		pid_t child;

		fflush(NULL);
		child = fork();
		if (child == 0)
			run_file(argv[i]);
		if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
			printf("FAILED on %s\n", argv[i]);
			failed++;
		}
	}
	printf("%s: %d inputs, %d failed\n", argv[0], argc - 1, failed);
	return failed != 0 || argc == 1;
}
