/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The formatter against the C library's, and the cases where it is to differ.
 *
 * LINK: lib/format.c
 */
#include "lib/format.h"
#include "test.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

#define CHECK_AS_C(...)                                                                            \
	do {                                                                                       \
		char is[2200];                                                                     \
		char wanted[2200];                                                                 \
		size_t length = format_text(is, sizeof(is), __VA_ARGS__);                          \
		snprintf(wanted, sizeof(wanted), __VA_ARGS__);                                     \
		if (!TEST_CHECK(strcmp(is, wanted) == 0 && length == strlen(wanted)))              \
			printf("\tis \"%s\", wanted \"%s\"\n", is, wanted);                        \
	} while (0)

static void test_numbers(void)
{
	static const int values[] = {0, 1, -1, 9, 10, -10, 12345, INT_MAX, INT_MIN};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		unsigned int value = (unsigned int)values[i];

		CHECK_AS_C("%d|%5d|%-5d|%05d|%012d|%-12d|", values[i], values[i], values[i],
			   values[i], values[i], values[i]);
		CHECK_AS_C("%u|%x|%X|%08x|%4x|%-9X|%i", value, value, value, value, value, value,
			   values[i]);
		CHECK_AS_C("%*d|%-*u|%*x", 7, values[i], 14, value, -11, value);
	}
	CHECK_AS_C("%lu %ld %ld %lx", ULONG_MAX, LONG_MIN, LONG_MAX, ULONG_MAX);
	CHECK_AS_C("%zu %zx", sizeof(int), (size_t)-1);
	CHECK_AS_C("%40d|%040d|%-40d|", 5, -5, 5);
}

static void test_text(void)
{
	static const char unended[3] = {'a', 'b', 'c'};

	CHECK_AS_C("%s", "");
	CHECK_AS_C("plain");
	CHECK_AS_C("100%% %c%c", 'o', 'k');
	CHECK_AS_C("[%s][%8s][%-8s][%2s]", "abc", "abc", "abc", "abc");
	CHECK_AS_C("[%.*s][%.2s][%8.2s][%.0s][%.9s]", 3, unended, "abc", "abc", "abc", "abc");
	CHECK_AS_C("[%3c][%-3c]", 'x', 'y');
	CHECK_AS_C("%s %d %s", "a", 1, "b");
	CHECK_AS_C("%1000s|", "far");
}

static void test_own_rules(void)
{
	char text[64];
	const char *volatile nothing = NULL;
	char format[] = "%q %5"; /* an array, so that the compiler does not judge it */
	const char *volatile odd = format;

	TEST_EQUAL(format_text(text, sizeof(text), "<%s>", nothing), 8);
	TEST_CHECK(strcmp(text, "<(null)>") == 0);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
	TEST_EQUAL(format_text(text, sizeof(text), odd), 5);
#pragma GCC diagnostic pop
	TEST_CHECK(strcmp(text, "%q %5") == 0);
	format_text(text, sizeof(text), "%p", (void *)(text + 1));
	TEST_EQUAL(strlen(text), 2 + 2 * sizeof(void *));
	TEST_CHECK(strncmp(text, "0x", 2) == 0);
}

static void test_cut(void)
{
	for (size_t capacity = 1; capacity < 16; capacity++) {
		char text[17];

		memset(text, '#', sizeof(text));
		size_t length = format_text(text, capacity, "%s%05d", "hello", 42);

		TEST_EQUAL(length, capacity - 1 < 10 ? capacity - 1 : 10);
		TEST_CHECK(strncmp(text, "hello00042", length) == 0 && text[length] == '\0');
		TEST_CHECK(text[capacity] == '#');
	}
}

struct counting_sink {
	struct format_sink sink;
	bool saw_empty;
	size_t total;
};

static void counted(struct format_sink *sink, const char *text, size_t length)
{
	struct counting_sink *to = CONTAINER_OF(sink, struct counting_sink, sink);

	to->saw_empty |= length == 0 || text == NULL;
	to->total += length;
}

static void print_to(struct format_sink *sink, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	format_print(sink, format, arguments);
	va_end(arguments);
}

int main(void)
{
	struct counting_sink sink = {{counted}, false, 0};

	test_numbers();
	test_text();
	test_own_rules();
	test_cut();
	print_to(&sink.sink, "%s%d%%%5d%-40d|", "", 0, 12, 3);
	TEST_EQUAL(sink.total, 1 + 1 + 5 + 40 + 1);
	TEST_CHECK(!sink.saw_empty);
	return test_end("lib_format");
}
