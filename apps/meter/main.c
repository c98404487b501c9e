/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Measures something, and lets `meter_view` have it in the three ways that memory is
 * shared: the latest sample, a queue of all samples, a buffer full of them. It
 * begins again when its peer is through, or gone.
 */
#include <stdio.h>

#include "detent/loan_buffer.h"
#include "detent/loan_latest.h"
#include "detent/loan_queue.h"
#include "detent/timer.h"

enum { WORDS = 32, SAMPLES = 40, SLOTS = 8, BYTES = 256 };

struct sample {
	uint32_t words[WORDS]; /* all the same: a torn one would show */
};

static struct latest latest;
static struct queue queue;
static struct buffer buffer;

/* A stand-in for a device. */
static const struct sample *measure(void)
{
	static struct sample sample;
	uint32_t number = sample.words[0] + 1;

	for (int i = 0; i < WORDS; i++)
		sample.words[i] = number;
	return &sample;
}

/* The viewer, once it is there and listens. */
static peer_id viewer(void)
{
	peer_id peer;

	while (loan_find_name("meter_view", &peer) != E_OK)
		(void)sleep_ms(2);
	return peer;
}

/* Until the viewer has given the loan back. */
static enum error publish(peer_id peer)
{
	loan_id id;
	enum error error = latest_lend(&latest, peer, &id);

	while (error == E_OK && loan_describe(id, NULL, NULL) == E_OK) {
		latest_publish(&latest, measure());
		latest_publish(&latest, measure());
		(void)sleep_ms(1);
	}
	return error;
}

static enum error send(peer_id peer)
{
	enum error error = queue_lend(&queue, peer);
	int sent = 0;

	while (error == E_OK || error == E_BUSY) {
		if (sent < SAMPLES && (error = queue_put(&queue, &sent)) == E_OK)
			sent++;
		else
			(void)sleep_ms(1);
		if (loan_describe(queue.loan, NULL, NULL) != E_OK)
			break; /* the viewer has enough */
	}
	printf("meter: %d sent\n", sent);
	return error == E_BUSY || error == E_UNINSTALLED ? E_OK : error;
}

static enum error hand_over(peer_id peer)
{
	uint8_t *bytes = buffer_bytes(&buffer);
	enum error error;

	for (size_t i = 0; i < buffer.length; i++)
		bytes[i] = (uint8_t)i;
	error = buffer_hand_over(&buffer, peer);
	if (error != E_OK)
		return error;
	printf("meter: %s\n", buffer_bytes(&buffer) == NULL ? "handed over" : "still here");
	buffer_await(&buffer);
	printf("meter: back, first byte %u\n", buffer_bytes(&buffer)[0]);
	return E_OK;
}

int main(void)
{
	enum error error = latest_make(&latest, sizeof(struct sample));

	if (error == E_OK)
		error = queue_make(&queue, QUEUE_PUTS, sizeof(int), SLOTS);
	if (error == E_OK)
		error = buffer_make(&buffer, BYTES);
	if (error != E_OK) {
		printf("meter: %s\n", error_text(error));
		return 1;
	}
	for (;;) {
		peer_id peer = viewer();

		error = publish(peer);
		if (error == E_OK)
			error = send(peer);
		if (error == E_OK)
			error = hand_over(peer);
		if (error != E_OK && error != E_NODEVICE)
			printf("meter: %s\n", error_text(error));
		(void)sleep_ms(2);
	}
}
