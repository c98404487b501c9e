/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The GNU extensions that the userland uses, by name.
 */
#ifndef DETENT_COMPILER_H
#define DETENT_COMPILER_H

/* The result carries an error or a resource: ignoring it is a mistake. */
#define MUST_CHECK __attribute__((warn_unused_result))

#define NORETURN __attribute__((noreturn))
#define ALWAYS_INLINE inline __attribute__((always_inline))

/* Runs `function(&variable)` when the variable goes out of scope, on every path. */
#define CLEANUP(function) __attribute__((cleanup(function)))

/*
 * Words that another process reads or writes at the same time. What was written before
 * RELEASE is there for whoever got its value by ACQUIRE.
 */
#define LOAD_ACQUIRE(word) __atomic_load_n((word), __ATOMIC_ACQUIRE)
#define STORE_RELEASE(word, value) __atomic_store_n((word), (value), __ATOMIC_RELEASE)
#define FENCE_ACQUIRE() __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define FENCE_RELEASE() __atomic_thread_fence(__ATOMIC_RELEASE)

#endif
