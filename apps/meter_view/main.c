/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Shows what `meter` lends: the latest sample, a queue of samples, a buffer. */
#include <stdio.h>

#include "detent/loan_buffer.h"
#include "detent/loan_latest.h"
#include "detent/loan_queue.h"
#include "detent/timer.h"

enum { WORDS = 32, READS = 300, CHANGES = 3, SAMPLES = 40, BYTES = 256 };

struct sample {
	uint32_t words[WORDS];
};

/* A name is what an application calls itself; loan_find_short_id() knows better. */
static bool is_meter(const struct loan *loan)
{
	peer_id meter;

	return loan_find_name("meter", &meter) == E_OK && loan->lender == meter;
}

static enum error await_meter(struct loan *loan)
{
	enum error error = loan_await(loan);

	if (error == E_OK && !is_meter(loan)) {
		loan_return(loan->id);
		error = E_INVAL;
	}
	return error;
}

static bool is_torn(const struct sample *sample)
{
	for (int i = 1; i < WORDS; i++)
		if (sample->words[i] != sample->words[0])
			return true;
	return false;
}

/* Many reads between two pauses; rarely is one of them interrupted by the meter. */
static enum error watch(const struct loan *loan)
{
	struct latest_view view;
	struct sample sample;
	uint32_t seen = 0;
	int torn = 0, changes = 0;
	enum error error = latest_open(&view, loan, sizeof(sample));

	for (int i = 0; error == E_OK && changes < CHANGES; i++) {
		error = latest_read(&view, &sample);
		torn += error == E_OK && is_torn(&sample);
		changes += error == E_OK && view.version != seen;
		seen = view.version;
		if (error == E_RESERVE || error == E_BUSY)
			error = E_OK;
		if (i % READS == READS - 1)
			(void)sleep_ms(2);
	}
	printf("view: latest: %s, %d changes, %d torn\n", error_text(error), changes, torn);
	return error;
}

static enum error drain(const struct loan *loan)
{
	struct queue queue;
	int item, taken = 0, wrong = 0;
	enum error error = queue_open(&queue, loan, QUEUE_TAKES, sizeof(item));

	while (error == E_OK && taken < SAMPLES) {
		error = queue_take(&queue, &item);
		if (error == E_OK)
			wrong += item != taken++;
		if (error == E_BUSY)
			error = sleep_ms(1);
	}
	printf("view: queue: %s, %d taken, %d wrong\n", error_text(error), taken, wrong);
	return error;
}

static enum error with(enum error (*use)(const struct loan *loan))
{
	struct loan loan;
	enum error error = await_meter(&loan);

	if (error != E_OK)
		return error;
	error = use(&loan);
	loan_return(loan.id);
	return error;
}

static enum error receive(void)
{
	struct loan loan;
	enum error error = buffer_accept(&loan);

	if (error != E_OK)
		return error;
	if (is_meter(&loan) && loan.length >= BYTES) {
		uint8_t *bytes = loan.start;

		printf("view: buffer: byte 7 is %u\n", bytes[7]);
		bytes[0] = 99;
	}
	return loan_return(loan.id);
}

int main(void)
{
	for (;;) {
		enum error error = with(watch);

		if (error == E_OK)
			error = with(drain);
		if (error == E_OK)
			error = receive();
		if (error != E_OK)
			printf("view: %s\n", error_text(error));
	}
}
