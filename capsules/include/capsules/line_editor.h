/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * One line of text, edited from the bytes that a terminal sends, with the lines
 * entered before. What the terminal shows is brought up to date separately and
 * in pieces of any size, so that keys may come faster than they can be echoed.
 */
#ifndef CAPSULES_LINE_EDITOR_H
#define CAPSULES_LINE_EDITOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	LINE_EDITOR_LINE = 72,     /* characters with the NUL: with a short prompt, one row */
	LINE_EDITOR_HISTORY = 384, /* characters: eight lines of 47, or more shorter ones */
};

struct line_editor {
	uint8_t length, cursor;      /* cursor <= length */
	uint8_t drawn, drawn_cursor; /* what the terminal has: characters, place of its cursor */
	uint8_t right;               /* that many of them are as they should be */
	uint8_t escape;              /* how far an escape sequence has come */
	uint8_t escape_number;
	uint8_t recalled; /* 0: the line is new; n: it is the n-th newest of the history */
	bool after_cr;
	uint16_t history_used;
	char line[LINE_EDITOR_LINE];       /* ends with a NUL at `length` */
	char history[LINE_EDITOR_HISTORY]; /* oldest line first, a NUL after each */
};

enum line_event {
	LINE_EDITED,    /* or nothing happened */
	LINE_ENTERED,   /* CR, LF or CR LF */
	LINE_CANCELLED, /* Ctrl-C */
};

void line_editor_init(struct line_editor *self);

/*
 * Takes a key. After ENTERED and CANCELLED the line stays until
 * line_editor_clear(). Only printable ASCII gets into the line, and what does
 * not fit is ignored.
 */
enum line_event line_editor_feed(struct line_editor *self, uint8_t byte);

/*
 * Writes up to `capacity` characters that bring the terminal nearer to the
 * line; returns their number, which is 0 where it shows the line already.
 */
size_t line_editor_draw(struct line_editor *self, char *out, size_t capacity);

/* Adds the line to the history, unless it is empty or the same as the last one. */
void line_editor_remember(struct line_editor *self);

/* Begins an empty line, on a terminal whose cursor is where the line shall begin. */
void line_editor_clear(struct line_editor *self);

#endif
