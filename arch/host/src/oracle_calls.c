/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The system call half of the oracle: what each call must answer (TRD104,
 * section 4), worked out anew from its arguments and from what the process set
 * before.
 */
#include "oracle_private.h"

#include "abi/error.h"
#include "abi/syscall.h"

const struct driver *oracle_driver(uint32_t number)
{
	for (uint32_t i = 0; i < board.driver_count; i++)
		if (board.drivers[i].number == number)
			return board.drivers[i].driver;
	return NULL;
}

void oracle_called(const struct process *process, const struct host_trap *trap)
{
	struct oracle_model *model = oracle_model(process);
	const struct driver *driver = oracle_driver(trap->r[0]);

	for (uint32_t i = 0; i < 4; i++)
		model->in[i] = trap->r[i];
	model->life_before = model->life;
	oracle_forget_loans(process);
	model->had_grant = driver != NULL && process->grants[driver->index] != NULL;
	model->plans_to_refuse = host_hardware.refuse_plans;
}

static NORETURN void wrong(const struct process *process, const char *what)
{
	const struct oracle_model *model = oracle_model(process);

	host_violation("slot %u: %s(0x%x, 0x%x, 0x%x, 0x%x) answered %u, 0x%x, 0x%x, 0x%x",
		       (unsigned int)(process - board.processes), what, model->in[0], model->in[1],
		       model->in[2], model->in[3], process->context.r[0], process->context.r[1],
		       process->context.r[2], process->context.r[3]);
}

static struct oracle_entry *entry_of(struct oracle_model *model, uint32_t class_number)
{
	struct oracle_entry *free_entry = NULL;

	for (uint32_t i = 0; i < ORACLE_TABLE; i++) {
		struct oracle_entry *entry = &model->table[i];

		if (!entry->used)
			free_entry = entry;
		else if (entry->class_number == class_number && entry->driver == model->in[0] &&
			 entry->number == model->in[1])
			return entry;
	}
	if (free_entry == NULL)
		host_violation("the oracle's table is full: enlarge ORACLE_TABLE");
	*free_entry = (struct oracle_entry){
		.class_number = class_number, .driver = model->in[0], .number = model->in[1]};
	return free_entry;
}

/* Subscribe and the allows: the answer is what was there before, or an error with what came. */
static void check_swap(const struct process *process, const char *what, uint32_t class_number,
		       enum error expected)
{
	struct oracle_model *model = oracle_model(process);
	const ureg_t *out = process->context.r;
	bool no_memory = !model->had_grant && out[1] == E_NOMEM;
	bool filtered = process->filtered && out[1] == E_NODEVICE;

	if (out[0] == SYSCALL_FAILURE_2_U32) {
		if (out[2] != model->in[2] || out[3] != model->in[3])
			wrong(process, what);
		if (filtered || out[1] == (ureg_t)expected || (expected == E_OK && no_memory))
			return;
		wrong(process, what);
	}
	if (out[0] != SYSCALL_SUCCESS_2_U32 || expected != E_OK)
		wrong(process, what);

	struct oracle_entry *entry = entry_of(model, class_number);

	if (out[1] != entry->value[0] || out[2] != entry->value[1])
		wrong(process, what);
	entry->used = true;
	entry->value[0] = model->in[2];
	entry->value[1] = model->in[3];
}

static void check_subscribe(const struct process *process)
{
	const ureg_t *in = oracle_model(process)->in;
	const struct driver *driver = oracle_driver(in[0]);
	enum error expected = E_OK;

	if (driver == NULL)
		expected = E_NODEVICE;
	else if (in[1] >= driver->type->grant.upcalls)
		expected = E_NOSUPPORT;
	else if (in[2] != 0 && !oracle_within(in[2], 2, process->flash_start, process->code_end))
		expected = E_INVAL;
	check_swap(process, "subscribe", SYSCALL_SUBSCRIBE, expected);
}

static uint32_t numbers(const struct driver *driver, uint32_t class_number)
{
	const struct grant_shape *shape = &driver->type->grant;

	if (class_number == SYSCALL_ALLOW_RO)
		return shape->allow_ro;
	return class_number == SYSCALL_ALLOW_RW ? shape->allow_rw : shape->allow_ur;
}

static void check_allow(const struct process *process, uint32_t class_number)
{
	struct oracle_model *model = oracle_model(process);
	const ureg_t *in = model->in;
	const struct driver *driver = oracle_driver(in[0]);
	bool ram = oracle_within(in[2], in[3], model->ram_start, model->app_break);
	bool flash = class_number == SYSCALL_ALLOW_RO &&
		     oracle_within(in[2], in[3], process->flash_start, process->flash_end);
	bool lent = oracle_borrowed(process, in[2], in[3], class_number != SYSCALL_ALLOW_RO, in[0]);
	enum error expected = E_OK;

	if (driver == NULL)
		expected = E_NODEVICE;
	else if (in[1] >= numbers(driver, class_number) || (in[3] != 0 && !ram && !flash && !lent))
		expected = E_INVAL;
	check_swap(process, "allow", class_number, expected);
	if (process->context.r[0] == SYSCALL_SUCCESS_2_U32 && ram && in[3] != 0 &&
	    in[2] + in[3] > model->high_water)
		model->high_water = in[2] + in[3];
}

/* Memory that a higher break gives to a process tells nothing. */
static __attribute__((no_sanitize("address"))) void check_zero(uptr_t start, uptr_t end)
{
	for (; start < end; start++)
		if (*(const volatile uint8_t *)(uintptr_t)start != 0)
			host_violation("0x%08x was given to a process and is not zero", start);
}

static void check_break(const struct process *process, uint64_t wanted)
{
	struct oracle_model *model = oracle_model(process);
	bool success = process->context.r[0] ==
		       (model->in[0] == MEMOP_BRK ? SYSCALL_SUCCESS : SYSCALL_SUCCESS_U32);
	bool possible = wanted >= model->high_water && wanted <= process->memory.grant_break;
	bool may_refuse = host_hardware.strict || model->plans_to_refuse != 0;

	if (success != possible && !(possible && may_refuse))
		wrong(process, "memop");
	if (!success) {
		if (process->context.r[0] != SYSCALL_FAILURE || process->context.r[1] != E_NOMEM)
			wrong(process, "memop");
		return;
	}
	if (model->in[0] == MEMOP_SBRK && process->context.r[1] != model->app_break)
		wrong(process, "memop");
	check_zero(model->app_break, (uptr_t)wanted);
	model->app_break = (uptr_t)wanted;
}

/* Where memop is answered with a value: which one. False: it is not such a call. */
static bool memop_value(const struct process *process, ureg_t *value)
{
	const struct oracle_model *model = oracle_model(process);
	const ureg_t values[] = {
		[MEMOP_RAM_START] = model->ram_start,
		[MEMOP_RAM_END] = model->ram_end,
		[MEMOP_FLASH_START] = process->flash_start,
		[MEMOP_FLASH_END] = process->flash_end,
		[MEMOP_GRANT_START] = process->memory.grant_break,
		[MEMOP_FLASH_REGIONS] = process->writeable_regions,
	};

	if (model->in[0] < MEMOP_RAM_START || model->in[0] > MEMOP_FLASH_REGIONS)
		return false;
	*value = values[model->in[0]];
	return true;
}

/* The memory windows that a policy may give: memop 12 to 15. */
static void check_windows(const struct process *process)
{
	const struct process_policy *policy = process->policy;
	const ureg_t *in = oracle_model(process)->in, *out = process->context.r;
	bool counts = in[0] == MEMOP_WINDOWS;
	ureg_t value = policy->window_count;

	if (policy->window_count == 0 || (!counts && in[1] >= policy->window_count)) {
		if (out[0] != SYSCALL_FAILURE)
			wrong(process, "memop");
		return;
	}
	if (in[0] == MEMOP_WINDOW_START)
		value = policy->windows[in[1]].start;
	else if (in[0] == MEMOP_WINDOW_LENGTH)
		value = policy->windows[in[1]].length;
	else if (!counts)
		value = policy->windows[in[1]].type;
	if (out[0] != SYSCALL_SUCCESS_U32 || out[1] != value)
		wrong(process, "memop");
}

static void check_memop(const struct process *process)
{
	struct oracle_model *model = oracle_model(process);
	const ureg_t *out = process->context.r;
	ureg_t value;

	if (model->in[0] == MEMOP_BRK)
		check_break(process, model->in[1]);
	else if (model->in[0] == MEMOP_SBRK)
		check_break(process, (uint64_t)((int64_t)model->app_break + (int32_t)model->in[1]));
	else if (memop_value(process, &value) && (out[0] != SYSCALL_SUCCESS_U32 || out[1] != value))
		wrong(process, "memop");
	if (model->in[0] >= MEMOP_WINDOWS && model->in[0] <= MEMOP_WINDOW_TYPE)
		check_windows(process);
	if (model->in[0] > MEMOP_WINDOW_TYPE &&
	    (out[0] != SYSCALL_FAILURE || out[1] != E_NOSUPPORT))
		wrong(process, "memop");
	if (out[2] != model->in[2] || out[3] != model->in[3] ||
	    (out[0] == SYSCALL_SUCCESS && out[1] != model->in[1]))
		wrong(process, "memop");
}

/* Values that the return variant does not define stay as they were. */
static void check_command(const struct process *process)
{
	const struct oracle_model *model = oracle_model(process);
	const ureg_t *out = process->context.r;
	bool small = out[0] == SYSCALL_SUCCESS || out[0] == SYSCALL_SUCCESS_U32 ||
		     out[0] == SYSCALL_FAILURE;
	bool known = out[0] <= SYSCALL_FAILURE_U64 ||
		     (out[0] >= SYSCALL_SUCCESS && out[0] <= SYSCALL_SUCCESS_U32_U64);

	if (!known || (small && (out[2] != model->in[2] || out[3] != model->in[3])))
		wrong(process, "command");
	if (out[0] == SYSCALL_FAILURE && (out[1] == 0 || out[1] > E_NOACK))
		wrong(process, "command");
	if (oracle_driver(model->in[0]) == NULL &&
	    (out[0] != SYSCALL_FAILURE || out[1] != E_NODEVICE))
		wrong(process, "command");
}

static void check_class(const struct process *process, uint32_t class_number)
{
	switch (class_number) {
	case SYSCALL_SUBSCRIBE:
		return check_subscribe(process);
	case SYSCALL_ALLOW_RW:
	case SYSCALL_ALLOW_RO:
	case SYSCALL_ALLOW_UR:
		return check_allow(process, class_number);
	case SYSCALL_COMMAND:
		return check_command(process);
	case SYSCALL_MEMOP:
		return check_memop(process);
	default:
		return;
	}
}

void oracle_answered(const struct process *process, const struct host_trap *trap, bool goes_on)
{
	const struct oracle_model *model = oracle_model(process);
	bool same_life = model->life == model->life_before && oracle_is_alive(process);

	if (same_life) {
		check_class(process, trap->class_number);
		oracle_note_loans(process);
		oracle_check_memory(process);
	}
	if (!goes_on)
		return;
	if (!same_life || process->state != PROCESS_RUNNING)
		host_violation("slot %u goes on in state %u after class %u",
			       (unsigned int)(process - board.processes), process->state,
			       trap->class_number);
	oracle_chosen(process);
}
