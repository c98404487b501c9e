/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* LINK: capsules/src/console_driver.c tests/unit/fake_kernel.c tests/unit/fake_devices.c */
#include "console_fixture.h"

static void plain_commands(void)
{
	start();

	struct process_id a = fake_start("a");

	fake_set_memory(a, false);
	TEST_CHECK(succeeds(command(a, 0, 0)));
	TEST_CHECK(fails(command(a, 1, 1), E_NOMEM));
	TEST_CHECK(fails(command(a, 2, 1), E_NOMEM));
	TEST_CHECK(succeeds(command(a, 3, 0)));
	TEST_CHECK(fails(command(a, 4, 0), E_NOSUPPORT));
	TEST_CHECK(fails(command(a, UINT32_MAX, 0), E_NOSUPPORT));
}

/* Text much longer than a chunk comes out whole, and in order, whatever its lines. */
static void long_text(void)
{
	static char text[1000];

	start();

	struct process_id a = fake_start("a");
	uint32_t random = 5;

	for (int round = 0; round < 50; round++) {
		uint32_t length = 1 + test_random(&random) % (sizeof(text) - 1);

		for (uint32_t i = 0; i < length; i++)
			text[i] = test_random(&random) % 40 == 0 ? '\n' : (char)('a' + i % 26);
		text[length] = '\0';
		write_text(a, text);
		fake_uart_settle(&uart);
		TEST_CHECK(sent_is(text));
		TEST_CHECK(fake_yields(a, WRITTEN, length, length));
	}
}

/* A chunk ends where its last line does, so that others do not come in the middle of one. */
static void chunks_end_with_lines(void)
{
	start();

	struct process_id a = fake_start("a");

	write_text(a, "first line\nsecond line\n"
		      "a third one, long enough not to fit into the same chunk\n");
	fake_uart_step(&uart);
	TEST_CHECK(sent_is("first line\nsecond line\n"));
	fake_uart_step(&uart);
	TEST_CHECK(sent_is("a third one, long enough not to fit into the same chunk\n"));
	TEST_CHECK(!fake_uart_step(&uart));
}

static void length_is_limited(void)
{
	start();

	struct process_id a = fake_start("a");

	share_text(a, "abcdef");
	TEST_CHECK(succeeds(command(a, 1, 3)));
	fake_uart_settle(&uart);
	TEST_CHECK(sent_is("abc"));
	TEST_CHECK(fake_yields(a, WRITTEN, 3, 3));
	TEST_CHECK(succeeds(command(a, 1, UINT32_MAX)));
	fake_uart_settle(&uart);
	TEST_CHECK(sent_is("abcdef"));
	TEST_CHECK(fake_yields(a, WRITTEN, 6, 6));
	fake_allow_ro(&console.driver, a, 1, NULL, 0);
	TEST_CHECK(succeeds(command(a, 1, 5)));
	TEST_CHECK(fake_yields(a, WRITTEN, 0, 0));
	TEST_CHECK(!fake_uart_step(&uart));
}

/* Each write goes out whole; who wants to write again waits for the others first. */
static void writers_take_turns(void)
{
	static char text[3][151];
	struct process_id id[3];
	static char all[2000];

	start();
	all[0] = '\0';
	for (int i = 0; i < 3; i++) {
		memset(text[i], 'a' + i, 150);
		id[i] = fake_start("writer");
	}
	for (int i = 0; i < 3; i++)
		write_text(id[i], text[i]);
	for (int steps = 0; steps < 60 && fake_uart_step(&uart); steps++) {
		strcat(all, fake_uart_sent(&uart));
		for (int i = 0; i < 3; i++)
			if (fake_yields(id[i], WRITTEN, 150, 150) && steps < 20)
				write_text(id[i], text[i]);
	}
	for (size_t at = 0; at + 150 <= strlen(all); at += 150)
		TEST_CHECK(memcmp(all + at, text[at / 150 % 3], 150) == 0);
	TEST_CHECK(strlen(all) >= 900 && strlen(all) % 150 == 0);
}

static void writer_ends(void)
{
	static char text[301];

	start();
	memset(text, 'x', 300);

	struct process_id a = fake_start("a");
	struct process_id b = fake_start("b");
	struct process_id c = fake_start("c");
	struct fake_upcall upcall;

	write_text(a, text);
	write_text(b, text);
	write_text(c, "c");
	fake_uart_step(&uart);
	fake_end(a);
	fake_end(b);
	fake_unload(0);

	struct process_id again = fake_start("again");

	fake_uart_settle(&uart);
	TEST_EQUAL(strlen(fake_uart_sent(&uart)), 64 + 64 + 1);
	TEST_CHECK(fake_yields(c, WRITTEN, 1, 1));
	TEST_CHECK(!fake_yield(again, &upcall));
	write_text(again, "new");
	fake_uart_settle(&uart);
	TEST_CHECK(sent_is("new"));

	/* One whose chunk was replaced ends; what comes next is counted right. */
	write_text(again, text);
	write_text(again, "other");
	fake_end(again);
	fake_unload(0);
	again = fake_start("again");
	write_text(again, "abc");
	fake_uart_settle(&uart);
	TEST_EQUAL(strlen(fake_uart_sent(&uart)), 64 + 3);
	TEST_CHECK(fake_yields(again, WRITTEN, 3, 3));

	/* The last of all ends with a chunk under way, and nobody is left. */
	write_text(again, text);
	fake_end(again);
	fake_end(c);
	fake_uart_settle(&uart);
	struct process_id last = fake_start("last");

	write_text(last, "z");
	fake_uart_settle(&uart);
	TEST_EQUAL(strlen(fake_uart_sent(&uart)), 64 + 1);
}

static void buffer_shrinks(void)
{
	static char text[301];

	start();
	memset(text, 'x', 300);

	struct process_id a = fake_start("a");
	struct process_id b = fake_start("b");

	write_text(a, text);
	write_text(b, "b");
	fake_uart_step(&uart);
	fake_allow_ro(&console.driver, a, 1, text, 100);
	fake_uart_settle(&uart);
	TEST_EQUAL(strlen(fake_uart_sent(&uart)), 129);
	TEST_CHECK(fake_yields(a, WRITTEN, 128, 128));
	TEST_CHECK(fake_yields(b, WRITTEN, 1, 1));
}

static void cancelling(void)
{
	static char text[301];

	start();
	memset(text, 'x', 300);

	struct process_id a = fake_start("a");
	struct process_id b = fake_start("b");
	struct fake_upcall upcall;

	TEST_CHECK(succeeds(command(a, 1, 0)));
	TEST_CHECK(fake_yields(a, WRITTEN, 0, 0));

	/* A chunk under way cannot be called back, and is counted. */
	write_text(a, text);
	fake_uart_step(&uart);
	write_text(b, text);
	TEST_CHECK(succeeds(command(a, 1, 0)));
	TEST_CHECK(!fake_yield(a, &upcall));
	TEST_CHECK(succeeds(command(b, 1, 0)));
	TEST_CHECK(fake_yields(b, WRITTEN, 0, 0));
	fake_uart_settle(&uart);
	TEST_CHECK(fake_yields(a, WRITTEN, 128, 128));
	TEST_EQUAL(strlen(fake_uart_sent(&uart)), 128);

	/* Replaced: begins anew; one upcall in all. */
	write_text(a, text);
	write_text(a, "again");
	fake_uart_settle(&uart);
	TEST_EQUAL(strlen(fake_uart_sent(&uart)), 64 + 5);
	TEST_CHECK(fake_yields(a, WRITTEN, 5, 5));
	TEST_CHECK(!fake_yield(a, &upcall));

	/* Replaced when some of it was sent. */
	write_text(a, text);
	fake_uart_step(&uart);
	write_text(a, "once more");
	fake_uart_settle(&uart);
	TEST_EQUAL(strlen(fake_uart_sent(&uart)), 128 + 9);
	TEST_CHECK(fake_yields(a, WRITTEN, 9, 9));

	/* Replaced and then cancelled, with the first chunk still under way. */
	write_text(a, text);
	write_text(a, "again");
	TEST_CHECK(succeeds(command(a, 1, 0)));
	fake_uart_settle(&uart);
	TEST_CHECK(fake_yields(a, WRITTEN, 0, 0));
	TEST_CHECK(!fake_yield(a, &upcall));
}

static void port_fails(void)
{
	static char text[301];

	start();
	memset(text, 'x', 300);

	struct process_id a = fake_start("a");
	struct process_id b = fake_start("b");

	uart.refuse_transmit = true;
	write_text(a, text);
	TEST_CHECK(fake_yields(a, WRITTEN, 0, 0));
	uart.refuse_transmit = false;
	write_text(a, text);
	write_text(b, "b");
	fake_uart_step(&uart);
	uart.fail_transmit = true;
	fake_uart_step(&uart);
	TEST_CHECK(fake_yields(a, WRITTEN, 64, 64));
	uart.fail_transmit = false;
	fake_uart_settle(&uart);
	TEST_CHECK(fake_yields(b, WRITTEN, 1, 1));

	/* Refused in the middle of it all: everybody is told, nobody hangs. */
	write_text(a, text);
	write_text(b, "b");
	uart.refuse_transmit = true;
	fake_uart_step(&uart);
	TEST_CHECK(fake_yields(a, WRITTEN, 64, 64));
	TEST_CHECK(fake_yields(b, WRITTEN, 0, 0));
	uart.refuse_transmit = false;
	write_text(b, "b");
	fake_uart_settle(&uart);
	TEST_CHECK(fake_yields(b, WRITTEN, 1, 1));
}

int main(void)
{
	plain_commands();
	long_text();
	chunks_end_with_lines();
	length_is_limited();
	writers_take_turns();
	writer_ends();
	buffer_shrinks();
	cancelling();
	port_fails();
	return test_end("capsule_console_driver");
}
