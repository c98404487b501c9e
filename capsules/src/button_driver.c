/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "capsules/button_driver.h"

#include "capsules/grant_turn.h"
#include "kernel/grant.h"
#include "lib/compiler.h"

#include <stdbool.h>

enum command_number {
	BUTTON_COUNT = 0,
	BUTTON_ENABLE = 1,
	BUTTON_DISABLE = 2,
	BUTTON_READ = 3,
};

enum { UPCALL_CHANGED = 0 };
enum { BUTTON_MAX = 32, BUTTON_QUEUE = 4 };

struct button_grant {
	uint32_t enabled; /* one bit a button */
};

static uint32_t button_count(const struct button_driver *self)
{
	return self->buttons->count < BUTTON_MAX ? self->buttons->count : BUTTON_MAX;
}

static bool process_wants(const struct button_driver *self, struct process_id process,
			  uint32_t index)
{
	GRANT_ENTER_EXISTING(entry, &self->driver, process);
	if (entry == NULL)
		return false;

	return (GRANT_STATE(entry, struct button_grant)->enabled >> index & 1) != 0;
}

static bool anyone_wants(const struct button_driver *self, uint32_t index)
{
	struct grant_turn turn = grant_turn_after(&self->driver, process_id_none());

	for (; !grant_turn_over(&turn); grant_turn_advance(&turn))
		if (process_wants(self, turn.current, index))
			return true;
	return false;
}

static syscall_result button_enable(struct button_driver *self, struct process_id process,
				    uint32_t index)
{
	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return syscall_failure(E_NOMEM);

	GRANT_STATE(entry, struct button_grant)->enabled |= UINT32_C(1) << index;
	self->buttons->ops->enable(self->buttons, index, true);
	return syscall_success();
}

static void button_forget(struct button_driver *self, struct process_id process, uint32_t index)
{
	GRANT_ENTER_EXISTING(entry, &self->driver, process);
	if (entry != NULL)
		GRANT_STATE(entry, struct button_grant)->enabled &= ~(UINT32_C(1) << index);
}

static syscall_result button_disable(struct button_driver *self, struct process_id process,
				     uint32_t index)
{
	button_forget(self, process, index);
	if (!anyone_wants(self, index))
		self->buttons->ops->enable(self->buttons, index, false);
	return syscall_success();
}

static syscall_result button_command(struct driver *driver, struct process_id process,
				     uint32_t number, uint32_t argument[2])
{
	struct button_driver *self = CONTAINER_OF(driver, struct button_driver, driver);

	if (number == BUTTON_COUNT)
		return syscall_success_u32(button_count(self));
	if (number > BUTTON_READ)
		return syscall_failure(E_NOSUPPORT);
	if (argument[0] >= button_count(self))
		return syscall_failure(E_INVAL);
	if (number == BUTTON_ENABLE)
		return button_enable(self, process, argument[0]);
	if (number == BUTTON_DISABLE)
		return button_disable(self, process, argument[0]);
	return syscall_success_u32(self->buttons->ops->pressed(self->buttons, argument[0]));
}

static const struct driver_type button_driver_type = {
	.command = button_command,
	.grant = {.size = sizeof(struct button_grant), .upcalls = 1, .queue = BUTTON_QUEUE},
};

static bool button_tell(struct button_driver *self, struct process_id process, uint32_t index,
			bool pressed)
{
	GRANT_ENTER_EXISTING(entry, &self->driver, process);
	if (entry == NULL)
		return false;
	if ((GRANT_STATE(entry, struct button_grant)->enabled >> index & 1) == 0)
		return false;
	upcall_schedule(entry, UPCALL_CHANGED, index, pressed, 0);
	return true;
}

/* A process may have ended without disabling its buttons: then this is where it is noticed. */
static void button_changed(struct button_client *client, uint32_t index, bool pressed)
{
	struct button_driver *self = CONTAINER_OF(client, struct button_driver, client);
	struct grant_turn turn = grant_turn_after(&self->driver, process_id_none());
	bool told = false;

	if (index >= button_count(self))
		return;
	for (; !grant_turn_over(&turn); grant_turn_advance(&turn))
		if (button_tell(self, turn.current, index, pressed))
			told = true;
	if (!told)
		self->buttons->ops->enable(self->buttons, index, false);
}

static const struct button_client_ops client_ops = {
	.changed = button_changed,
};

void button_driver_init(struct button_driver *self, struct button_bank *buttons)
{
	*self = (struct button_driver){
		.driver = {.type = &button_driver_type},
		.client = {.ops = &client_ops},
		.buttons = buttons,
	};
	buttons->client = &self->client;
}
