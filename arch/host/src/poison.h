/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* AddressSanitizer's marks on memory; nothing where it is off. */
#ifndef ARCH_HOST_POISON_H
#define ARCH_HOST_POISON_H

#include <stddef.h>
#include <stdint.h>

#if defined(__SANITIZE_ADDRESS__)
#define HOST_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HOST_ASAN 1
#endif
#endif

#ifdef HOST_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(start, size) __asan_poison_memory_region((void *)(uintptr_t)(start), (size))
#define UNPOISON(start, size) __asan_unpoison_memory_region((void *)(uintptr_t)(start), (size))
#define NO_SANITIZE __attribute__((no_sanitize("address", "undefined"), noinline))
#else
#define POISON(start, size) ((void)(start), (void)(size))
#define UNPOISON(start, size) ((void)(start), (void)(size))
#define NO_SANITIZE __attribute__((noinline))
#endif

/* Reads the first poisoned byte of [start, start + size), so that it is reported. */
static inline void poison_check(const void *start, size_t size)
{
#ifdef HOST_ASAN
	const volatile uint8_t *bad =
		size == 0 ? NULL : __asan_region_is_poisoned((void *)(uintptr_t)start, size);

	if (bad != NULL)
		(void)*bad;
#else
	(void)start;
	(void)size;
#endif
}

#endif
