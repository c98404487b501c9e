/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The line editor, against a terminal and an editor that is too simple to be wrong.
 *
 * LINK: capsules/src/line_editor.c
 */
#include "capsules/line_editor.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

enum { ROW = 200 };

static struct line_editor editor;
static char row[ROW]; /* what the terminal shows, from where the line began */
static int column;

static void start(void)
{
	line_editor_init(&editor);
	memset(row, ' ', sizeof(row));
	column = 0;
}

/* Draws in pieces of `piece` characters; at most `most` pieces. */
static void draw(size_t piece, int most)
{
	char out[256];
	size_t count;

	while (most-- > 0 && (count = line_editor_draw(&editor, out, piece)) > 0) {
		TEST_CHECK(count <= piece);
		for (size_t i = 0; i < count; i++) {
			if (out[i] == '\b')
				column--;
			else
				row[column++] = out[i];
			TEST_CHECK(column >= 0 && column < LINE_EDITOR_LINE);
		}
	}
}

static enum line_event type(const char *keys)
{
	enum line_event event = LINE_EDITED;

	for (; *keys != '\0'; keys++)
		event = line_editor_feed(&editor, (uint8_t)*keys);
	return event;
}

static bool shows(const char *text, int cursor)
{
	size_t length = strlen(text);

	draw(256, 100);
	if (memcmp(row, text, length) != 0 || column != cursor)
		return false;
	for (size_t i = length; i < ROW; i++)
		if (row[i] != ' ')
			return false;
	return strcmp(editor.line, text) == 0;
}

static void enter(void)
{
	TEST_EQUAL(line_editor_feed(&editor, '\r'), LINE_ENTERED);
	line_editor_remember(&editor);
	line_editor_clear(&editor);
	memset(row, ' ', sizeof(row));
	column = 0;

	char out[8];

	TEST_EQUAL(line_editor_draw(&editor, out, sizeof(out)), 0);
}

static void keys(void)
{
	start();
	type("list");
	TEST_CHECK(shows("list", 4));
	type("\b\x7Fke");
	TEST_CHECK(shows("like", 4));
	type("\x1B[D\x1B[D_");
	TEST_CHECK(shows("li_ke", 3));
	type("\x1B[C\x1B[C\x1B[C!");
	TEST_CHECK(shows("li_ke!", 6));
	type("\x01<\x05>");
	TEST_CHECK(shows("<li_ke!>", 8));
	type("\x1B[H\x1B[3~\x1B[F\b");
	TEST_CHECK(shows("li_ke!", 6));
	type("\x1B[1~\x1B[3~\x1B[4~?\x1BOH(\x1BOF)");
	TEST_CHECK(shows("(i_ke!?)", 8));
	type("\x1B[7~[\x1B[8~]");
	TEST_CHECK(shows("[(i_ke!?)]", 10));
	type("\x15");
	TEST_CHECK(shows("", 0));
	type("one two  three\x17");
	TEST_CHECK(shows("one two  ", 9));
	type("\x17\x17\x17\x17");
	TEST_CHECK(shows("", 0));
	type("abcdef\x1B[D\x1B[D\x0B");
	TEST_CHECK(shows("abcd", 4));
	type("\x1B[D\x15");
	TEST_CHECK(shows("d", 0));
	type("\b\x1B[D\x1B[3~\x1B[3~");
	TEST_CHECK(shows("", 0));
}

/* Keys it does not know change nothing, and do not swallow what follows them. */
static void unknown_keys(void)
{
	start();
	type("a\x1B[1;5Cb\x1B[15~c\x1B[200~d\x1Bxe\x1B[Zf\t\x02\x80\xC3\xA4g");
	TEST_CHECK(shows("abcdefg", 7));
	type("\x1B\x1B[Dh\x1B\x05i");
	TEST_CHECK(shows("abcdefhgi", 9));
	type("\x1B[");
	TEST_EQUAL(type("\r"), LINE_ENTERED);
	line_editor_clear(&editor);
	type("x");
	TEST_CHECK(strcmp(editor.line, "x") == 0);
	type("\x1B");
	start();
	type("y");
	TEST_CHECK(shows("y", 1));
}

static void line_ends(void)
{
	start();
	TEST_EQUAL(type("a\r"), LINE_ENTERED);
	TEST_EQUAL(type("\n"), LINE_EDITED);
	TEST_EQUAL(type("\n"), LINE_ENTERED);
	TEST_EQUAL(type("\r"), LINE_ENTERED);
	TEST_EQUAL(type("\r"), LINE_ENTERED);
	TEST_EQUAL(type("b\n"), LINE_ENTERED);
	TEST_EQUAL(type("c\x03"), LINE_CANCELLED);
	TEST_CHECK(strcmp(editor.line, "abc") == 0);
	TEST_EQUAL(type("\x1B[D\x1B[D\r"), LINE_ENTERED);
	TEST_EQUAL(editor.cursor, 3); /* so that the terminal's cursor ends up there */
	start();
	TEST_EQUAL(type("\n"), LINE_ENTERED);
}

static void full_line(void)
{
	char text[LINE_EDITOR_LINE];

	start();
	for (int i = 0; i < 300; i++)
		type("z");
	memset(text, 'z', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	TEST_CHECK(shows(text, LINE_EDITOR_LINE - 1));
	type("\x01y");
	TEST_CHECK(shows(text, 0));
	enter();
	type("\x1B[A");
	TEST_CHECK(shows(text, LINE_EDITOR_LINE - 1));
}

static void history(void)
{
	char line[48];

	start();
	type("\x1B[A\x1B[B");
	TEST_CHECK(shows("", 0));
	type("first");
	enter();
	type("second");
	enter();
	type("second");
	enter(); /* the same again is one line */
	enter(); /* and an empty one none */
	type("third\x1B[A");
	TEST_CHECK(shows("second", 6));
	type("\x1B[A");
	TEST_CHECK(shows("first", 5));
	type("\x1B[A");
	TEST_CHECK(shows("first", 5));
	type("!\x1B[B");
	TEST_CHECK(shows("second", 6));
	type("\x1B[B");
	TEST_CHECK(shows("", 0));
	type("\x1B[B");
	TEST_CHECK(shows("", 0));

	type("\x1B[A\x1B[A");
	enter();
	type("\x1B[A"); /* from the newest again */
	TEST_CHECK(shows("first", 5));
	type("\x1B[A");
	TEST_CHECK(shows("second", 6));

	/* Eight lines of 47 characters stay, however many came before. */
	for (int i = 0; i < 500; i++) {
		type("\x15");
		snprintf(line, sizeof(line), "%-47d", i);
		type(line);
		enter();
	}
	for (int i = 499; i > 491; i--) {
		type("\x1B[A");
		snprintf(line, sizeof(line), "%-47d", i);
		TEST_CHECK(shows(line, 47));
	}
	type("\x1B[A");
	TEST_CHECK(shows(line, 47));
}

/* An editor without any cleverness, for the keys of the random test. */
struct simple {
	char line[LINE_EDITOR_LINE];
	size_t cursor;
};

static void simple_remove(struct simple *simple, size_t from, size_t to)
{
	memmove(simple->line + from, simple->line + to, strlen(simple->line + to) + 1);
	simple->cursor = from;
}

static void simple_word(struct simple *simple)
{
	size_t from = simple->cursor;

	while (from > 0 && simple->line[from - 1] == ' ')
		from--;
	while (from > 0 && simple->line[from - 1] != ' ')
		from--;
	simple_remove(simple, from, simple->cursor);
}

static void simple_key(struct simple *simple, const char *key)
{
	size_t length = strlen(simple->line);

	if (key[0] >= ' ' && key[0] < 0x7F && length < LINE_EDITOR_LINE - 1) {
		memmove(simple->line + simple->cursor + 1, simple->line + simple->cursor,
			length - simple->cursor + 1);
		simple->line[simple->cursor++] = key[0];
	} else if (strcmp(key, "\b") == 0 && simple->cursor > 0) {
		simple_remove(simple, simple->cursor - 1, simple->cursor);
	} else if (strcmp(key, "\x1B[3~") == 0 && simple->cursor < length) {
		simple_remove(simple, simple->cursor, simple->cursor + 1);
	} else if (strcmp(key, "\x1B[D") == 0 && simple->cursor > 0) {
		simple->cursor--;
	} else if (strcmp(key, "\x1B[C") == 0 && simple->cursor < length) {
		simple->cursor++;
	} else if (strcmp(key, "\x01") == 0) {
		simple->cursor = 0;
	} else if (strcmp(key, "\x05") == 0) {
		simple->cursor = length;
	} else if (strcmp(key, "\x0B") == 0) {
		simple_remove(simple, simple->cursor, length);
	} else if (strcmp(key, "\x15") == 0) {
		simple_remove(simple, 0, simple->cursor);
	} else if (strcmp(key, "\x17") == 0) {
		simple_word(simple);
	}
}

/* Drawn in pieces that stop anywhere, the terminal ends up with the line all the same. */
static void random_keys(void)
{
	static const char *const special[] = {"\b",     "\x1B[3~", "\x1B[D", "\x1B[D",
					      "\x1B[C", "\x01",    "\x05",   "\x0B",
					      "\x15",   "\x17",    "\x1B[D", "\b"};
	static const char *const plain[] = {"a", "b", "c", " ", "Z", "~", "[", "3"};
	struct simple simple = {.cursor = 0};
	uint32_t random = 21;

	start();
	for (int round = 0; round < 100000; round++) {
		uint32_t number = test_random(&random);
		const char *key =
			number % 3 == 0
				? special[number / 3 % (sizeof(special) / sizeof(special[0]))]
				: plain[number / 3 % (sizeof(plain) / sizeof(plain[0]))];

		type(key);
		simple_key(&simple, key);
		draw(1 + test_random(&random) % 5, (int)(test_random(&random) % 3));
		if (round % 7 == 0)
			TEST_CHECK(shows(simple.line, (int)simple.cursor));
		TEST_CHECK(strcmp(editor.line, simple.line) == 0 && editor.cursor == simple.cursor);
	}
}

/* Any bytes at all. */
static void noise(void)
{
	uint32_t random = 77;

	start();
	for (int round = 0; round < 300000; round++) {
		uint8_t byte = (uint8_t)test_random(&random);
		enum line_event event = line_editor_feed(&editor, byte);

		draw(1 + test_random(&random) % 9, (int)(test_random(&random) % 3));
		if (event == LINE_EDITED)
			continue;
		line_editor_remember(&editor);
		line_editor_clear(&editor);
		memset(row, ' ', sizeof(row));
		column = 0;
	}
	draw(256, 100);
	TEST_EQUAL(column, editor.cursor);
	TEST_CHECK(memcmp(row, editor.line, editor.length) == 0);
}

int main(void)
{
	keys();
	unknown_keys();
	line_ends();
	full_line();
	history();
	random_keys();
	noise();
	return test_end("capsule_line_editor");
}
