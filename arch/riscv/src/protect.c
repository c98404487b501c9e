/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Physical memory protection. Entries 0-8 belong to the process that runs and are
 * never locked: 0-1 and 2-3 are windows, 4-6 its flash, what it executes and behind
 * that its footers, 7-8 its RAM; a CPU with eight entries has one window. The lowest
 * entry that matches counts, so a window can close a piece of RAM. Where the CPU has
 * Smepmp, entries 9-15 are locked to the kernel: text read-execute, flash read-only,
 * RAM and devices read-write, and nothing else (mseccfg.MML and MMWP). Under MML an
 * unlocked entry gives machine mode no access, so the kernel reaches process memory
 * only by MPRV, with the process's own rights, and no entry has to change on a trap.
 *
 * Without Smepmp a locked entry would open the kernel to processes too
 * (privileged specification, section 3.7.1.2), so the kernel stays unprotected
 * against itself; processes are confined all the same, for what no entry
 * matches is denied to them.
 */
#include "arch/csr.h"
#include "pmp_plan.h"
#include "riscv.h"
#include "trusted/arch.h"
#include "trusted/linker.h"

#include <stddef.h>

/* Smepmp 1.0, section 2.1: bits of mseccfg, CSR 0x747. */
#define MSECCFG_MML 1u
#define MSECCFG_MMWP 2u
#define MSECCFG_RLB 4u
/* Privileged specification, section 3.1.6: privilege before, vector and FP state. */
#define MSTATUS_MPP (3u << 11)
#define MSTATUS_VS (3u << 9)
#define MSTATUS_FS (3u << 13)

extern uint8_t linker_rom_start[], linker_ram_start[];

static bool smepmp;

/* pmpcfg bytes of the kernel's entries, all locked. */
enum {
	LOCKED_OFF = PMP_CFG_LOCK,
	LOCKED_RX = PMP_CFG_LOCK | PMP_CFG_TOR | PMP_RX,
	LOCKED_R = PMP_CFG_LOCK | PMP_CFG_TOR | PMP_R,
	LOCKED_RW = PMP_CFG_LOCK | PMP_CFG_TOR | PMP_RW,
};

/* Of entries 8 to 11, the first of which is the process's, and of 12 to 15. */
#define TEXT_AND_FLASH (LOCKED_OFF << 8 | LOCKED_RX << 16 | (uint32_t)LOCKED_R << 24)
#define RAM_AND_DEVICES (LOCKED_OFF | LOCKED_RW << 8 | LOCKED_OFF << 16 | (uint32_t)LOCKED_RW << 24)

/* A plan that opens nothing; the kernel's entries in it are as they are locked. */
static struct arch_mpu closed;

/*
 * The register with the configuration of the last entry of processes has entries of the
 * kernel's too. They are locked, but QEMU 7.2 lets locked ones be switched off: whatever
 * writes there keeps them as they are.
 */
static ureg_t config_word(const struct arch_mpu *mpu, uint32_t number)
{
	const uint8_t *first = mpu->entries.config + number * sizeof(ureg_t);
	ureg_t word;

	/* one load, and not one for each byte: a switch of processes waits for it */
	__builtin_memcpy(&word, __builtin_assume_aligned(first, sizeof(word)), sizeof(word));
	return word;
}

#if RISCV_PMP_ENTRIES < 16
static void load_config(const struct arch_mpu *mpu)
{
	csr_write(pmpcfg0, config_word(mpu, 0));
	csr_write(pmpcfg1, config_word(mpu, 1));
}

static void unload_config(void)
{
	csr_write(pmpcfg0, 0);
	csr_write(pmpcfg1, 0);
}

#define WINDOW_ENTRIES(each) each(0) each(1)
#define OTHER_ENTRIES(each) each(2) each(3) each(4) each(5) each(6)
#else
#if __riscv_xlen == 64
static void load_config(const struct arch_mpu *mpu)
{
	csr_write(pmpcfg0, config_word(mpu, 0));
	csr_write(pmpcfg2, config_word(mpu, 1));
}

static void unload_config(void)
{
	csr_write(pmpcfg0, 0);
	csr_clear(pmpcfg2, 0xFF);
}

static void load_kernel_config(void)
{
	csr_write(pmpcfg2, TEXT_AND_FLASH | (uint64_t)RAM_AND_DEVICES << 32);
}
#else
static void load_config(const struct arch_mpu *mpu)
{
	csr_write(pmpcfg0, config_word(mpu, 0));
	csr_write(pmpcfg1, config_word(mpu, 1));
	csr_write(pmpcfg2, config_word(mpu, 2));
}

static void unload_config(void)
{
	csr_write(pmpcfg0, 0);
	csr_write(pmpcfg1, 0);
	csr_clear(pmpcfg2, 0xFF);
}

static void load_kernel_config(void)
{
	csr_write(pmpcfg2, TEXT_AND_FLASH);
	csr_write(pmpcfg3, RAM_AND_DEVICES);
}
#endif
#define WINDOW_ENTRIES(each) each(0) each(1) each(2) each(3)
#define OTHER_ENTRIES(each) each(4) each(5) each(6) each(7) each(8)
#endif

/* The number of a register is a literal in its instruction. */
#define LOAD_ADDRESS(entry) csr_write(pmpaddr##entry, mpu->entries.address[entry]);

static void load_windows_addresses(const struct arch_mpu *mpu)
{
	WINDOW_ENTRIES(LOAD_ADDRESS)
}

static void load_addresses(const struct arch_mpu *mpu)
{
	OTHER_ENTRIES(LOAD_ADDRESS)
}

static bool has_windows(const struct arch_mpu *mpu)
{
	return (mpu->entries.address[1] | mpu->entries.address[2 * ARCH_WINDOWS - 1]) != 0;
}

/* Also before arch_init(), when locks of an earlier start may be there. */
void arch_mpu_unload(void)
{
	unload_config();
}

_Static_assert(2 * ARCH_WINDOWS <= sizeof(ureg_t), "pmpcfg0 has all windows");

/*
 * A window can lie on either side of the kernel. Between two writes an entry that
 * is on would reach from one window's start to another's end, over the kernel,
 * which Smepmp would stop in its tracks: so all of them are off meanwhile.
 */
static NOINLINE void load_with_windows(const struct arch_mpu *mpu)
{
	csr_write(pmpcfg0, 0);
	load_windows_addresses(mpu);
	load_addresses(mpu);
	load_config(mpu);
}

void arch_mpu_load(const struct arch_mpu *mpu)
{
	if (UNLIKELY(has_windows(mpu))) {
		load_with_windows(mpu);
		return;
	}
	load_addresses(mpu);
	load_config(mpu);
}

static uint8_t config_of(const struct arch_window *window)
{
	static const uint8_t configs[] = {
		[ARCH_CLOSED] = PMP_CFG_TOR + PMP_NONE,
		[ARCH_READ] = PMP_CFG_TOR + PMP_R,
		[ARCH_READ_WRITE] = PMP_CFG_TOR + PMP_RW,
	};

	/* Under Smepmp the kernel keeps its own access only through a shared entry. */
	if (UNLIKELY(window->kernels) && smepmp)
		return window->access == ARCH_READ_WRITE ? PMP_CFG_TOR + PMP_SHARED_RW
							 : PMP_CFG_TOR + PMP_SHARED_R;
	return configs[window->access];
}

static struct pmp_piece piece_of(const struct arch_window *window)
{
	const bool none = window->start == window->end;

	return (struct pmp_piece){window->start, window->end,
				  none ? PMP_CFG_TOR : config_of(window)};
}

uptr_t arch_mpu_code_end(const struct arch_regions *regions)
{
	return arch_code_end_by_grain(regions, RISCV_PMP_GRAIN);
}

bool arch_mpu_plan(struct arch_mpu *mpu, const struct arch_regions *regions)
{
	struct arch_mpu plan = closed;
	struct pmp_need need = {
		.flash_start = regions->flash_start,
		.code_end = arch_mpu_code_end(regions),
		.flash_end = regions->flash_end,
		.ram_start = regions->ram_start,
		.ram_end = regions->ram_start,
	};

	if (regions->ram_need > regions->ram_start)
		need.ram_end = pmp_plan_ram(regions->ram_start, regions->ram_need,
					    regions->ram_limit, RISCV_PMP_GRANULE);
	for (uint32_t i = 0; i < ARCH_WINDOWS; i++)
		need.windows[i] = piece_of(&regions->windows[i]);
	if (need.code_end == 0 || need.ram_end == 0 || !pmp_plan_process(&need, &plan.entries))
		return false;
	plan.ram_end = need.ram_end;
	*mpu = plan;
	return true;
}

/* Lending has a limit of counted instructions; what is lent is known to fit. */
void arch_mpu_set_window(struct arch_mpu *mpu, uint32_t number, const struct arch_window *window)
{
	const struct pmp_piece piece = piece_of(window);

	pmp_set_window(&mpu->entries, number, &piece);
}

bool arch_mpu_window_fits(uptr_t start, uint32_t length)
{
	return start % RISCV_PMP_GRAIN == 0 && length % RISCV_PMP_GRAIN == 0;
}

/* The next multiple, less than `value` where there is none. */
static uint32_t align_up(uint32_t value, uint32_t alignment)
{
	return value + (alignment - value % alignment) % alignment;
}

struct arch_window_shape arch_mpu_window_shape(uint32_t length)
{
	uint32_t size = align_up(length, RISCV_PMP_GRAIN);

	return (struct arch_window_shape){size < length ? 0 : size, RISCV_PMP_GRAIN};
}

uptr_t arch_mpu_ram_end(const struct arch_mpu *mpu)
{
	return mpu->ram_end;
}

bool arch_mpu_place(struct arch_placement *placement, const struct arch_placement *window,
		    uint32_t app_bytes, uint32_t kernel_bytes, uptr_t fixed)
{
	const struct pmp_window search = {
		.start = window->start,
		.size = window->size,
		.app_bytes = app_bytes < ARCH_INITIAL_BREAK ? ARCH_INITIAL_BREAK : app_bytes,
		.kernel_bytes = kernel_bytes,
		.granule = RISCV_PMP_GRANULE,
		.is_fixed = fixed != 0,
	};
	struct pmp_placement found;

	if (!pmp_place_ram(&search, &found))
		return false;
	*placement = (struct arch_placement){found.start, found.size};
	return true;
}

#if RISCV_PMP_ENTRIES < 16
/* There are no entries for it. */
static bool detect_smepmp(void)
{
	return false;
}

static void lock_kernel(void)
{
}
#else
/* Two entries of the kernel's, locked. Their numbers must be literals. */
#define LOCK_RANGE(low, high, start, end)                                                          \
	do {                                                                                       \
		csr_write(low, (start) >> 2);                                                      \
		csr_write(high, (end) >> 2);                                                       \
	} while (0)

static void lock_kernel(void)
{
	LOCK_RANGE(pmpaddr9, pmpaddr10, arch_address_of(linker_rom_start),
		   arch_address_of(linker_text_end));
	csr_write(pmpaddr11, arch_address_of(linker_apps_end) >> 2); /* from the text's end on */
	LOCK_RANGE(pmpaddr12, pmpaddr13, arch_address_of(linker_ram_start),
		   arch_address_of(linker_app_ram_end));
	LOCK_RANGE(pmpaddr14, pmpaddr15, riscv_devices.start, riscv_devices.end);
	for (uint32_t i = PMP_PROCESS_ENTRIES; i < sizeof(closed.entries.config); i++)
		closed.entries.config[i] =
			(uint8_t)((i < 12 ? TEXT_AND_FLASH : RAM_AND_DEVICES) >> 8 * (i % 4));
	load_kernel_config();
	csr_write(0x747, MSECCFG_MML | MSECCFG_MMWP);
}

/*
 * Only a CPU with Smepmp lets rule locking be bypassed, and only before the first
 * lock. After riscv_restart() the locks are there, as they were left.
 */
static bool detect_smepmp(void)
{
	if (!riscv_has_mseccfg())
		return false;
	if ((csr_read(0x747) & MSECCFG_MML) != 0)
		return true;
	csr_write(0x747, MSECCFG_RLB);
	return (csr_read(0x747) & MSECCFG_RLB) != 0;
}
#endif

void arch_init(void)
{
	closed = (struct arch_mpu){.ram_end = 0};
	arch_mpu_unload();
	smepmp = detect_smepmp();
	if (smepmp)
		lock_kernel();
	/*
	 * Nothing is shared that is not given: no counters for processes, and no
	 * floating-point or vector registers, which no context switch would save.
	 */
	csr_write(mcounteren, 0);
	csr_clear(mstatus, MSTATUS_MPP | MSTATUS_VS | MSTATUS_FS);
}

bool riscv_kernel_locked(void)
{
	return smepmp;
}

const char *arch_protection_name(void)
{
	return smepmp ? "Smepmp, kernel W^X" : "plain PMP";
}
