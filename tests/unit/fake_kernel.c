/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "fake_kernel.h"

#include "kernel/deferred.h"
#include "kernel/grant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DRIVERS = 8, PENDING = 64, NUMBERS = 8 };

struct slice {
	uint8_t *base;
	const uint8_t *base_ro;
	size_t length;
};

/* Everything of one process and one driver. */
struct grant {
	const struct driver *driver;
	struct process_id process;
	bool entered;
	void *state;
	struct slice ro[FAKE_ALLOWS], rw[FAKE_ALLOWS];
	uint32_t pending[NUMBERS];
	uint32_t queued;
};

/* Lives from entering to leaving. */
struct grant_entry {
	struct grant *grant;
};

struct fake_process {
	struct process_info info;
	const char *name;
	bool memory;
	struct grant *grants[DRIVERS];
	struct fake_upcall upcalls[PENDING];
	size_t upcall_count;
};

const struct cap_process_admin fake_admin;
unsigned int fake_resets, fake_panics, fake_loads, fake_records;
const char *fake_build_record;

static struct fake_process processes[FAKE_PROCESSES];
static uint32_t generations[FAKE_PROCESSES];
static uint8_t driver_count;
static unsigned int entered_count;
static struct deferred *deferred_first;

void fake_broken(const char *rule)
{
	fprintf(stderr, "fake kernel: %s\n", rule);
	abort();
}

static bool alive(const struct fake_process *process)
{
	return process->info.state >= PROCESS_RUNNING && process->info.state <= PROCESS_STOPPED;
}

static struct fake_process *find(struct process_id id)
{
	for (uint32_t i = 0; i < FAKE_PROCESSES; i++)
		if (alive(&processes[i]) && process_id_equal(processes[i].info.id, id))
			return &processes[i];
	return NULL;
}

static void free_grants(struct fake_process *process)
{
	for (uint32_t i = 0; i < DRIVERS; i++) {
		if (process->grants[i] == NULL)
			continue;
		if (process->grants[i]->entered)
			fake_broken("the test ended a process whose grant is entered");
		free(process->grants[i]->state);
		free(process->grants[i]);
		process->grants[i] = NULL;
	}
	process->upcall_count = 0;
}

void fake_reset(void)
{
	for (uint32_t i = 0; i < FAKE_PROCESSES; i++) {
		free_grants(&processes[i]);
		processes[i].info.state = PROCESS_UNUSED;
	}
	driver_count = 0;
	deferred_first = NULL;
	fake_log_clear();
	fake_resets = 0;
	fake_panics = 0;
	fake_build_record = "version=0.0-test\nboard=host\n";
}

void fake_add_driver(struct driver *driver)
{
	if (driver_count == DRIVERS)
		fake_broken("too many drivers");
	driver->index = driver_count++;
}

static void begin_life(uint32_t slot)
{
	struct fake_process *process = &processes[slot];

	generations[slot]++;
	process->info.id = (struct process_id){generations[slot] << 8 | slot};
	process->info.state = PROCESS_YIELDED;
}

struct process_id fake_start(const char *name)
{
	for (uint32_t slot = 0; slot < FAKE_PROCESSES; slot++) {
		struct fake_process *process = &processes[slot];

		if (process->info.state != PROCESS_UNUSED)
			continue;
		memset(process, 0, sizeof(*process));
		process->name = name;
		process->memory = true;
		process->info.slot = slot;
		begin_life(slot);
		return process->info.id;
	}
	fake_broken("no free slot");
	return process_id_none();
}

static void end(struct fake_process *process, enum process_state state)
{
	free_grants(process);
	process->info.state = state;
}

void fake_end(struct process_id id)
{
	struct fake_process *process = find(id);

	if (process == NULL)
		fake_broken("the test ended a process twice");
	else
		end(process, PROCESS_TERMINATED);
}

void fake_unload(uint32_t slot)
{
	free_grants(&processes[slot]);
	processes[slot].info.state = PROCESS_UNUSED;
}

void fake_set_memory(struct process_id id, bool enough)
{
	find(id)->memory = enough;
}

struct process_info *fake_info(uint32_t slot)
{
	return &processes[slot].info;
}

static struct grant *grant_of(struct fake_process *process, const struct driver *driver)
{
	struct grant *grant = process->grants[driver->index];

	if (grant != NULL || !process->memory)
		return grant;
	grant = calloc(1, sizeof(*grant));
	grant->driver = driver;
	grant->process = process->info.id;
	grant->state = calloc(1, driver->type->grant.size + 1u);
	process->grants[driver->index] = grant;
	return grant;
}

static struct grant_entry *enter(struct grant *grant)
{
	if (grant == NULL || grant->entered)
		return NULL;

	struct grant_entry *entry = malloc(sizeof(*entry));

	grant->entered = true;
	entered_count++;
	entry->grant = grant;
	return entry;
}

struct grant_entry *grant_enter(const struct driver *driver, struct process_id id)
{
	struct fake_process *process = find(id);

	return process == NULL ? NULL : enter(grant_of(process, driver));
}

struct grant_entry *grant_enter_existing(const struct driver *driver, struct process_id id)
{
	struct fake_process *process = find(id);

	return process == NULL ? NULL : enter(process->grants[driver->index]);
}

/* State and entry move, so that a pointer kept beyond this is caught. */
struct grant_entry *grant_enter_after(const struct driver *driver, struct process_id *at)
{
	uint32_t slot = process_id_is_none(*at) ? 0 : process_id_slot(*at) + 1;

	for (; slot < FAKE_PROCESSES; slot++) {
		struct fake_process *process = &processes[slot];
		struct grant_entry *entry =
			alive(process) ? enter(process->grants[driver->index]) : NULL;

		if (entry == NULL)
			continue;
		*at = process->info.id;
		return entry;
	}
	return NULL;
}

void grant_leave(struct grant_entry *entry)
{
	if (entry == NULL)
		return;

	struct grant *grant = entry->grant;
	size_t size = grant->driver->type->grant.size + 1u;
	void *moved = malloc(size);

	memcpy(moved, grant->state, size);
	memset(grant->state, 0xA5, size);
	free(grant->state);
	grant->state = moved;
	grant->entered = false;
	entered_count--;
	free(entry);
}

struct process_id grant_process(const struct grant_entry *entry)
{
	return entry->grant->process;
}

void *grant_state(struct grant_entry *entry, size_t size)
{
	if (size != entry->grant->driver->type->grant.size)
		fake_broken("the state has another size than the driver declares");
	return entry->grant->state;
}

struct process_id grant_next(const struct driver *driver, struct process_id previous)
{
	uint32_t slot =
		process_id_is_none(previous) ? FAKE_PROCESSES - 1 : process_id_slot(previous);

	for (uint32_t i = 0; i < FAKE_PROCESSES; i++) {
		slot = (slot + 1) % FAKE_PROCESSES;
		if (alive(&processes[slot]) && processes[slot].grants[driver->index] != NULL)
			return processes[slot].info.id;
	}
	return process_id_none();
}

enum error upcall_schedule(struct grant_entry *entry, uint32_t number, uint32_t a0, uint32_t a1,
			   uint32_t a2)
{
	struct grant *grant = entry->grant;
	const struct grant_shape *shape = &grant->driver->type->grant;
	struct fake_process *process = find(grant->process);

	if (number >= shape->upcalls) {
		fake_broken("an upcall that the driver does not declare");
		return E_INVAL;
	}
	if (grant->pending[number] > 0 && grant->queued == shape->queue) {
		process->info.upcalls_dropped++;
		return E_BUSY;
	}
	if (grant->pending[number]++ > 0)
		grant->queued++;
	process->upcalls[process->upcall_count++] =
		(struct fake_upcall){grant->driver, number, {a0, a1, a2}};
	return E_OK;
}

bool upcall_pending(const struct grant_entry *entry, uint32_t number)
{
	return entry->grant->pending[number] > 0;
}

static size_t slice_length(const struct slice *slices, uint32_t number, uint8_t count)
{
	return number < count ? slices[number].length : 0;
}

size_t allow_ro_length(const struct grant_entry *entry, uint32_t number)
{
	return slice_length(entry->grant->ro, number, entry->grant->driver->type->grant.allow_ro);
}

size_t allow_rw_length(const struct grant_entry *entry, uint32_t number)
{
	return slice_length(entry->grant->rw, number, entry->grant->driver->type->grant.allow_rw);
}

static enum error check_slice(const struct slice *slices, uint32_t number, uint8_t count,
			      size_t offset, size_t length)
{
	if (number >= count) {
		fake_broken("an allow number that the driver does not declare");
		return E_INVAL;
	}
	if (length > slices[number].length || offset > slices[number].length - length)
		return E_SIZE;
	return E_OK;
}

enum error allow_ro_read(const struct grant_entry *entry, uint32_t number, size_t offset,
			 void *destination, size_t length)
{
	const struct grant *grant = entry->grant;
	enum error error =
		check_slice(grant->ro, number, grant->driver->type->grant.allow_ro, offset, length);

	if (error == E_OK && length > 0)
		memcpy(destination, grant->ro[number].base_ro + offset, length);
	return error;
}

enum error allow_rw_write(const struct grant_entry *entry, uint32_t number, size_t offset,
			  const void *source, size_t length)
{
	const struct grant *grant = entry->grant;
	enum error error =
		check_slice(grant->rw, number, grant->driver->type->grant.allow_rw, offset, length);

	if (error == E_OK && length > 0)
		memcpy(grant->rw[number].base + offset, source, length);
	return error;
}

void fake_nothing_entered(void)
{
	if (entered_count != 0)
		fake_broken("a grant is still entered");
}

struct syscall_return fake_command(struct driver *driver, struct process_id id, uint32_t number,
				   uint32_t a0, uint32_t a1)
{
	uint32_t argument[2] = {a0, a1};

	if (find(id) == NULL)
		fake_broken("the test lets a dead process issue a command");

	struct syscall_return result =
		syscall_unpack(driver->type->command(driver, id, number, argument));

	fake_nothing_entered();
	return result;
}

bool fake_allow_ro(struct driver *driver, struct process_id id, uint32_t number, const void *base,
		   size_t length)
{
	struct grant *grant = grant_of(find(id), driver);

	if (grant == NULL)
		return false;
	grant->ro[number] = (struct slice){.base_ro = base, .length = length};
	return true;
}

bool fake_allow_rw(struct driver *driver, struct process_id id, uint32_t number, void *base,
		   size_t length)
{
	struct grant *grant = grant_of(find(id), driver);

	if (grant == NULL)
		return false;
	grant->rw[number] = (struct slice){.base = base, .length = length};
	return true;
}

bool fake_yield(struct process_id id, struct fake_upcall *upcall)
{
	struct fake_process *process = find(id);

	if (process == NULL || process->upcall_count == 0)
		return false;
	*upcall = process->upcalls[0];
	process->upcall_count--;
	memmove(process->upcalls, process->upcalls + 1,
		process->upcall_count * sizeof(process->upcalls[0]));

	struct grant *grant = process->grants[upcall->driver->index];

	if (--grant->pending[upcall->number] > 0)
		grant->queued--;
	return true;
}

bool fake_yields(struct process_id id, uint32_t number, uint32_t a0, uint32_t a1)
{
	struct fake_upcall upcall;

	return fake_yield(id, &upcall) && upcall.number == number && upcall.argument[0] == a0 &&
	       upcall.argument[1] == a1 && upcall.argument[2] == 0;
}

uint32_t fake_dropped(struct process_id id)
{
	return find(id)->info.upcalls_dropped;
}

void deferred_set(struct deferred *deferred)
{
	if (deferred->pending)
		return;
	deferred->pending = true;
	deferred->next = deferred_first;
	deferred_first = deferred;
}

void fake_run_deferred(void)
{
	while (deferred_first != NULL) {
		struct deferred *deferred = deferred_first;

		deferred_first = deferred->next;
		deferred->pending = false;
		deferred->ops->called(deferred);
		fake_nothing_entered();
	}
	fake_log_tell();
}

uint32_t process_slots(const struct cap_process_admin *cap)
{
	(void)cap;
	return FAKE_PROCESSES;
}

bool process_inspect(const struct cap_process_admin *cap, uint32_t slot, struct process_info *info)
{
	(void)cap;
	if (slot >= FAKE_PROCESSES || processes[slot].info.state == PROCESS_UNUSED)
		return false;
	*info = processes[slot].info;
	return true;
}

static struct fake_process *find_any(struct process_id id)
{
	for (uint32_t i = 0; i < FAKE_PROCESSES; i++)
		if (processes[i].info.state != PROCESS_UNUSED &&
		    process_id_equal(processes[i].info.id, id))
			return &processes[i];
	return NULL;
}

size_t process_name(const struct cap_process_admin *cap, struct process_id id, char *destination,
		    size_t capacity)
{
	struct fake_process *process = find_any(id);

	(void)cap;
	destination[0] = '\0';
	if (process == NULL)
		return 0;

	size_t length = strlen(process->name);

	if (length > capacity - 1)
		length = capacity - 1;
	memcpy(destination, process->name, length);
	destination[length] = '\0';
	return length;
}

enum error process_stop(const struct cap_process_admin *cap, struct process_id id)
{
	struct fake_process *process = find_any(id);

	(void)cap;
	if (process == NULL)
		return E_NODEVICE;
	if (!alive(process) || process->info.state == PROCESS_STOPPED)
		return E_ALREADY;
	process->info.state = PROCESS_STOPPED;
	return E_OK;
}

enum error process_resume(const struct cap_process_admin *cap, struct process_id id)
{
	struct fake_process *process = find_any(id);

	(void)cap;
	if (process == NULL)
		return E_NODEVICE;
	if (process->info.state != PROCESS_STOPPED)
		return E_ALREADY;
	process->info.state = PROCESS_YIELDED;
	return E_OK;
}

enum error process_terminate(const struct cap_process_admin *cap, struct process_id id)
{
	struct fake_process *process = find_any(id);

	(void)cap;
	if (process == NULL)
		return E_NODEVICE;
	if (process->info.state == PROCESS_TERMINATED)
		return E_ALREADY;
	end(process, PROCESS_TERMINATED);
	return E_OK;
}

enum error fake_boot_error;

enum error process_boot(const struct cap_process_admin *cap, struct process_id id)
{
	struct fake_process *process = find_any(id);

	(void)cap;
	if (process == NULL)
		return E_NODEVICE;
	if (alive(process))
		return E_ALREADY;
	if (fake_boot_error != E_OK)
		return fake_boot_error;
	begin_life(process->info.slot);
	return E_OK;
}

enum error process_fault(const struct cap_process_admin *cap, struct process_id id)
{
	struct fake_process *process = find_any(id);

	(void)cap;
	if (process == NULL)
		return E_NODEVICE;
	if (!alive(process))
		return E_ALREADY;
	end(process, PROCESS_FAULTED);
	return E_OK;
}

void kernel_inspect(const struct cap_process_admin *cap, struct kernel_info *info)
{
	(void)cap;
	*info = (struct kernel_info){
		.build_record = fake_build_record,
		.timeslice_expirations = 7,
		.text_start = 0x1000,
		.text_end = 0x3000,
	};
	for (uint32_t i = 0; i < FAKE_PROCESSES; i++) {
		info->processes += processes[i].info.state != PROCESS_UNUSED;
		info->active += alive(&processes[i]);
	}
}

void process_load(const struct cap_process_admin *cap)
{
	(void)cap;
	fake_loads++;
}

void fault_record_print(const struct cap_process_admin *cap)
{
	(void)cap;
	fake_records++;
}

void kernel_reset(const struct cap_process_admin *cap)
{
	(void)cap;
	fake_resets++;
}

void kernel_panic(const struct cap_process_admin *cap)
{
	(void)cap;
	fake_panics++;
}
