/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * One capsule for both, for they differ only in what a service's name is. Names
 * are no proof of anything: who finds a process should look at its identity.
 */
#include "capsules/registry_driver.h"

#include "kernel/app_identity.h"
#include "kernel/grant.h"
#include "lib/compiler.h"

enum command_number {
	REGISTRY_EXISTS = 0,
	REGISTRY_REGISTER = 1,
	REGISTRY_DISCOVER = 2,
};

enum { UPCALL_REGISTERED = 0, UPCALL_DISCOVERED = 1, UPCALLS };
enum { ALLOW_NAME = 0 }; /* read-only */
enum { CHOSEN_LENGTH = 20, PACKAGE_MAX = 64 };

/* A name that was registered, or that is looked for. */
struct registry_name {
	uint8_t length; /* 0: none */
	char text[PACKAGE_MAX + 1];
};

/* Of the registry of chosen names; the other one keeps a length only. */
struct chosen_grant {
	uint8_t length;
	char text[CHOSEN_LENGTH];
};

struct package_grant {
	bool registered;
};

/* The name that the process has registered; length 0: none. */
static void registered_name(struct registry_driver *self, struct process_id process,
			    struct registry_name *name)
{
	bool registered = false;

	name->length = 0;
	GRANT_ENTER_EXISTING(entry, &self->driver, process);
	if (entry == NULL)
		return;
	if (self->package) {
		registered = GRANT_STATE(entry, struct package_grant)->registered;
		if (registered)
			name->length = (uint8_t)process_identity_name(process, name->text,
								      sizeof(name->text));
		return;
	}

	const struct chosen_grant *state = GRANT_STATE(entry, struct chosen_grant);

	name->length = state->length;
	for (uint32_t i = 0; i < state->length; i++)
		name->text[i] = state->text[i];
}

static bool equal(const struct registry_name *one, const struct registry_name *other)
{
	if (one->length != other->length)
		return false;
	for (uint32_t i = 0; i < one->length; i++)
		if (one->text[i] != other->text[i])
			return false;
	return true;
}

/* Another process that has registered this name; nobody: none. */
static struct process_id find(struct registry_driver *self, struct process_id except,
			      const struct registry_name *name)
{
	struct process_id first = grant_next(&self->driver, except);
	struct process_id process = first;
	struct registry_name other;

	while (!process_id_is_none(process)) {
		if (!process_id_equal(process, except)) {
			registered_name(self, process, &other);
			if (equal(&other, name))
				return process;
		}
		process = grant_next(&self->driver, process);
		if (process_id_equal(process, first))
			break;
	}
	return process_id_none();
}

static bool is_blank(const struct registry_name *name)
{
	for (uint32_t i = 0; i < name->length; i++)
		if (name->text[i] != 0)
			return false;
	return true;
}

static enum error given_name(struct registry_driver *self, struct process_id process,
			     struct registry_name *name)
{
	enum error error;

	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return E_NOMEM;

	size_t length = allow_ro_length(entry, ALLOW_NAME);

	if (self->package ? length > PACKAGE_MAX : length != CHOSEN_LENGTH)
		return E_SIZE;
	name->length = (uint8_t)length;
	error = allow_ro_read(entry, ALLOW_NAME, 0, name->text, length);
	return error == E_OK && is_blank(name) ? E_INVAL : error;
}

static enum error register_package(struct registry_driver *self, struct process_id process)
{
	char name[PACKAGE_MAX + 1];

	if (process_identity_name(process, name, sizeof(name)) == 0)
		return E_NOMEM;

	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return E_NOMEM;
	GRANT_STATE(entry, struct package_grant)->registered = true;
	(void)upcall_schedule(entry, UPCALL_REGISTERED, E_OK, 0, 0);
	return E_OK;
}

static enum error register_chosen(struct registry_driver *self, struct process_id process)
{
	struct registry_name name;
	enum error error = given_name(self, process, &name);

	if (error != E_OK)
		return error;
	if (!process_id_is_none(find(self, process, &name)))
		return E_ALREADY;

	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return E_NOMEM;

	struct chosen_grant *state = GRANT_STATE(entry, struct chosen_grant);

	state->length = name.length;
	for (uint32_t i = 0; i < name.length; i++)
		state->text[i] = name.text[i];
	(void)upcall_schedule(entry, UPCALL_REGISTERED, E_OK, 0, 0);
	return E_OK;
}

static enum error discover(struct registry_driver *self, struct process_id process)
{
	struct registry_name name;
	struct app_identity identity;
	enum error error = given_name(self, process, &name);

	if (error != E_OK)
		return error;

	struct process_id found = find(self, process, &name);
	bool alive = process_identity(found, &identity);

	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return E_NOMEM;
	if (alive)
		(void)upcall_schedule(entry, UPCALL_DISCOVERED, E_OK, found.raw, identity.short_id);
	else
		(void)upcall_schedule(entry, UPCALL_DISCOVERED, E_NODEVICE, 0, 0);
	return E_OK;
}

static syscall_result registry_command(struct driver *driver, struct process_id process,
				       uint32_t number, uint32_t argument[2])
{
	struct registry_driver *self = CONTAINER_OF(driver, struct registry_driver, driver);

	(void)argument;
	switch (number) {
	case REGISTRY_EXISTS:
		return syscall_success();
	case REGISTRY_REGISTER:
		return syscall_from_error(self->package ? register_package(self, process)
							: register_chosen(self, process));
	case REGISTRY_DISCOVER:
		return syscall_from_error(discover(self, process));
	default:
		return syscall_failure(E_NOSUPPORT);
	}
}

static const struct driver_type string_type = {
	.command = registry_command,
	.grant = {.size = sizeof(struct chosen_grant), .upcalls = UPCALLS, .allow_ro = 1},
};

static const struct driver_type package_type = {
	.command = registry_command,
	.grant = {.size = sizeof(struct package_grant), .upcalls = UPCALLS, .allow_ro = 1},
};

void string_registry_init(struct registry_driver *self)
{
	*self = (struct registry_driver){.driver = {.type = &string_type}};
}

void package_registry_init(struct registry_driver *self)
{
	*self = (struct registry_driver){.driver = {.type = &package_type}, .package = true};
}
