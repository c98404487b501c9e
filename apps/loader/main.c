/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Installs, updates, lists and removes applications as `detent install --over` and
 * its like tell it over the console. The board has to let an application of this
 * name install others.
 *
 * What arrives while nobody reads is lost, so the next read begins before the
 * answer to the last frame goes out.
 */
#include <stdio.h>
#include <string.h>

#include "detent.h"
#include "protocol.h"

enum {
	ECHO_MS = 30,      /* how long the echo of a frame may take */
	WHOLE_ANSWER = 60, /* characters that the console sends in one piece */
};

static char incoming[FRAME_SIZE];
static char reply[REPLY_SIZE]; /* to the frame with the number `last_number` */
static uint32_t reply_length;
static int last_number = -1;
static char complaint[REPLY_SIZE];
static volatile bool arrived;

static void frame_arrived(enum error error, size_t length, void *context)
{
	(void)length;
	(void)context;
	if (error != E_OK)
		process_exit(1);
	arrived = true;
}

/* Reads the characters that follow the first `have`. */
static void listen(uint32_t have)
{
	arrived = false;
	if (console_read_start(incoming + have, FRAME_SIZE - have, frame_arrived, NULL) != E_OK)
		process_exit(1);
}

/*
 * Characters were lost or are too many: a frame begins where the next > is. False:
 * there is none.
 */
static bool realign(void)
{
	const char *next = memchr(incoming + 1, '>', FRAME_SIZE - 1);

	if (next == NULL)
		return false;

	uint32_t have = (uint32_t)(incoming + FRAME_SIZE - next);

	memmove(incoming, next, have);
	listen(have);
	return true;
}

/* The console would put the echo of what came into the middle of a long answer. */
static void send(const char *text, uint32_t length)
{
	if (length > WHOLE_ANSWER)
		sleep_ms(ECHO_MS);
	console_write(text, length);
}

static void answer_text(unsigned int number, const char *text)
{
	reply_length = reply_make(reply, number, text);
}

/* "ok" with a value, or what went wrong; the kernel has a reason where it refused a binary. */
static void answer(const struct frame *frame, enum error error, uint32_t value)
{
	unsigned int number = frame->number;
	char text[REPLY_SIZE - 16];
	char reason[96] = "";

	if (error == E_OK) {
		snprintf(text, sizeof(text), "ok %08lx", (unsigned long)value);
	} else {
		if (frame->verb == 'F')
			app_install_reason(reason, sizeof(reason));
		snprintf(text, sizeof(text), "error %d %s", (int)error, reason);
	}
	answer_text(number, text);
}

static void answer_entry(unsigned int number, uint32_t index)
{
	char text[REPLY_SIZE - 16];
	char name[APP_INSTALL_NAME_MAX + 1];
	struct app_entry entry;
	enum error error = app_entry_get(index, &entry);

	if (error != E_OK) {
		snprintf(text, sizeof(text), "error %d", (int)error);
		answer_text(number, text);
		return;
	}
	for (uint32_t i = 0; i < entry.name_length; i++)
		name[i] = (char)(entry.name[i] > ' ' && entry.name[i] <= '~' ? entry.name[i] : '?');
	name[entry.name_length] = '\0';
	snprintf(text, sizeof(text), "ok %lx %lx %lx %lx %lx %lx %lx %s",
		 (unsigned long)entry.address, (unsigned long)entry.size,
		 (unsigned long)entry.short_id, (unsigned long)entry.version,
		 (unsigned long)entry.flags, (unsigned long)entry.state,
		 (unsigned long)entry.min_ram, name);
	answer_text(number, text);
}

static enum error write_zeros(uint32_t offset, uint32_t length)
{
	static const uint8_t zeros[256];
	enum error error = E_OK;

	while (length != 0 && error == E_OK) {
		uint32_t count = length < sizeof(zeros) ? length : sizeof(zeros);

		error = app_install_write(offset, zeros, count);
		offset += count;
		length -= count;
	}
	return error;
}

static void obey(const struct frame *frame)
{
	uint32_t value = 0;
	enum error error;

	switch (frame->verb) {
	case 'H':
		answer_text(frame->number, "ok detent-loader 1");
		return;
	case 'L':
		answer_entry(frame->number, frame->argument[0]);
		return;
	case 'B':
		error = app_install_reserve(frame->argument[0], frame->argument[1], &value);
		break;
	case 'W':
		error = app_install_write(frame->argument[0], frame->data, frame->length);
		break;
	case 'Z':
		error = write_zeros(frame->argument[0], frame->argument[1]);
		break;
	case 'F':
		error = app_install_finalize(frame->argument[0], &value);
		break;
	case 'S':
		error = app_load(frame->argument[0]);
		break;
	case 'U':
		error = app_uninstall(frame->argument[0]);
		break;
	case 'A':
		error = app_install_abort();
		break;
	case 'G':
		error = app_entry_set_flags(frame->argument[0], frame->argument[1]);
		break;
	default:
		error = E_NOSUPPORT;
		break;
	}
	answer(frame, error, value);
}

int main(void)
{
	static struct frame frame;

	if (!app_install_permitted()) {
		printf("loader: this board does not let me install applications\n");
		return 1;
	}
	listen(0);
	printf("loader: ready\n");
	for (;;) {
		while (!arrived)
			yield();
		if (!frame_parse(incoming, &frame)) {
			if (realign())
				continue;
			listen(0);
			send(complaint, reply_make(complaint, 0, "error damaged frame"));
			continue;
		}
		if (frame.number != last_number)
			obey(&frame);
		last_number = frame.number;
		listen(0);
		send(reply, reply_length);
	}
}
