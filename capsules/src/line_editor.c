/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "capsules/line_editor.h"

enum {
	CTRL_A = 0x01,
	CTRL_C = 0x03,
	CTRL_E = 0x05,
	CTRL_H = 0x08,
	CTRL_K = 0x0B,
	CTRL_U = 0x15,
	CTRL_W = 0x17,
	ESCAPE = 0x1B,
	RUBOUT = 0x7F,
};

enum escape_state { ESCAPE_NONE, ESCAPE_BEGUN, ESCAPE_BRACKET, ESCAPE_LETTER };

/* Characters from `index` on differ from what the terminal shows. */
static void changed_from(struct line_editor *self, uint8_t index)
{
	if (self->right > index)
		self->right = index;
}

static void insert(struct line_editor *self, char character)
{
	if (self->length == sizeof(self->line) - 1)
		return;
	for (uint8_t i = self->length; i > self->cursor; i--)
		self->line[i] = self->line[i - 1];
	self->line[self->cursor] = character;
	changed_from(self, self->cursor);
	self->cursor++;
	self->length++;
	self->line[self->length] = '\0';
}

/* Removes [from, to) and leaves the cursor there. */
static void erase(struct line_editor *self, uint8_t from, uint8_t to)
{
	uint8_t count = (uint8_t)(to - from);

	self->length = (uint8_t)(self->length - count);
	for (uint8_t i = from; i < self->length; i++)
		self->line[i] = self->line[i + count];
	self->line[self->length] = '\0';
	self->cursor = from;
	changed_from(self, from);
}

static uint8_t word_start(const struct line_editor *self)
{
	uint8_t start = self->cursor;

	while (start > 0 && self->line[start - 1] == ' ')
		start--;
	while (start > 0 && self->line[start - 1] != ' ')
		start--;
	return start;
}

/* Where the n-th newest line of the history begins; false: there are fewer. */
static bool history_find(const struct line_editor *self, uint8_t n, uint16_t *start)
{
	uint16_t at = self->history_used;

	for (; n > 0; n--) {
		if (at == 0)
			return false;
		at--;
		while (at > 0 && self->history[at - 1] != '\0')
			at--;
	}
	*start = at;
	return true;
}

static void recall(struct line_editor *self, uint8_t n)
{
	uint16_t start;

	if (n == UINT8_MAX || !history_find(self, n, &start))
		return;
	self->recalled = n;
	erase(self, 0, self->length);
	if (n == 0)
		return;
	while (self->history[start] != '\0')
		insert(self, self->history[start++]);
}

static void history_forget_oldest(struct line_editor *self)
{
	uint16_t count = 0;

	while (self->history[count++] != '\0') {
	}
	self->history_used = (uint16_t)(self->history_used - count);
	for (uint16_t i = 0; i < self->history_used; i++)
		self->history[i] = self->history[i + count];
}

static bool is_newest(const struct line_editor *self)
{
	uint16_t at;

	if (!history_find(self, 1, &at))
		return false;
	for (uint8_t i = 0; i <= self->length; i++)
		if (self->history[at + i] != self->line[i])
			return false;
	return true;
}

void line_editor_remember(struct line_editor *self)
{
	if (self->length == 0 || is_newest(self))
		return;
	while (self->history_used + self->length + 1u > sizeof(self->history))
		history_forget_oldest(self);
	for (uint8_t i = 0; i <= self->length; i++)
		self->history[self->history_used++] = self->line[i];
}

void line_editor_clear(struct line_editor *self)
{
	self->length = 0;
	self->cursor = 0;
	self->line[0] = '\0';
	self->drawn = 0;
	self->drawn_cursor = 0;
	self->right = 0;
	self->recalled = 0;
}

void line_editor_init(struct line_editor *self)
{
	line_editor_clear(self);
	self->escape = ESCAPE_NONE;
	self->after_cr = false;
	self->history_used = 0;
}

static void move(struct line_editor *self, char final)
{
	switch (final) {
	case 'A':
		recall(self, (uint8_t)(self->recalled + 1));
		break;
	case 'B':
		if (self->recalled > 0)
			recall(self, (uint8_t)(self->recalled - 1));
		break;
	case 'C':
		if (self->cursor < self->length)
			self->cursor++;
		break;
	case 'D':
		if (self->cursor > 0)
			self->cursor--;
		break;
	case 'H':
		self->cursor = 0;
		break;
	case 'F':
		self->cursor = self->length;
		break;
	default:
		break;
	}
}

/* Sequences that end with a tilde: some terminals send them for these keys. */
static void numbered_key(struct line_editor *self)
{
	switch (self->escape_number) {
	case 1:
	case 7:
		self->cursor = 0;
		break;
	case 3:
		if (self->cursor < self->length)
			erase(self, self->cursor, (uint8_t)(self->cursor + 1));
		break;
	case 4:
	case 8:
		self->cursor = self->length;
		break;
	default:
		break;
	}
}

static void escape_feed(struct line_editor *self, uint8_t byte)
{
	if (self->escape == ESCAPE_BEGUN) {
		self->escape = byte == '['   ? ESCAPE_BRACKET
			       : byte == 'O' ? ESCAPE_LETTER
					     : ESCAPE_NONE;
		self->escape_number = 0;
		return;
	}
	if (self->escape == ESCAPE_BRACKET && byte >= '0' && byte <= '9') {
		if (self->escape_number < 10)
			self->escape_number = (uint8_t)(self->escape_number * 10 + (byte - '0'));
		return;
	}
	if (self->escape == ESCAPE_BRACKET && byte >= 0x20 && byte < 0x40)
		return; /* further parameters: shift and the like */
	self->escape = ESCAPE_NONE;
	if (byte == '~')
		numbered_key(self);
	else
		move(self, (char)byte);
}

static void control(struct line_editor *self, uint8_t byte)
{
	self->escape = ESCAPE_NONE;
	switch (byte) {
	case CTRL_A:
		self->cursor = 0;
		break;
	case CTRL_E:
		self->cursor = self->length;
		break;
	case CTRL_H:
	case RUBOUT:
		if (self->cursor > 0)
			erase(self, (uint8_t)(self->cursor - 1), self->cursor);
		break;
	case CTRL_K:
		erase(self, self->cursor, self->length);
		break;
	case CTRL_U:
		erase(self, 0, self->cursor);
		break;
	case CTRL_W:
		erase(self, word_start(self), self->cursor);
		break;
	case ESCAPE:
		self->escape = ESCAPE_BEGUN;
		break;
	default:
		break;
	}
}

enum line_event line_editor_feed(struct line_editor *self, uint8_t byte)
{
	bool second_half = byte == '\n' && self->after_cr;

	self->after_cr = byte == '\r';
	if (second_half)
		return LINE_EDITED;
	if (byte == '\r' || byte == '\n' || byte == CTRL_C) {
		self->escape = ESCAPE_NONE;
		self->cursor = self->length;
		return byte == CTRL_C ? LINE_CANCELLED : LINE_ENTERED;
	}
	if (self->escape != ESCAPE_NONE && byte >= 0x20 && byte < 0x7F)
		escape_feed(self, byte);
	else if (byte < 0x20 || byte == RUBOUT)
		control(self, byte);
	else if (byte < 0x7F)
		insert(self, (char)byte);
	return LINE_EDITED;
}

/* A line that got shorter is overwritten with blanks, which any terminal can. */
size_t line_editor_draw(struct line_editor *self, char *out, size_t capacity)
{
	size_t count = 0;

	while (count < capacity) {
		uint8_t end = self->length > self->drawn ? self->length : self->drawn;
		bool settled = self->right == end;
		uint8_t goal = settled ? self->cursor : self->right;

		if (settled) {
			self->drawn = self->length;
			self->right = self->length;
		}
		if (self->drawn_cursor > goal) {
			out[count++] = '\b';
			self->drawn_cursor--;
			continue;
		}
		if (settled && self->drawn_cursor == goal)
			break;

		uint8_t at = self->drawn_cursor++;

		out[count++] = at < self->length ? self->line[at] : ' ';
		if (self->right == at)
			self->right = self->drawn_cursor;
		if (self->drawn < self->drawn_cursor)
			self->drawn = self->drawn_cursor;
	}
	return count;
}
