/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "app_checks.h"

#include "app_binary.h"

#include <stddef.h>

enum error app_checks_add(struct app_checks *self, struct app_check *check)
{
	struct app_check **last = &self->first;

	if (check->pending)
		return E_BUSY;
	if (!app_binary_ok(&check->binary))
		return E_INVAL;
	while (*last != NULL)
		last = &(*last)->next;
	*last = check;
	check->next = NULL;
	check->pending = true;
	check->changed = false;
	deferred_set(&self->deferred);
	return E_OK;
}

struct app_check *app_checks_take(struct app_checks *self)
{
	struct app_check *check = self->first;

	self->first = check->next;
	check->pending = false;
	if (self->first != NULL)
		deferred_set(&self->deferred);
	return check;
}
