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

#endif
