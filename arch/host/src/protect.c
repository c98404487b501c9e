/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Memory protection. What may be touched is a structure; user accesses are
 * checked against it as hardware would, byte by byte. Where AddressSanitizer is
 * on, what a scripted process may touch is poisoned, so that the kernel cannot go
 * there but through the copies below. A compiled application's memory has marks
 * of its own, which the copies respect: it finds out that it shared too much.
 */
#include "arch_host.h"
#include "poison.h"

struct host_hardware host_hardware = {.granule = 4};
struct host_counters host_counters;

static const struct arch_mpu *loaded;

const struct arch_mpu *host_loaded_plan(void)
{
	return loaded;
}

static uint32_t align_up(uint32_t value, uint32_t step)
{
	return value + (step - value % step) % step;
}

/* Kernel and application never share a page, so that pages can be closed to the latter. */
bool arch_mpu_place(struct arch_placement *placement, const struct arch_placement *window,
		    uint32_t app_bytes, uint32_t kernel_bytes, uptr_t fixed)
{
	uptr_t start = fixed != 0 ? fixed : align_up(window->start, HOST_PAGE);
	uint32_t skipped = start - window->start;
	uint64_t need = (((uint64_t)app_bytes + HOST_PAGE - 1) / HOST_PAGE +
			 ((uint64_t)kernel_bytes + HOST_PAGE - 1) / HOST_PAGE) *
			HOST_PAGE;

	if (start < window->start || start % HOST_PAGE != 0 || skipped > window->size ||
	    need > window->size - skipped)
		return false;
	*placement = (struct arch_placement){start, (uint32_t)need};
	return true;
}

/* Exact, as with a PMP: nothing is executed by the CPU that this models. */
uptr_t arch_mpu_code_end(const struct arch_regions *regions)
{
	return arch_code_end_by_grain(regions, 1);
}

bool arch_mpu_plan(struct arch_mpu *mpu, const struct arch_regions *regions)
{
	uint64_t end = ((uint64_t)regions->ram_need + host_hardware.granule - 1) /
		       host_hardware.granule * host_hardware.granule;

	if (host_hardware.refuse_plans > 0) {
		host_hardware.refuse_plans--;
		return false;
	}
	if (end > regions->ram_limit && host_hardware.strict)
		return false;
	if (end > regions->ram_limit)
		end = regions->ram_limit;
	*mpu = (struct arch_mpu){
		.flash_start = regions->flash_start,
		.code_end = regions->code_end,
		.flash_end = regions->flash_end,
		.ram_start = regions->ram_start,
		.ram_end = (uptr_t)end,
	};
	for (uint32_t i = 0; i < ARCH_WINDOWS; i++)
		arch_mpu_set_window(mpu, i, &regions->windows[i]);
	return true;
}

void arch_mpu_set_window(struct arch_mpu *mpu, uint32_t number, const struct arch_window *window)
{
	mpu->windows[number] = (struct host_window){window->start, window->end, window->access};
}

bool arch_mpu_window_fits(uptr_t start, uint32_t length)
{
	return start % host_hardware.granule == 0 && length % host_hardware.granule == 0;
}

struct arch_window_shape arch_mpu_window_shape(uint32_t length)
{
	uint32_t size = align_up(length, host_hardware.granule);

	return (struct arch_window_shape){size < length ? 0 : size, host_hardware.granule};
}

uptr_t arch_mpu_ram_end(const struct arch_mpu *mpu)
{
	return mpu->ram_end;
}

void arch_mpu_load(const struct arch_mpu *mpu)
{
	oracle_loaded(mpu);
	loaded = mpu;
	host_counters.plans_loaded++;
	if (mpu->ram_start >= HOST_RAM_START && !host_is_compiled(mpu->ram_start))
		POISON(mpu->ram_start, mpu->ram_end - mpu->ram_start);
}

void arch_mpu_unload(void)
{
	loaded = NULL;
	oracle_loaded(NULL);
}

static bool inside(uptr_t address, size_t length, uptr_t start, uptr_t end)
{
	return address >= start && address <= end && length <= end - address;
}

static bool in_own_ram(const struct arch_mpu *mpu, uptr_t address, size_t length)
{
	if (!inside(address, length, mpu->ram_start, mpu->ram_end))
		return false;
	for (uint32_t i = 0; i < ARCH_WINDOWS; i++)
		if (mpu->windows[i].access == ARCH_CLOSED &&
		    mpu->windows[i].start != mpu->windows[i].end && address < mpu->windows[i].end &&
		    mpu->windows[i].start < address + length)
			return false;
	return true;
}

static bool in_window(const struct arch_mpu *mpu, uptr_t address, size_t length,
		      enum arch_access least)
{
	for (uint32_t i = 0; i < ARCH_WINDOWS; i++)
		if (mpu->windows[i].access >= least &&
		    inside(address, length, mpu->windows[i].start, mpu->windows[i].end))
			return true;
	return false;
}

bool host_readable(const struct arch_mpu *mpu, uptr_t address, size_t length)
{
	if (length == 0)
		return true;
	return mpu != NULL &&
	       (in_own_ram(mpu, address, length) || in_window(mpu, address, length, ARCH_READ) ||
		inside(address, length, mpu->flash_start, mpu->flash_end));
}

bool host_writable(const struct arch_mpu *mpu, uptr_t address, size_t length)
{
	if (length == 0)
		return true;
	return mpu != NULL && (in_own_ram(mpu, address, length) ||
			       in_window(mpu, address, length, ARCH_READ_WRITE));
}

/* A copy that AddressSanitizer does not look at. */
static void NO_SANITIZE copy(volatile uint8_t *to, const volatile uint8_t *from, size_t length)
{
	for (size_t i = 0; i < length; i++)
		to[i] = from[i];
}

static void NO_SANITIZE zero(uptr_t start, uptr_t end)
{
	for (; start < end && start % 8 != 0; start++)
		*(volatile uint8_t *)(uintptr_t)start = 0;
	for (; end - start >= 8; start += 8)
		*(volatile uint64_t *)(uintptr_t)start = 0;
	for (; start < end; start++)
		*(volatile uint8_t *)(uintptr_t)start = 0;
}

bool arch_user_read(void *destination, uptr_t source, size_t length)
{
	if (!host_readable(loaded, source, length)) {
		host_counters.reads_refused++;
		return false;
	}
	oracle_copied(source, length, false);
	poison_check(destination, length);
	if (host_is_compiled(source))
		poison_check((const void *)(uintptr_t)source, length);
	copy(destination, (const volatile uint8_t *)(uintptr_t)source, length);
	return true;
}

bool arch_user_write(uptr_t destination, const void *source, size_t length)
{
	if (!host_writable(loaded, destination, length)) {
		host_counters.writes_refused++;
		return false;
	}
	oracle_copied(destination, length, true);
	poison_check(source, length);
	if (host_is_compiled(destination))
		poison_check((const void *)(uintptr_t)destination, length);
	copy((volatile uint8_t *)(uintptr_t)destination, source, length);
	return true;
}

void arch_user_poke(uptr_t destination, uint8_t value)
{
	if (!host_writable(loaded, destination, 1)) {
		host_counters.pokes_refused++;
		return;
	}
	copy((volatile uint8_t *)(uintptr_t)destination, &value, 1);
}

void *arch_kernel_pointer(uptr_t address)
{
	oracle_pointed(address);
	return (void *)(uintptr_t)address;
}

uptr_t arch_address_of(const void *pointer)
{
	return (uptr_t)(uintptr_t)pointer;
}

void arch_clear(uptr_t start, uptr_t end)
{
	bool pool = start >= arch_address_of(linker_pool_start) &&
		    end <= arch_address_of(linker_pool_end);

	if (end < start || (!pool && (start < HOST_RAM_START || end > HOST_RAM_END)))
		host_violation("the kernel clears 0x%08x-0x%08x, which is not application RAM",
			       start, end);
	if (loaded != NULL && start < loaded->ram_end && end > loaded->ram_start && start != end)
		host_violation("the kernel clears 0x%08x-0x%08x while a process can reach it",
			       start, end);
	if (!host_is_compiled(start))
		UNPOISON(start, end - start);
	zero(start, end);
}
