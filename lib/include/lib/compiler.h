/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The only header outside arch/ that may use GNU extensions.
 */
#ifndef LIB_COMPILER_H
#define LIB_COMPILER_H

#include <stddef.h>

/* A type through which memory of any type may be accessed, as through char. */
#define MAY_ALIAS __attribute__((may_alias))

/* The result carries an error or a resource: ignoring it is a mistake. */
#define MUST_CHECK __attribute__((warn_unused_result))

#define NORETURN __attribute__((noreturn))
#define NOINLINE __attribute__((noinline))
#define ALWAYS_INLINE inline __attribute__((always_inline))

/*
 * Checked where uint32_t is `unsigned int`, as lib/format.h takes it for %u:
 * in the host build. The bare-metal compilers call it `unsigned long`.
 */
#if __SIZEOF_LONG__ == 8
#define PRINTF_LIKE(position, first) __attribute__((format(printf, position, first)))
#else
#define PRINTF_LIKE(position, first)
#endif

#define SECTION(name) __attribute__((section(name), used))
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

/* Runs `fn` on the variable when it goes out of scope, on every path. */
#define CLEANUP(fn) __attribute__((cleanup(fn)))

/*
 * The object of type `type` whose member `member` is at `pointer`. The one way
 * from an interface handle to the instance that implements it.
 */
#define CONTAINER_OF(pointer, type, member)                                                        \
	((type *)(void *)((char *)(1 ? (pointer) : &((type *)0)->member) - offsetof(type, member)))

/* The same for a pointer to const; it keeps the qualifier. */
#define CONTAINER_OF_CONST(pointer, type, member)                                                  \
	((const type *)(const void *)((const char *)(1 ? (pointer) : &((const type *)0)->member) - \
				      offsetof(type, member)))

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#endif
