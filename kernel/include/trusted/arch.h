/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What the kernel asks of an architecture. One implementation stands in an
 * image, so these are functions chosen at link time; the types come from the
 * chosen architecture's own `arch_types.h`.
 *
 * Control flow: while a process runs the kernel's stack is empty. A trap that
 * kernel_syscall() answers goes straight back; everything else saves the whole
 * context, calls kernel_next() on an empty stack and resumes what that returns.
 */
#ifndef TRUSTED_ARCH_H
#define TRUSTED_ARCH_H

#include "arch_types.h" /* struct arch_context, struct arch_mpu, struct arch_fault */
#include "lib/compiler.h"
#include "trusted/types.h"

#include <stdbool.h>
#include <stddef.h>

struct process;

/* ---- start ---- */

/* Vectors, fault handling and the protection of the kernel itself. Once, first. */
void arch_init(void);

/* Leaves the start-up code: the first kernel_next() on an empty stack. */
NORETURN void arch_run(void);

/* Waits until an interrupt is pending; may return early. */
void arch_idle(void);

/* One line for the boot message: what protects the kernel ("Smepmp, W^X"). */
const char *arch_protection_name(void);

/* ---- contexts ---- */

struct arch_start {
	uptr_t entry;     /* first instruction, without Thumb bit */
	uptr_t app_start; /* first byte after the TBF header and the protected region */
	uptr_t ram_start;
	uint32_t ram_length; /* bytes of the whole allocation, kernel part included */
	uptr_t app_break;
};

/* A context that starts an application as its crt0 expects. */
void arch_context_init(struct arch_context *context, const struct arch_start *start);

/*
 * Puts the three arguments of an upcall into the return registers (yield-wait-
 * for). The process must be mapped. False: its stack is not its own memory.
 */
bool arch_context_set_results(struct arch_context *context, const ureg_t result[3]) MUST_CHECK;

/*
 * Makes the context run `function` with three arguments and the user data, and
 * return to where it yielded. The process must be mapped. False: its stack
 * cannot take the frame.
 */
bool arch_context_push_upcall(struct arch_context *context, uptr_t function,
			      const ureg_t argument[4]) MUST_CHECK;

/* Where the process is, and its stack pointer, for reports. */
uptr_t arch_context_pc(const struct arch_context *context);
uptr_t arch_context_sp(const struct arch_context *context);

/* The registers and the fault, as lines of text through log_print(). */
void arch_context_log(const struct arch_context *context);
void arch_fault_log(const struct arch_fault *fault);

/* The data address that a fault was about. False: it was about none, or it is not known. */
bool arch_fault_address(const struct arch_fault *fault, uptr_t *address);

struct fault_record;

/* Fills in `arch`, `cause`, `registers` and their count. Either may be NULL. */
void arch_fault_record(struct fault_record *record, const struct arch_context *context,
		       const struct arch_fault *fault);

/* ---- memory protection ---- */

struct arch_placement {
	uptr_t start;
	uint32_t size;
};

/*
 * Chooses a place for a process that needs `app_bytes` for itself and
 * `kernel_bytes` above them, within `window`, as low as possible and with little
 * waste. `fixed` is the address it must start at, 0 for any.
 * False: nothing fits that the hardware can protect.
 */
/*@ requires \valid(placement) && \valid_read(window) && \separated(placement, window);
    requires window->start + window->size <= 0xFFFFFFFF;
    terminates \true;
    assigns *placement;
    ensures \result ==> window->start <= placement->start &&
	placement->start + placement->size <= window->start + window->size;
*/
bool arch_mpu_place(struct arch_placement *placement, const struct arch_placement *window,
		    uint32_t app_bytes, uint32_t kernel_bytes, uptr_t fixed) MUST_CHECK;

enum arch_access {
	ARCH_CLOSED,     /* a piece of the process's own RAM that it may not touch */
	ARCH_READ,       /* a piece outside of what it has, to read */
	ARCH_READ_WRITE, /* the same, to read and write */
};

/* Bytes [start, end) with an access of their own; none where the two are equal. */
struct arch_window {
	uptr_t start, end;
	uint8_t access; /* enum arch_access */
	bool kernels;   /* it is the kernel's memory, which the kernel goes on using */
};

struct arch_regions {
	uptr_t flash_start; /* read and execute, ... */
	uptr_t code_end;    /* ... all below this; ... */
	uptr_t flash_end;   /* ... read only from arch_mpu_code_end() on to here */
	uptr_t ram_start;   /* read and write, ... */
	uptr_t ram_need;    /* ... all below this ... */
	uptr_t ram_limit;   /* ... and nothing from here on */
	/* ARCH_WINDOWS of arch_types.h; none overlaps another. */
	const struct arch_window *windows;
};

/*
 * Whether the hardware can express [start, start + length), not empty, exactly as
 * a window. A plan with such windows is refused for no reason that the same plan
 * without them is not refused for.
 */
bool arch_mpu_window_fits(uptr_t start, uint32_t length) MUST_CHECK;

struct arch_window_shape {
	uint32_t size;      /* 0: there is none */
	uint32_t alignment; /* a power of two */
};

/* The least size from `length` up of which every aligned piece is a window that fits. */
struct arch_window_shape arch_mpu_window_shape(uint32_t length);

/*
 * First address of the flash that a plan lets nobody execute: `code_end`, or the next
 * from there on, at most `flash_end`, at which the hardware can take a right away. 0:
 * there is none, and arch_mpu_plan() refuses too. Only the flash's three fields count.
 */
uptr_t arch_mpu_code_end(const struct arch_regions *regions) MUST_CHECK;

/* arch_mpu_code_end() where that is so at every multiple of `grain`. */
/*@ requires \valid_read(regions) && grain > 0;
    terminates \true;
    assigns \nothing;
    ensures \result != 0 ==> \result % grain == 0 && regions->code_end <= \result &&
	\result < regions->code_end + grain && regions->flash_start <= regions->code_end &&
	\result <= regions->flash_end;
*/
static inline uptr_t arch_code_end_by_grain(const struct arch_regions *regions, uint32_t grain)
{
	const uptr_t end = regions->code_end;
	const uint32_t beyond = end % grain;
	const uint32_t extra = beyond == 0 ? 0 : grain - beyond;

	if (end < regions->flash_start || end > regions->flash_end ||
	    extra > regions->flash_end - end)
		return 0;
	return end + extra;
}

/*
 * Computes the registers that open exactly this to a process. False: the
 * hardware cannot express it; `mpu` is then unchanged.
 */
bool arch_mpu_plan(struct arch_mpu *mpu, const struct arch_regions *regions) MUST_CHECK;

/*
 * Puts another window in the place of window `number` of a plan; all must fit, and
 * none may overlap another. A plan that is in force must be loaded anew.
 */
void arch_mpu_set_window(struct arch_mpu *mpu, uint32_t number, const struct arch_window *window);

/* First address after the RAM that a plan opens: in [ram_need, ram_limit]. */
uptr_t arch_mpu_ram_end(const struct arch_mpu *mpu);

/* Makes a plan the one in force for unprivileged code. Whole, nothing of others. */
void arch_mpu_load(const struct arch_mpu *mpu);

/* Opens nothing to unprivileged code. */
void arch_mpu_unload(void);

/* ---- memory ---- */

/*
 * Copies with the rights of the process whose plan is loaded: LDRT/STRT on Arm,
 * MPRV on RISC-V. False: the hardware refused; a part may have been copied.
 */
bool arch_user_read(void *destination, uptr_t source, size_t length) MUST_CHECK;
bool arch_user_write(uptr_t destination, const void *source, size_t length) MUST_CHECK;

/*
 * Stores one byte with the rights of the process whose plan is loaded; what it
 * may not write stays as it is.
 */
void arch_user_poke(uptr_t destination, uint8_t value);

/* Memory of a process that the process itself cannot reach now. */
void *arch_kernel_pointer(uptr_t address);
/*@ axiomatic arch_addresses { logic uptr_t arch_address(void *pointer) reads \nothing; } */
/*@ terminates \true;
    assigns \nothing;
    ensures \result == arch_address(pointer);
*/
uptr_t arch_address_of(const void *pointer);

/* Zeroes such memory, [start, end). */
void arch_clear(uptr_t start, uptr_t end);

#endif
