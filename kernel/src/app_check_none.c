/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The policy that accepts every binary with a whole header, as whom it claims to
 * be: for boards that run what their developer gives them.
 */
#include "kernel/app_check.h"

#include "app_admission.h"
#include "app_binary.h"
#include "app_checks.h"
#include "app_identity_private.h"

#include <stddef.h>

static void answer(struct deferred *deferred);

static const struct deferred_ops answer_ops = {.called = answer};
static struct app_checks checks = {.deferred = {.ops = &answer_ops}};

static enum error parse(struct app_check *check)
{
	struct tbf_info info;
	enum tbf_status status = app_binary_parse(&check->binary, &info);

	if (status != TBF_OK || info.is_padding) {
		check->reason = status == TBF_OK ? "it is only padding" : tbf_status_text(status);
		return E_INVAL;
	}
	check->identity = app_identity_claimed(&info);
	return E_OK;
}

static void answer(struct deferred *deferred)
{
	struct app_check *check = app_checks_take(&checks);

	(void)deferred;
	check->floor = 0;
	check->reason = NULL;
	check->identity = (struct app_identity){.key = APP_NO_KEY};
	check->ops->checked(check, parse(check));
}

enum error app_check_start(const struct cap_app_check *cap, struct app_check *check)
{
	(void)cap;
	return app_checks_add(&checks, check);
}

bool app_admission_begin(void)
{
	return false;
}

void app_admission_look(uptr_t start, const struct tbf_info *info, const char *name)
{
	(void)start;
	(void)info;
	(void)name;
}

bool app_admitted(uptr_t start, const struct tbf_info *info, struct app_identity *identity)
{
	(void)start;
	*identity = app_identity_claimed(info);
	return true;
}

void app_admission_forget(uptr_t start, uint32_t length)
{
	(void)start;
	(void)length;
}

void app_admission_used(struct process *process)
{
	(void)process;
}
