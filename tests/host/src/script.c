/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Scripted processes: each system call comes from the test. */
#include "state.h"

#include "abi/error.h"

#include <string.h>

static struct host_return look(struct host_app *app)
{
	struct host_return result = {.returned = false};
	const struct arch_context *context;

	(void)host_settle(app);
	if (host.stop != STOP_PARKED || host.parked != app)
		return result;
	context = &app->process->context;
	result.returned = true;
	result.upcall = app->in_upcall;
	result.function = app->in_upcall ? context->pc : 0;
	memcpy(result.r, context->r, sizeof(result.r));
	return result;
}

static struct host_return come_back(struct host_app *app)
{
	struct host_return result = look(app);

	if (host.ended)
		host_give_up("the kernel ended with status %u", host.status);
	return result;
}

static void must_be_its_turn(struct host_app *app)
{
	if (come_back(app).returned)
		return;
	if (host_process(app) == NULL)
		host_give_up("%s was not loaded", app->name);
	host_give_up("%s cannot make a system call: it is in state %u", app->name,
		     app->process->state);
}

static void set_step(struct host_app *app, const struct host_trap *step)
{
	if (app->image != NULL)
		host_give_up("%s is a compiled application: it makes its own system calls",
			     app->name);
	must_be_its_turn(app);
	app->step = *step;
	app->has_step = true;
}

bool host_try_step(struct host_app *app, const struct host_trap *step)
{
	if (!look(app).returned)
		return false;
	app->step = *step;
	app->has_step = true;
	(void)look(app);
	return true;
}

struct host_return host_call(struct host_app *app, uint32_t class_number, uint32_t r0, uint32_t r1,
			     uint32_t r2, uint32_t r3)
{
	const struct host_trap step = {
		.kind = HOST_TRAP_SYSCALL, .class_number = class_number, .r = {r0, r1, r2, r3}};

	set_step(app, &step);
	return come_back(app);
}

struct host_return host_continue(struct host_app *app)
{
	return come_back(app);
}

void host_touch(struct host_app *app, uint32_t address)
{
	struct host_trap step = {.kind = HOST_TRAP_FAULT};

	must_be_its_turn(app);
	step.fault = (struct arch_fault){ARCH_FAULT_MEMORY, address, app->process->context.pc};
	set_step(app, &step);
	(void)look(app);
}

void host_burn(struct host_app *app)
{
	uint64_t when;

	must_be_its_turn(app);
	while (host_next_event(&when) && when < host.slice_end_us) {
		host_arrive(when);
		(void)come_back(app);
	}
	host_arrive(host.slice_end_us);
	host.preempt = true;
	(void)host_go();
}

void host_set_sp(struct host_app *app, uint32_t sp)
{
	must_be_its_turn(app);
	app->process->context.sp = sp;
}

static __attribute__((no_sanitize("address"))) void
copy(volatile uint8_t *to, const volatile uint8_t *from, size_t length)
{
	for (size_t i = 0; i < length; i++)
		to[i] = from[i];
}

static void must_be_its_own(struct host_app *app, uint32_t address, size_t length)
{
	const struct process *process = host_process(app);

	if (process == NULL || address < process->mpu.ram_start || address > process->mpu.ram_end ||
	    length > process->mpu.ram_end - address)
		host_give_up("0x%08x, %zu bytes, is not memory of %s", address, length, app->name);
}

void host_poke(struct host_app *app, uint32_t address, const void *bytes, size_t length)
{
	must_be_its_own(app, address, length);
	copy((volatile uint8_t *)(uintptr_t)address, bytes, length);
}

void host_peek(struct host_app *app, uint32_t address, void *bytes, size_t length)
{
	must_be_its_own(app, address, length);
	copy(bytes, (const volatile uint8_t *)(uintptr_t)address, length);
}

uint32_t host_ram(struct host_app *app, uint32_t offset)
{
	const struct process *process = host_process(app);

	if (process == NULL)
		host_give_up("%s was not loaded", app->name);
	return process->memory.ram_start + offset;
}

uint32_t host_flash(struct host_app *app, uint32_t offset)
{
	return app->flash_start + offset;
}

struct host_return host_command(struct host_app *app, uint32_t driver, uint32_t number, uint32_t a0,
				uint32_t a1)
{
	return host_call(app, SYSCALL_COMMAND, driver, number, a0, a1);
}

struct host_return host_subscribe(struct host_app *app, uint32_t driver, uint32_t number,
				  uint32_t function, uint32_t data)
{
	return host_call(app, SYSCALL_SUBSCRIBE, driver, number, function, data);
}

struct host_return host_allow_rw(struct host_app *app, uint32_t driver, uint32_t number,
				 uint32_t address, uint32_t length)
{
	return host_call(app, SYSCALL_ALLOW_RW, driver, number, address, length);
}

struct host_return host_allow_ro(struct host_app *app, uint32_t driver, uint32_t number,
				 uint32_t address, uint32_t length)
{
	return host_call(app, SYSCALL_ALLOW_RO, driver, number, address, length);
}

struct host_return host_memop(struct host_app *app, uint32_t operation, uint32_t argument)
{
	return host_call(app, SYSCALL_MEMOP, operation, argument, 0, 0);
}

struct host_return host_yield(struct host_app *app)
{
	return host_call(app, SYSCALL_YIELD, YIELD_WAIT, 0, 0, 0);
}

struct host_return host_yield_no_wait(struct host_app *app, uint32_t flag)
{
	return host_call(app, SYSCALL_YIELD, YIELD_NO_WAIT, flag, 0, 0);
}

struct host_return host_yield_for(struct host_app *app, uint32_t driver, uint32_t number)
{
	return host_call(app, SYSCALL_YIELD, YIELD_WAIT_FOR, driver, number, 0);
}
