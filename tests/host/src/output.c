/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What the board printed, and conditions on it. */
#include "state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct host_output host_console_output, host_log_output;

/* Full: the older half goes. */
static void make_room(struct host_output *output, size_t length)
{
	size_t gone = HOST_OUTPUT / 2;

	if (output->length + length < HOST_OUTPUT)
		return;
	memmove(output->text, output->text + gone, output->length - gone);
	output->length -= gone;
	output->mark = output->mark > gone ? output->mark - gone : 0;
}

void host_output_add(struct host_output *output, const void *bytes, size_t length)
{
	make_room(output, length);
	memcpy(output->text + output->length, bytes, length);
	output->length += length;
	output->text[output->length] = '\0';
	if (getenv("HOST_ECHO") != NULL)
		fwrite(bytes, 1, length, stderr);
}

const char *host_console(void)
{
	return host_console_output.text;
}

const char *host_log(void)
{
	return host_log_output.text;
}

static void clear(struct host_output *output)
{
	output->length = 0;
	output->mark = 0;
	output->text[0] = '\0';
}

void host_console_clear(void)
{
	clear(&host_console_output);
	clear(&host_log_output);
}

/* Looks behind what was found before; what is found moves the mark. */
static bool saw(struct host_output *output, const char *text)
{
	const char *place = memmem(output->text + output->mark, output->length - output->mark, text,
				   strlen(text));

	if (place == NULL)
		return false;
	output->mark = (size_t)(place - output->text) + strlen(text);
	return true;
}

static bool console_saw(const struct host_condition *condition)
{
	return saw(&host_console_output, condition->text);
}

static bool log_saw(const struct host_condition *condition)
{
	return saw(&host_log_output, condition->text);
}

struct host_condition host_console_saw(const char *text)
{
	return (struct host_condition){.holds = console_saw, .text = text};
}

struct host_condition host_log_saw(const char *text)
{
	return (struct host_condition){.holds = log_saw, .text = text};
}
