/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The LED and button drivers, on the virtual panel.
 *
 * LINK: capsules/src/button_driver.c capsules/src/led_driver.c \
 *       capsules/src/virtual_panel.c tests/unit/fake_kernel.c tests/unit/fake_devices.c
 */
#include "capsules/button_driver.h"
#include "capsules/led_driver.h"
#include "capsules/virtual_panel.h"
#include "fake_kernel.h"
#include "test.h"

enum { LEDS = 3, BUTTONS = 4 };

static struct virtual_panel panel;
static struct led_driver leds;
static struct button_driver buttons;

static void start(void)
{
	fake_reset();
	virtual_panel_init(&panel, LEDS, BUTTONS);
	panel.lit = 7;
	led_driver_init(&leds, &panel.leds);
	button_driver_init(&buttons, &panel.buttons);
	fake_add_driver(&leds.driver);
	fake_add_driver(&buttons.driver);
}

static struct syscall_return led(struct process_id id, uint32_t number, uint32_t index)
{
	return fake_command(&leds.driver, id, number, index, 0);
}

static struct syscall_return button(struct process_id id, uint32_t number, uint32_t index)
{
	return fake_command(&buttons.driver, id, number, index, 0);
}

static bool succeeds(struct syscall_return result)
{
	return result.variant == SYSCALL_SUCCESS;
}

static bool fails(struct syscall_return result, enum error error)
{
	return result.variant == SYSCALL_FAILURE && result.value == (uint32_t)error;
}

static bool gives(struct syscall_return result, uint32_t value)
{
	return result.variant == SYSCALL_SUCCESS_U32 && result.value == value;
}

static void led_commands(void)
{
	start();

	struct process_id a = fake_start("a");

	fake_set_memory(a, false); /* lamps need no grant */
	TEST_EQUAL(panel.lit, 0);
	TEST_CHECK(gives(led(a, 0, 0), LEDS));
	TEST_CHECK(gives(led(a, 4, 2), 0));
	TEST_CHECK(succeeds(led(a, 1, 2)));
	TEST_CHECK(gives(led(a, 4, 2), 1));
	TEST_CHECK(succeeds(led(a, 1, 2)));
	TEST_EQUAL(panel.lit, 4);
	TEST_CHECK(succeeds(led(a, 3, 2)));
	TEST_CHECK(succeeds(led(a, 3, 0)));
	TEST_EQUAL(panel.lit, 1);
	TEST_CHECK(succeeds(led(a, 2, 0)));
	TEST_CHECK(succeeds(led(a, 2, 0)));
	TEST_EQUAL(panel.lit, 0);
	for (uint32_t number = 1; number <= 4; number++) {
		TEST_CHECK(fails(led(a, number, LEDS), E_INVAL));
		TEST_CHECK(fails(led(a, number, UINT32_MAX), E_INVAL));
	}
	panel.lit = 0xFF;
	led_driver_init(&leds, &panel.leds);
	TEST_EQUAL(panel.lit, 0xF8); /* none but its own */
	TEST_CHECK(fails(led(a, 5, 0), E_NOSUPPORT));
	TEST_CHECK(fails(led(a, UINT32_MAX, LEDS), E_NOSUPPORT));
}

static void button_commands(void)
{
	start();

	struct process_id a = fake_start("a");

	fake_set_memory(a, false);
	TEST_CHECK(gives(button(a, 0, 0), BUTTONS));
	TEST_CHECK(fails(button(a, 1, 0), E_NOMEM));
	TEST_CHECK(succeeds(button(a, 2, 0)));
	TEST_CHECK(gives(button(a, 3, 1), 0));
	for (uint32_t number = 1; number <= 3; number++) {
		TEST_CHECK(fails(button(a, number, BUTTONS), E_INVAL));
		TEST_CHECK(fails(button(a, number, UINT32_MAX), E_INVAL));
	}
	TEST_CHECK(fails(button(a, 4, 0), E_NOSUPPORT));
	TEST_EQUAL(virtual_panel_press(&panel, 1, true), E_OK);
	TEST_CHECK(gives(button(a, 3, 1), 1));
	TEST_EQUAL(virtual_panel_press(&panel, BUTTONS, true), E_INVAL);
	TEST_EQUAL(virtual_panel_press(&panel, 1, true), E_ALREADY);
	TEST_EQUAL(virtual_panel_press(&panel, 0, false), E_ALREADY);
}

static void everyone_who_enabled_hears(void)
{
	start();

	struct process_id a = fake_start("a");
	struct process_id b = fake_start("b");
	struct process_id c = fake_start("c");
	struct fake_upcall upcall;

	TEST_CHECK(succeeds(button(a, 1, 2)));
	TEST_CHECK(succeeds(button(b, 1, 2)));
	TEST_CHECK(succeeds(button(c, 1, 0)));
	virtual_panel_press(&panel, 2, true);
	TEST_CHECK(!fake_yield(a, &upcall)); /* from the main loop only */
	virtual_panel_press(&panel, 2, false);
	fake_run_deferred();
	TEST_CHECK(fake_yields(a, 0, 2, 1));
	TEST_CHECK(fake_yields(a, 0, 2, 0));
	TEST_CHECK(fake_yields(b, 0, 2, 1));
	TEST_CHECK(fake_yields(b, 0, 2, 0));
	TEST_CHECK(!fake_yield(c, &upcall));

	TEST_CHECK(succeeds(button(a, 2, 2)));
	TEST_EQUAL(panel.enabled, 5);
	virtual_panel_press(&panel, 2, true);
	fake_run_deferred();
	TEST_CHECK(!fake_yield(a, &upcall));
	TEST_CHECK(fake_yields(b, 0, 2, 1));
	TEST_CHECK(succeeds(button(b, 2, 2)));
	TEST_EQUAL(panel.enabled, 1);
}

static void too_many_presses(void)
{
	start();

	struct process_id a = fake_start("a");
	struct process_id b = fake_start("b");
	unsigned int told = 0;

	button(a, 1, 0);
	button(b, 1, 0);
	for (int i = 0; i < VIRTUAL_PANEL_EVENTS; i++)
		TEST_EQUAL(virtual_panel_press(&panel, 0, i % 2 == 0), E_OK);
	TEST_EQUAL(virtual_panel_press(&panel, 0, true), E_BUSY);
	TEST_CHECK(!panel.buttons.ops->pressed(&panel.buttons, 0));
	fake_run_deferred();
	TEST_CHECK(fake_dropped(a) > 0);
	while (fake_yields(a, 0, 0, told % 2 == 0))
		told++;
	TEST_EQUAL(told + fake_dropped(a), VIRTUAL_PANEL_EVENTS);
	TEST_CHECK(fake_yields(b, 0, 0, 1));
}

static void process_ends(void)
{
	start();

	struct process_id a = fake_start("a");
	struct process_id b = fake_start("b");
	struct fake_upcall upcall;

	button(a, 1, 3);
	button(b, 1, 1);
	virtual_panel_press(&panel, 3, true);
	fake_end(a);
	fake_unload(0);

	struct process_id again = fake_start("again");

	fake_run_deferred();
	TEST_CHECK(!fake_yield(again, &upcall));
	TEST_EQUAL(panel.enabled, 2); /* nobody is left for button 3 */
	fake_end(b);
	virtual_panel_press(&panel, 1, true);
	fake_run_deferred();
	TEST_EQUAL(panel.enabled, 0);
}

/* A panel of full width, and a client that is not there. */
static void widest_panel(void)
{
	fake_reset();
	virtual_panel_init(&panel, 32, 32);
	panel.buttons.ops->enable(&panel.buttons, 31, true);
	TEST_EQUAL(virtual_panel_press(&panel, 31, true), E_OK);
	fake_run_deferred();
	panel.leds.ops->set(&panel.leds, 31, true);
	TEST_CHECK(panel.leds.ops->get(&panel.leds, 31));
	button_driver_init(&buttons, &panel.buttons);
	fake_add_driver(&buttons.driver);

	struct process_id a = fake_start("a");

	TEST_CHECK(succeeds(button(a, 1, 31)));
	virtual_panel_press(&panel, 31, false);
	fake_run_deferred();
	TEST_CHECK(fake_yields(a, 0, 31, 0));
	panel.buttons.count = 40;
	TEST_CHECK(gives(button(a, 0, 0), 32));
	TEST_CHECK(fails(button(a, 1, 32), E_INVAL));
}

int main(void)
{
	led_commands();
	button_commands();
	everyone_who_enabled_hears();
	too_many_presses();
	process_ends();
	widest_panel();
	return test_end("capsule_panel");
}
