/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Checks everything in a program that depends on where it runs: pointers in data,
 * addresses in code, near and far ones, in the application and in the C library.
 * Prints `moved: code ADDRESS data ADDRESS` and `moved: N failed`.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "moved.h"

enum { FAR = 1500 };

static unsigned int failed;

/* More than the global pointer reaches. */
static uint32_t far_bss[FAR];
static uint16_t far_bss_too[FAR];
static int near_data = 5;
static char text[] = "writable";
static char *const into_text = text + 3;
static uint32_t *const behind_bss = far_bss + FAR;
static const char *const names[] = {"zero", "one", "two", NULL, "four"};
static int (*const operations[])(int) = {moved_double, moved_square, moved_double};
static _Thread_local int per_thread = 77;
static int constructed;

struct node {
	const struct node *next;
	int value;
};

static const struct node third = {NULL, 3};
static const struct node second = {&third, 2};
static const struct node first = {&second, 1};

void nowhere(void) __attribute__((weak));

__attribute__((constructor)) static void construct(void)
{
	constructed = 1;
}

static void check(const char *what, int right)
{
	if (right)
		return;
	failed++;
	printf("moved: %s is wrong\n", what);
}

static int compare(const void *left, const void *right)
{
	return *(const int *)left - *(const int *)right;
}

static void check_pointers(void)
{
	int sum = 0;

	check("string table", strcmp(names[2], "two") == 0 && strcmp(names[4], "four") == 0);
	check("null in a table", names[3] == NULL);
	check("pointer into text", strcmp(into_text, "table") == 0);
	check("pointer behind an array", behind_bss == &far_bss[FAR]);
	for (const struct node *node = &first; node; node = node->next)
		sum = sum * 10 + node->value;
	check("list of constants", sum == 123);
	check("table of functions", operations[0](4) == 8 && operations[1](4) == 16);
	check("weak function that nobody defines", !nowhere);
	check("table of another file", strcmp(moved_words[1], "beta") == 0);
	check("pointer to another file's data", *moved_pointer == moved_array[FAR_LENGTH - 1]);
}

static void check_far(volatile uint32_t *words)
{
	for (uint32_t i = 0; i < FAR; i++) {
		far_bss[i] = i * 3;
		far_bss_too[i] = (uint16_t)(i * 5);
	}
	check("far array", words[0] == 0 && words[FAR - 1] == (FAR - 1) * 3);
	check("far element", far_bss[700] == 2100 && far_bss_too[1400] == 7000);
	far_bss[1234] = 99;
	check("write to a far element", words[1234] == 99);
	check("far array of another file", moved_sum() == FAR_LENGTH);
	moved_array[FAR_LENGTH - 2] = 7;
	check("write to another file's array", moved_sum() == FAR_LENGTH + 6);
	check("near variables", near_data == 5 && constructed && per_thread == 77);
}

static void check_library(void)
{
	int numbers[] = {3, 1, 2};
	char line[64];

	qsort(numbers, 3, sizeof(numbers[0]), compare);
	check("qsort()", numbers[0] == 1 && numbers[2] == 3);
	snprintf(line, sizeof(line), "%s %d %c %x %5u|", "text", -12, 'c', 0xabcu, 42u);
	check("snprintf()", strcmp(line, "text -12 c abc    42|") == 0);
	errno = 0;
	strtol("99999999999999", NULL, 10);
	check("errno", errno == ERANGE);
	check("strerror()", strlen(strerror(ENOMEM)) > 3);
	for (int i = 0; i < 8; i++)
		check("switch", moved_choose(i) == (i < 7 ? i * i + 1 : -1));
}

int main(void)
{
	printf("moved: code 0x%08lx data 0x%08lx\n", (unsigned long)(uintptr_t)&main,
	       (unsigned long)(uintptr_t)&near_data);
	check_pointers();
	check_far(far_bss);
	check_library();
	printf("moved: %u failed\n", failed);
	return 0;
}
