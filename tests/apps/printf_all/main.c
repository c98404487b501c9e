/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Every conversion that the small printf has, long lines, and text without an end. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
	char line[80];

	printf("int %d %d %i\n", 0, -2147483647 - 1, 2147483647);
	printf("unsigned %u %u\n", 0u, 4294967295u);
	printf("hex %x %X %#x %08x\n", 0xdeadbeefu, 0xdeadbeefu, 0x1fu, 0x2au);
	printf("octal %o\n", 8u);
	printf("width [%5d] [%-5d] [%05d] [%+d]\n", 42, 42, 42, 42);
	printf("char %c%c string %s [%8s] [%-8s] [%.3s]\n", 'o', 'k', "word", "right", "left",
	       "cut it");
	printf("short %hd %hhu long %ld %lu\n", (short)-3, (unsigned char)200, -70000L, 70000UL);
	printf("sizes %zu %" PRIu32 " %" PRIx32 "\n", sizeof(int), (uint32_t)123456789,
	       (uint32_t)0xabcdef);
	printf("percent %%\n");
	for (unsigned int i = 0; i < 20; i++)
		printf("%02u-0123456789", i);
	printf(" end of a long line\n");
	printf("no end of line here");
	fflush(stdout);
	printf(" but flushed\n");
	snprintf(line, sizeof(line), "snprintf %d %s", 7, "seven");
	puts(line);
	printf("length %u\n", (unsigned int)strlen(line));
	putchar('.');
	putchar('\n');
	fprintf(stderr, "stderr too\n");
	printf("printf_all: done");
	return 0;
}
