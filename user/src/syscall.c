/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "detent/syscall.h"

#include "detent/arch/syscall.h"

/* What classes 1, 3, 4 and 7 answer: what was there before, or an error. */
struct swapped {
	enum error error;
	uintptr_t was[2];
};

/* A failure stays one, even if a kernel should send it without a code. */
static enum error failed(uintptr_t code)
{
	return code ? (enum error)code : E_FAIL;
}

static ALWAYS_INLINE struct swapped swap(enum syscall_class class, struct syscall_words in)
{
	struct syscall_words out = syscall_trap(class, in);

	if (out.word[0] == SYSCALL_FAILURE_2_U32)
		return (struct swapped){.error = failed(out.word[1])};
	if (out.word[0] != SYSCALL_SUCCESS_2_U32)
		return (struct swapped){.error = E_BAD_VARIANT};
	return (struct swapped){E_OK, {out.word[1], out.word[2]}};
}

struct command_return command(uint32_t driver, uint32_t number, uint32_t arg0, uint32_t arg1)
{
	struct syscall_words out =
		syscall_trap(SYSCALL_COMMAND, (struct syscall_words){{driver, number, arg0, arg1}});

	return (struct command_return){
		.variant = (uint32_t)out.word[0],
		.value = {(uint32_t)out.word[1], (uint32_t)out.word[2], (uint32_t)out.word[3]},
	};
}

enum error command_done(uint32_t driver, uint32_t number, uint32_t arg0, uint32_t arg1)
{
	struct syscall_words out =
		syscall_trap(SYSCALL_COMMAND, (struct syscall_words){{driver, number, arg0, arg1}});

	if (out.word[0] == SYSCALL_SUCCESS)
		return E_OK;
	return out.word[0] == SYSCALL_FAILURE ? failed(out.word[1]) : E_BAD_VARIANT;
}

enum error command_value(uint32_t driver, uint32_t number, uint32_t arg0, uint32_t *value)
{
	struct syscall_words out =
		syscall_trap(SYSCALL_COMMAND, (struct syscall_words){{driver, number, arg0, 0}});

	if (out.word[0] == SYSCALL_FAILURE)
		return failed(out.word[1]);
	if (out.word[0] != SYSCALL_SUCCESS_U32)
		return E_BAD_VARIANT;
	*value = (uint32_t)out.word[1];
	return E_OK;
}

/* Drivers that answer command 0 with a count exist as well. */
bool driver_exists(uint32_t driver)
{
	uint32_t variant = command(driver, 0, 0, 0).variant;

	return variant == SYSCALL_SUCCESS || variant == SYSCALL_SUCCESS_U32;
}

enum error subscribe(uint32_t driver, uint32_t number, struct subscription now,
		     struct subscription *was)
{
	struct swapped old = swap(SYSCALL_SUBSCRIBE,
				  (struct syscall_words){{driver, number, (uintptr_t)now.upcall,
							  (uintptr_t)now.context}});

	if (old.error == E_OK && was)
		*was = (struct subscription){(upcall_function *)old.was[0], (void *)old.was[1]};
	return old.error;
}

enum error allow_rw(uint32_t driver, uint32_t number, struct allowed now, struct allowed *was)
{
	struct swapped old =
		swap(SYSCALL_ALLOW_RW,
		     (struct syscall_words){{driver, number, (uintptr_t)now.start, now.length}});

	if (old.error == E_OK && was)
		*was = (struct allowed){(void *)old.was[0], old.was[1]};
	return old.error;
}

enum error allow_ro(uint32_t driver, uint32_t number, struct allowed_const now,
		    struct allowed_const *was)
{
	struct swapped old =
		swap(SYSCALL_ALLOW_RO,
		     (struct syscall_words){{driver, number, (uintptr_t)now.start, now.length}});

	if (old.error == E_OK && was)
		*was = (struct allowed_const){(const void *)old.was[0], old.was[1]};
	return old.error;
}

enum error allow_ur(uint32_t driver, uint32_t number, struct allowed now, struct allowed *was)
{
	struct swapped old =
		swap(SYSCALL_ALLOW_UR,
		     (struct syscall_words){{driver, number, (uintptr_t)now.start, now.length}});

	if (old.error == E_OK && was)
		*was = (struct allowed){(void *)old.was[0], old.was[1]};
	return old.error;
}

enum error memop(enum memop_number number, uintptr_t argument, uintptr_t *value)
{
	struct syscall_words out =
		syscall_trap(SYSCALL_MEMOP, (struct syscall_words){{number, argument, 0, 0}});

	if (out.word[0] == SYSCALL_FAILURE)
		return failed(out.word[1]);
	if (out.word[0] == SYSCALL_SUCCESS_U32 && value)
		*value = out.word[1];
	else if (out.word[0] != SYSCALL_SUCCESS && out.word[0] != SYSCALL_SUCCESS_U32)
		return E_BAD_VARIANT;
	return E_OK;
}

void yield(void)
{
	syscall_yield((struct syscall_words){{YIELD_WAIT, 0, 0, 0}});
}

bool yield_no_wait(void)
{
	volatile uint8_t ran = 0;

	syscall_yield((struct syscall_words){{YIELD_NO_WAIT, (uintptr_t)&ran, 0, 0}});
	return ran != 0;
}

/* No upcall runs, and the three values come without a variant. */
struct upcall_values yield_wait_for(uint32_t driver, uint32_t number)
{
	struct syscall_words out = syscall_trap(
		SYSCALL_YIELD, (struct syscall_words){{YIELD_WAIT_FOR, driver, number, 0}});

	return (struct upcall_values){
		{(uint32_t)out.word[0], (uint32_t)out.word[1], (uint32_t)out.word[2]}};
}

NORETURN void process_exit(uint32_t status)
{
	syscall_trap(SYSCALL_EXIT, (struct syscall_words){{EXIT_TERMINATE, status, 0, 0}});
	__builtin_unreachable();
}

NORETURN void process_restart(uint32_t status)
{
	syscall_trap(SYSCALL_EXIT, (struct syscall_words){{EXIT_RESTART, status, 0, 0}});
	__builtin_unreachable();
}
