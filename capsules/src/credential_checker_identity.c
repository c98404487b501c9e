/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Which application a binary is, whether its version may run, and what is kept of that. */
#include "credential_checker_private.h"

#include "lib/compiler.h"

#include <stddef.h>

/* The bytes that name the application for good; 0: the rule gives none. */
static uint32_t identifier(struct credential_checker *self, uint8_t name[APP_TABLE_NAME_MAX])
{
	const struct credential_policy *policy = self->setup->policy;
	const struct tbf_span *text = &self->info->name;
	bool by_key = policy->identifier == IDENTIFIER_KEY ||
		      policy->identifier == IDENTIFIER_KEY_AND_NAME;
	bool by_name = policy->identifier == IDENTIFIER_NAME ||
		       policy->identifier == IDENTIFIER_KEY_AND_NAME;
	uint32_t length = 1;

	name[0] = policy->identifier;
	if (by_key) {
		if (self->check->identity.key == APP_NO_KEY)
			return 0;
		for (uint32_t i = 0; i < KEY_FINGERPRINT; i++)
			name[length++] = policy->keys[self->check->identity.key].fingerprint[i];
	}
	if (by_name) {
		if (text->length == 0 || text->length > APP_TABLE_NAME_MAX - length ||
		    !app_checker_read(self->setup->cap, text->offset, name + length, text->length))
			return 0;
		length += text->length;
	}
	return by_key || by_name ? length : 0;
}

void credential_identify(struct credential_checker *self)
{
	uint8_t name[APP_TABLE_NAME_MAX];
	enum error error;

	self->state = self->raising ? CHECK_IDENTIFY : CHECK_IDENTIFYING;
	if (self->raising)
		return;
	if (self->setup->policy->identifier == IDENTIFIER_TLV && self->info->short_id != 0) {
		error = app_table_find_fixed(self->setup->table, self->info->short_id);
		if (error == E_INVAL)
			credential_check_end(self, E_NOSUPPORT,
					     "its short id is one that this device gives");
		else if (error != E_OK)
			credential_check_end(self, error, "the table of applications is busy");
		return;
	}

	uint32_t length = identifier(self, name);

	if (length == 0) { /* locally unique: equal to no other, and nothing is kept */
		credential_check_end(self, E_OK, NULL);
		return;
	}
	error = app_table_find(self->setup->table, name, length);
	if (error != E_OK)
		credential_check_end(self, error, "the table of applications is busy");
}

static void check_found(struct app_table_client *client, enum error status, uint32_t short_id,
			uint32_t floor)
{
	struct credential_checker *self =
		CONTAINER_OF(client, struct credential_checker, table_client);
	struct app_check *check = self->check;

	if (self->state != CHECK_IDENTIFYING)
		return;
	deferred_set(&self->deferred); /* a version may be waiting to be kept */
	if (status != E_OK) {
		credential_check_end(self, status == E_NOMEM ? E_NOMEM : E_FAIL,
				     "the table of applications cannot be used");
		return;
	}
	check->identity.short_id = short_id;
	/* A name that nothing vouches for must not keep the true application from running. */
	check->floor = check->identity.credential == APP_CREDENTIAL_NONE ? 0 : floor;
	if (check->identity.version < check->floor)
		credential_check_end(self, E_ALREADY, "a newer version of it has run");
	else
		credential_check_end(self, E_OK, NULL);
}

void credential_keep_version(struct credential_checker *self)
{
	if (!self->keep || self->raising || self->state == CHECK_IDENTIFYING)
		return;
	self->keep = false;
	if (self->keeping.credential == APP_CREDENTIAL_NONE) {
		app_checker_kept(self->setup->cap, E_OK);
		return;
	}
	self->raising = true;

	enum error error =
		app_table_raise(self->setup->table, self->keeping.short_id, self->keeping.version);

	if (error != E_OK) {
		self->raising = false;
		app_checker_kept(self->setup->cap, E_FAIL);
	}
}

static void check_raised(struct app_table_client *client, enum error status)
{
	struct credential_checker *self =
		CONTAINER_OF(client, struct credential_checker, table_client);

	self->raising = false;
	app_checker_kept(self->setup->cap, status == E_OK ? E_OK : E_FAIL);
	if (self->state == CHECK_IDENTIFY)
		credential_identify(self);
}

const struct app_table_client_ops credential_table_client_ops = {
	.found = check_found,
	.raised = check_raised,
};
