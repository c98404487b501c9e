/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* LINK: capsules/src/uart_mux.c tests/unit/fake_kernel.c tests/unit/fake_devices.c */
#include "capsules/uart_mux.h"
#include "fake_kernel.h"
#include "test.h"

#include <string.h>

enum { PORTS = 3, BUFFER = 8 };

struct probe {
	struct uart_client client;
	struct uart_mux_port port;
	uint8_t tx_bytes[BUFFER], rx_bytes[BUFFER];
	uint8_t *tx_slot, *rx_slot;
	unsigned int transmitted, failed, aborted, rx_failed;
	unsigned int again; /* sends that many times more */
	char received[64];
	size_t received_length;
	bool receive_again;
};

static struct fake_uart hardware;
static struct uart_mux mux;
static struct probe probes[PORTS];

static enum error send(int i, const char *text)
{
	struct probe *probe = &probes[i];

	memcpy(probe->tx_bytes, text, strlen(text));
	return probe->port.uart.ops->transmit(&probe->port.uart, &probe->tx_slot, strlen(text));
}

static enum error receive(int i)
{
	struct probe *probe = &probes[i];

	return probe->port.uart.ops->receive(&probe->port.uart, &probe->rx_slot, BUFFER);
}

static void probe_transmitted(struct uart_client *client, uint8_t *buffer, size_t count,
			      enum error status)
{
	struct probe *probe = CONTAINER_OF(client, struct probe, client);

	TEST_CHECK(buffer == probe->tx_bytes && probe->tx_slot == NULL);
	TEST_CHECK(count == 1 || status != E_OK);
	probe->tx_slot = buffer;
	probe->transmitted++;
	probe->failed += status != E_OK;
	if (probe->again == 0)
		return;
	probe->again--;

	const char name[2] = {(char)buffer[0], '\0'};

	TEST_EQUAL(send((int)(probe - probes), name), E_OK);
}

static void probe_received(struct uart_client *client, uint8_t *buffer, size_t count,
			   enum error status)
{
	struct probe *probe = CONTAINER_OF(client, struct probe, client);

	TEST_CHECK(buffer == probe->rx_bytes && probe->rx_slot == NULL);
	probe->rx_slot = buffer;
	probe->aborted += status == E_CANCEL;
	probe->rx_failed += status == E_FAIL;
	TEST_CHECK(status == E_OK ? count == 1 : count == 0);
	memcpy(probe->received + probe->received_length, buffer, count);
	probe->received_length += count;
	if (probe->receive_again)
		TEST_EQUAL(receive((int)(probe - probes)), E_OK);
}

static const struct uart_client_ops probe_ops = {probe_transmitted, probe_received};

static void start(void)
{
	fake_reset();
	fake_uart_init(&hardware);
	uart_mux_init(&mux, &hardware.uart);
	for (int i = 0; i < PORTS; i++) {
		probes[i] = (struct probe){.client = {.ops = &probe_ops}};
		probes[i].tx_slot = probes[i].tx_bytes;
		probes[i].rx_slot = probes[i].rx_bytes;
		uart_mux_attach(&mux, &probes[i].port);
		probes[i].port.uart.client = &probes[i].client;
	}
}

static void in_turn(void)
{
	start();
	for (int i = 0; i < PORTS; i++)
		probes[i].again = 3;
	TEST_EQUAL(send(2, "c"), E_OK);
	TEST_EQUAL(send(0, "a"), E_OK);
	TEST_EQUAL(send(1, "b"), E_OK);
	fake_uart_settle(&hardware);
	TEST_CHECK(strcmp(fake_uart_sent(&hardware), "cabcabcabcab") == 0);
}

static void transmit_errors(void)
{
	start();
	TEST_EQUAL(probes[0].port.uart.ops->transmit(&probes[0].port.uart, &probes[0].tx_slot, 0),
		   E_SIZE);
	hardware.refuse_transmit = true;
	TEST_EQUAL(send(0, "a"), E_OFF);
	TEST_CHECK(probes[0].tx_slot != NULL);
	hardware.refuse_transmit = false;
	TEST_EQUAL(send(0, "a"), E_OK);
	TEST_CHECK(probes[0].tx_slot == NULL);

	uint8_t *other = probes[0].rx_bytes;

	TEST_EQUAL(probes[0].port.uart.ops->transmit(&probes[0].port.uart, &other, 1), E_BUSY);
	TEST_CHECK(other == probes[0].rx_bytes);
	TEST_EQUAL(send(1, "b"), E_OK);
	other = probes[1].rx_bytes;
	TEST_EQUAL(probes[1].port.uart.ops->transmit(&probes[1].port.uart, &other, 1), E_BUSY);

	/* The port below refuses what waited: its buffer comes back, and the others go on. */
	TEST_EQUAL(send(2, "c"), E_OK);
	hardware.refuse_transmit = true;
	fake_uart_step(&hardware);
	TEST_EQUAL(probes[1].failed, 1);
	TEST_EQUAL(probes[2].failed, 1);
	TEST_CHECK(probes[1].tx_slot == probes[1].tx_bytes);
	hardware.refuse_transmit = false;
	TEST_EQUAL(send(1, "b"), E_OK);
	hardware.fail_transmit = true;
	fake_uart_step(&hardware);
	TEST_EQUAL(probes[1].failed, 2);
}

static void broadcast(void)
{
	start();
	probes[0].receive_again = true;
	probes[1].receive_again = true;
	TEST_EQUAL(receive(0), E_OK);
	TEST_EQUAL(receive(1), E_OK);
	fake_uart_type(&hardware, "the quick brown fox");
	TEST_CHECK(strcmp(probes[0].received, "the quick brown fox") == 0);
	TEST_CHECK(strcmp(probes[1].received, "the quick brown fox") == 0);
	TEST_EQUAL(probes[2].received_length, 0);

	/* One that receives once gets one byte, and misses what comes before it asks again. */
	TEST_EQUAL(receive(2), E_OK);
	fake_uart_type(&hardware, "xyz");
	TEST_CHECK(strcmp(probes[2].received, "x") == 0);
	TEST_EQUAL(receive(2), E_OK);
	fake_uart_type(&hardware, "w");
	TEST_CHECK(strcmp(probes[2].received, "xw") == 0);
}

static void receive_errors(void)
{
	start();

	uint8_t *other = probes[0].tx_bytes;
	const struct uart_ops *ops = probes[0].port.uart.ops;

	TEST_EQUAL(ops->receive_abort(&probes[0].port.uart), E_ALREADY);
	TEST_EQUAL(ops->receive(&probes[0].port.uart, &probes[0].rx_slot, 0), E_SIZE);
	hardware.refuse_receive = true;
	TEST_EQUAL(receive(0), E_OK);
	TEST_EQUAL(ops->receive(&probes[0].port.uart, &other, 1), E_BUSY);
	TEST_CHECK(other != NULL && hardware.rx_buffer == NULL);
	hardware.refuse_receive = false;
	TEST_EQUAL(receive(1), E_OK);
	TEST_CHECK(hardware.rx_buffer != NULL);

	TEST_EQUAL(ops->receive_abort(&probes[0].port.uart), E_OK);
	TEST_EQUAL(ops->receive_abort(&probes[0].port.uart), E_ALREADY);
	TEST_EQUAL(probes[0].aborted, 0);
	fake_uart_type(&hardware, "a");
	TEST_EQUAL(probes[0].received_length, 0);
	fake_run_deferred();
	TEST_EQUAL(probes[0].aborted, 1);
	TEST_EQUAL(probes[1].aborted, 0);
	TEST_EQUAL(probes[1].received_length, 1);

	TEST_EQUAL(receive(0), E_OK);
	probes[0].receive_again = true;
	fake_uart_fail_receive(&hardware);
	TEST_EQUAL(probes[0].rx_failed, 1);
	TEST_EQUAL(probes[1].rx_failed, 0);
	fake_uart_type(&hardware, "b");
	TEST_EQUAL(probes[0].received_length, 1);
}

int main(void)
{
	in_turn();
	transmit_errors();
	broadcast();
	receive_errors();
	return test_end("capsule_uart_mux");
}
