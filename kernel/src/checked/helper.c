/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "kernel/helper.h"

#include "kernel/deferred.h"
#include "loader.h"
#include "process.h"

#include <stddef.h>

/* The binary, a TBF: make/policy.mk. */
extern const uint8_t linker_helper_start[], linker_helper_end[];

static void ended(struct process *process);
static void tell(struct deferred *deferred);

static const struct process_policy policy = {
	.fault = FAULT_STOP,
	.timeslice_us = 10000,
	.priority = UINT8_MAX,
	.ended = ended,
};
static const struct deferred_ops tell_ops = {.called = tell};
static struct deferred telling = {.ops = &tell_ops};
static struct helper_client *client; /* NULL: it does not run, or is being stopped */
static struct process *helper;

static void tell(struct deferred *deferred)
{
	struct helper_client *told = client;

	(void)deferred;
	if (told == NULL || helper != NULL)
		return; /* stopped; what runs now was started since */
	client = NULL;
	told->ops->ended(told);
}

/* Nothing of it is worth keeping, not even for inspection: its slot may be the last one. */
static void ended(struct process *process)
{
	process->state = PROCESS_UNUSED;
	helper = NULL;
	deferred_set(&telling);
}

enum error helper_start(const struct cap_helper *cap, struct helper_client *new_client)
{
	(void)cap;
	if (helper != NULL || client != NULL)
		return E_ALREADY;

	uptr_t start = arch_address_of(linker_helper_start);

	helper = loader_create_embedded(start, arch_address_of(linker_helper_end) - start, &policy);
	if (helper == NULL)
		return E_NOMEM;
	client = new_client;
	return E_OK;
}

void helper_stop(const struct cap_helper *cap)
{
	(void)cap;
	client = NULL;
	if (helper != NULL)
		process_end(helper, PROCESS_UNUSED);
}

struct process_id helper_process(const struct cap_helper *cap)
{
	(void)cap;
	return helper == NULL ? process_id_none() : helper->id;
}
