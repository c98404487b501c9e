/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Each subscribe number has one node of its own, so an upcall can always be
 * pending for it whatever else is; a driver that asked for a queue has more.
 * All pending nodes of a process hang in one list, oldest first.
 */
#include "upcall.h"

#include "process.h"
#include "trusted/kernel.h"
#include "trusted/trace.h"

/* The node for the next upcall of this number; NULL: all are pending. */
static struct upcall_node *free_node(struct grant_entry *entry, struct upcall_slot *slot)
{
	if (!slot->node.pending)
		return &slot->node;

	struct upcall_node *extra = grant_queue(entry);

	for (uint32_t i = 0; i < entry->driver->type->grant.queue; i++)
		if (!extra[i].pending)
			return &extra[i];
	return NULL;
}

static void append(struct process *process, struct upcall_node *node)
{
	node->pending = true;
	node->next = NULL;
	if (process->first == NULL)
		process->first = node;
	else
		process->last->next = node;
	process->last = node;
}

/* Takes `node`, which follows `previous` (NULL: it is the first), off the list. */
static void take_off(struct process *process, struct upcall_node *previous,
		     struct upcall_node *node)
{
	node->pending = false;
	if (previous == NULL)
		process->first = node->next;
	else
		previous->next = node->next;
	if (process->last == node)
		process->last = previous;
}

static bool wakes(const struct process *process, const struct upcall_slot *slot)
{
	enum process_state state = (enum process_state)process->state;

	if (state == PROCESS_STOPPED)
		state = (enum process_state)process->resumes;
	if (state == PROCESS_YIELDED)
		return slot->function != 0;
	return state == PROCESS_YIELDED_FOR && process->wait_slot == slot;
}

enum error upcall_schedule(struct grant_entry *entry, uint32_t number, uint32_t a0, uint32_t a1,
			   uint32_t a2)
{
	struct upcall_slot *slot = grant_upcall(entry, number);

	if (slot == NULL)
		return E_INVAL;

	struct process *process = entry->process;
	struct upcall_node *node = free_node(entry, slot);

	if (node == NULL) {
		process->upcalls_dropped++;
		return E_BUSY;
	}
	node->slot = slot;
	node->argument[0] = a0;
	node->argument[1] = a1;
	node->argument[2] = a2;
	append(process, node);
	if (wakes(process, slot))
		*(process->state == PROCESS_STOPPED ? &process->woken : &process->ready) = true;
	return E_OK;
}

bool upcall_pending(const struct grant_entry *entry, uint32_t number)
{
	for (const struct upcall_node *node = entry->process->first; node != NULL;
	     node = node->next)
		if (node->slot->entry == entry && node->slot->number == number)
			return true;
	return false;
}

bool upcall_deliver(struct process *process)
{
	for (;;) {
		struct upcall_node *node = process->first;

		if (node == NULL)
			return false;

		const struct upcall_slot *slot = node->slot;

		take_off(process, NULL, node);
		if (slot->function == 0)
			continue;

		const ureg_t argument[4] = {node->argument[0], node->argument[1], node->argument[2],
					    slot->data};

		trace(TRACE_UPCALL, process_slot(process), slot->number,
		      slot->entry->driver->index);
		process_map(process);
		if (!arch_context_push_upcall(&process->context, slot->function, argument))
			process_misbehaved(process, "its stack cannot take an upcall");
		return true;
	}
}

bool upcall_take(struct upcall_slot *slot, ureg_t result[3])
{
	struct process *process = slot->entry->process;
	struct upcall_node *previous = NULL;

	for (struct upcall_node *node = process->first; node != NULL; node = node->next) {
		if (node->slot == slot) {
			for (uint32_t i = 0; i < 3; i++)
				result[i] = node->argument[i];
			take_off(process, previous, node);
			return true;
		}
		previous = node;
	}
	return false;
}

void upcall_cancel(struct upcall_slot *slot)
{
	ureg_t unused[3];

	while (upcall_take(slot, unused)) {
	}
}
