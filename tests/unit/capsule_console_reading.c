/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* LINK: capsules/src/console_driver.c tests/unit/fake_kernel.c tests/unit/fake_devices.c */
#include "console_fixture.h"

static void reading(void)
{
	char buffer[8] = "........";

	start();

	struct process_id a = fake_start("a");
	struct fake_upcall upcall;

	TEST_CHECK(fails(command(a, 2, 4), E_BUSY)); /* nothing shared */
	fake_allow_rw(&console.driver, a, 1, buffer, sizeof(buffer));
	TEST_CHECK(fails(command(a, 2, 0), E_SIZE));
	TEST_CHECK(succeeds(command(a, 2, 4)));
	TEST_CHECK(fails(command(a, 2, 4), E_BUSY));
	fake_uart_type(&uart, "abc");
	TEST_CHECK(!fake_yield(a, &upcall));
	fake_uart_type(&uart, "d");
	TEST_CHECK(fake_yields(a, READ, 0, 4));
	TEST_CHECK(memcmp(buffer, "abcd....", 8) == 0);

	/* More than is shared: as much as that. */
	TEST_CHECK(succeeds(command(a, 2, 100)));
	fake_uart_type(&uart, "12345678");
	TEST_CHECK(fake_yields(a, READ, 0, 8));

	TEST_CHECK(succeeds(command(a, 2, 8)));
	fake_uart_type(&uart, "xy");
	TEST_CHECK(succeeds(command(a, 3, 0)));
	TEST_CHECK(fake_yields(a, READ, E_CANCEL, 2));
	TEST_CHECK(succeeds(command(a, 3, 0)));
	TEST_CHECK(!fake_yield(a, &upcall));

	TEST_CHECK(succeeds(command(a, 2, 8)));
	fake_uart_fail_receive(&uart);
	TEST_CHECK(fake_yields(a, READ, E_FAIL, 0));
}

static void read_buffer_goes(void)
{
	char buffer[8];

	start();

	struct process_id a = fake_start("a");

	read_into(a, buffer, 8);
	fake_uart_type(&uart, "ab");
	fake_allow_rw(&console.driver, a, 1, buffer, 2);
	fake_uart_type(&uart, "c");
	TEST_CHECK(fake_yields(a, READ, E_SIZE, 2));
	read_into(a, buffer, 8);
	fake_uart_type(&uart, "d");
	fake_allow_rw(&console.driver, a, 1, NULL, 0);
	fake_uart_type(&uart, "e");
	TEST_CHECK(fake_yields(a, READ, E_NOMEM, 0));

	/* The byte that it could not take is the next reader's. */
	start();
	a = fake_start("a");

	struct process_id b = fake_start("b");
	char other[1];

	read_into(a, buffer, 8);
	fake_uart_type(&uart, "fgh");
	read_into(b, other, 1);
	fake_allow_rw(&console.driver, a, 1, buffer, 1);
	fake_uart_type(&uart, "i");
	TEST_CHECK(fake_yields(a, READ, E_SIZE, 1));
	TEST_CHECK(fake_yields(b, READ, 0, 1) && other[0] == 'i');
}

static void readers_take_turns(void)
{
	char buffer[3][4];
	struct process_id id[3];

	start();
	memset(buffer, 0, sizeof(buffer));
	for (int i = 0; i < 3; i++) {
		id[i] = fake_start("reader");
		read_into(id[i], buffer[i], 2);
	}
	for (int round = 0; round < 4; round++) {
		fake_uart_type(&uart, "a\r");
		TEST_CHECK(fake_yields(id[0], READ, 0, 2));
		read_into(id[0], buffer[0], 2);
		fake_uart_type(&uart, "b\rc\r");
		TEST_CHECK(fake_yields(id[1], READ, 0, 2));
		TEST_CHECK(fake_yields(id[2], READ, 0, 2));
		TEST_CHECK(memcmp(buffer, "a\r\0\0b\r\0\0c\r\0", 12) == 0);
		read_into(id[1], buffer[1], 2);
		read_into(id[2], buffer[2], 2);
	}

	/* One that ends in the middle of its read leaves the rest to the next. */
	fake_uart_type(&uart, "a");
	fake_end(id[0]);
	fake_uart_type(&uart, "xy");
	TEST_CHECK(fake_yields(id[1], READ, 0, 2));
	TEST_CHECK(memcmp(buffer[1], "xy", 2) == 0);
}

/* Whatever ends a read early, the same process's next one waits for the others'. */
static void early_end_is_no_advantage(void)
{
	char mine[4], other[1];

	start();

	struct process_id a = fake_start("a");
	struct process_id b = fake_start("b");

	read_into(a, mine, 4);
	fake_uart_type(&uart, "x");
	read_into(b, other, 1);
	TEST_CHECK(succeeds(command(a, 3, 0)));
	TEST_CHECK(fake_yields(a, READ, E_CANCEL, 1));
	read_into(a, mine, 4);
	fake_uart_type(&uart, "y");
	TEST_CHECK(fake_yields(b, READ, 0, 1) && other[0] == 'y');

	/* A read of another's does not count. */
	start();
	a = fake_start("a");
	b = fake_start("b");
	read_into(a, mine, 4);
	fake_uart_type(&uart, "z");
	read_into(b, other, 1);
	TEST_CHECK(succeeds(command(b, 3, 0)));
	TEST_CHECK(fake_yields(b, READ, E_CANCEL, 0));
	read_into(b, other, 1);
	fake_uart_type(&uart, "1");
	fake_uart_fail_receive(&uart);
	TEST_CHECK(fake_yields(a, READ, E_FAIL, 2));
	TEST_CHECK(fake_yields(b, READ, E_FAIL, 0));
	read_into(a, mine, 4);
	read_into(b, other, 1);
	fake_uart_type(&uart, "2");
	TEST_CHECK(fake_yields(b, READ, 0, 1) && other[0] == '2');

	/* A buffer that was too short ends the read; the next byte is another's. */
	start();
	a = fake_start("a");
	b = fake_start("b");
	read_into(a, mine, 4);
	fake_uart_type(&uart, "3");
	read_into(b, other, 1);
	fake_allow_rw(&console.driver, a, 1, mine, 1);
	fake_uart_type(&uart, "4");
	TEST_CHECK(fake_yields(a, READ, E_SIZE, 1));
	TEST_CHECK(fake_yields(b, READ, 0, 1) && other[0] == '4');
}

/* Read byte by byte, a line loses nothing; what nobody asked for is dropped. */
static void kept_bytes(void)
{
	char byte[1], line[8];

	start();

	struct process_id a = fake_start("a");
	struct process_id b = fake_start("b");
	struct fake_upcall upcall;

	fake_uart_type(&uart, "nobody waits\r");
	read_into(a, byte, 1);
	TEST_CHECK(!fake_yield(a, &upcall));
	fake_uart_type(&uart, "42\r\nlist\r");
	for (const char *expected = "42\r"; *expected != '\0'; expected++) {
		TEST_CHECK(fake_yields(a, READ, 0, 1));
		TEST_CHECK(byte[0] == *expected);
		TEST_CHECK(succeeds(command(a, 2, 1)));
	}
	TEST_CHECK(!fake_yield(a, &upcall));

	/* What is kept for one process goes to no other. */
	fake_uart_type(&uart, "secret");
	TEST_CHECK(fake_yields(a, READ, 0, 1));
	read_into(b, line, 1);
	TEST_CHECK(!fake_yield(b, &upcall));
	fake_end(a);
	fake_unload(0);
	a = fake_start("a");
	read_into(a, byte, 1);
	TEST_CHECK(!fake_yield(a, &upcall));

	/* Longer than what is kept: the beginning of it stays whole. */
	start();
	a = fake_start("a");
	read_into(a, byte, 1);
	for (int i = 0; i < 30; i++)
		fake_uart_type(&uart, "abcdefgh");
	TEST_CHECK(fake_yields(a, READ, 0, 1));

	char rest[CONSOLE_DRIVER_KEPT + 1];

	read_into(a, rest, CONSOLE_DRIVER_KEPT);
	TEST_CHECK(fake_yields(a, READ, 0, CONSOLE_DRIVER_KEPT));
	for (size_t i = 0; i < CONSOLE_DRIVER_KEPT; i++)
		TEST_CHECK(rest[i] == (char)('a' + (i + 1) % 8));
}

/* Two that read byte by byte: each gets whole lines, however they come in between. */
static void lines_are_not_shared(void)
{
	char byte[2][1], longer[CONSOLE_DRIVER_KEPT];
	struct process_id id[2];

	start();
	for (int i = 0; i < 2; i++) {
		id[i] = fake_start("reader");
		read_into(id[i], byte[i], 1);
	}
	fake_uart_type(&uart, "ab");
	TEST_CHECK(fake_yields(id[0], READ, 0, 1) && byte[0][0] == 'a');
	fake_uart_type(&uart, "c\rde\r");
	TEST_CHECK(fake_yields(id[1], READ, 0, 1) && byte[1][0] == 'd');
	for (const char *rest = "bc\r"; *rest != '\0'; rest++) {
		read_into(id[0], byte[0], 1);
		TEST_CHECK(fake_yields(id[0], READ, 0, 1) && byte[0][0] == *rest);
	}

	/* A line whose reader is gone, or has given it up, is the others'. */
	start();
	id[0] = fake_start("reader");
	id[1] = fake_start("reader");
	read_into(id[0], byte[0], 1);
	fake_uart_type(&uart, "fg");
	read_into(id[1], byte[1], 1);
	fake_uart_type(&uart, "h");
	TEST_CHECK(fake_yields(id[0], READ, 0, 1) && byte[0][0] == 'f');
	TEST_CHECK(succeeds(command(id[0], 3, 0)));
	fake_uart_type(&uart, "i");
	TEST_CHECK(fake_yields(id[1], READ, 0, 1) && byte[1][0] == 'i');
	fake_end(id[1]);
	for (const char *kept = "gh"; *kept != '\0'; kept++) {
		read_into(id[0], byte[0], 1);
		TEST_CHECK(fake_yields(id[0], READ, 0, 1) && byte[0][0] == *kept);
	}
	read_into(id[0], byte[0], 1);
	fake_uart_type(&uart, "j");
	TEST_CHECK(fake_yields(id[0], READ, 0, 1) && byte[0][0] == 'j');

	/* More of it than can be kept gives it up too. */
	id[1] = fake_start("reader");
	read_into(id[1], longer, sizeof(longer));
	for (size_t i = 0; i < CONSOLE_DRIVER_KEPT; i++)
		fake_uart_type(&uart, "k");
	fake_uart_type(&uart, "l");
	TEST_CHECK(longer[0] == 'l');
}

static void reading_query(void)
{
	char byte[1];

	start();

	struct process_id a = fake_start("a");

	TEST_CHECK(!console_driver_reading(&console));
	read_into(a, byte, 1);
	TEST_CHECK(console_driver_reading(&console));
	fake_uart_type(&uart, "x");
	TEST_CHECK(console_driver_reading(&console)); /* the line goes on */
	fake_uart_type(&uart, "\r");
	TEST_CHECK(!console_driver_reading(&console));
	TEST_CHECK(succeeds(command(a, 2, 1)));
	fake_end(a);
	TEST_CHECK(!console_driver_reading(&console));
}

/* Random use by processes that come and go: nothing breaks, and no write is forgotten. */
static void random_use(void)
{
	enum { USERS = 4 };
	static char text[200];
	static char input[USERS][80];
	struct process_id id[USERS];
	uint32_t random = 99;

	start();
	memset(text, 'r', sizeof(text));
	for (int i = 0; i < USERS; i++)
		id[i] = fake_start("user");
	for (int round = 0; round < 50000; round++) {
		uint32_t i = test_random(&random) % USERS;
		uint32_t length = test_random(&random) % 90;

		switch (test_random(&random) % 10) {
		case 0:
			fake_end(id[i]);
			fake_unload(id[i].raw & 0xFF);
			id[i] = fake_start("user");
			break;
		case 1:
			fake_allow_ro(&console.driver, id[i], 1, text, length * 2);
			break;
		case 2:
			fake_allow_rw(&console.driver, id[i], 1, input[i], length % 80);
			break;
		case 3:
		case 4:
			(void)command(id[i], test_random(&random) % 5, length);
			break;
		case 5:
			fake_uart_type(&uart, length % 3 == 0 ? "k\r" : "some text");
			break;
		case 6:
			uart.refuse_transmit = length % 7 == 0;
			uart.fail_transmit = length % 11 == 0;
			break;
		case 7: {
			struct fake_upcall upcall;

			while (fake_yield(id[i], &upcall))
				TEST_CHECK(upcall.number == WRITTEN || upcall.number == READ);
			break;
		}
		default:
			fake_uart_step(&uart);
			(void)fake_uart_sent(&uart);
			break;
		}
	}
	uart.refuse_transmit = false;
	uart.fail_transmit = false;
	fake_uart_settle(&uart);
	(void)fake_uart_sent(&uart);
	write_text(id[0], "still alive");
	fake_uart_settle(&uart);
	TEST_CHECK(sent_is("still alive"));
}

int main(void)
{
	reading();
	read_buffer_goes();
	readers_take_turns();
	early_end_is_no_advantage();
	kept_bytes();
	lines_are_not_shared();
	reading_query();
	random_use();
	return test_end("capsule_console_reading");
}
