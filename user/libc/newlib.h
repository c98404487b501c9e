/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The configuration that newlib's own configure script would write: the small
 * one. It is copied to the headers that the library and applications see.
 */
#ifndef __NEWLIB_H__
#define __NEWLIB_H__ 1

#include <_newlib_version.h>

/* One struct for the state of the library, and the standard streams in static memory. */
#define _WANT_REENT_SMALL 1
#define _WANT_REENT_GLOBAL_STDIO_STREAMS 1
#define _REENT_GLOBAL_ATEXIT 1
#define _LITE_EXIT 1

/* printf() and scanf() of the small kind; %lld is not there, as in picolibc's small one. */
#define _NANO_FORMATTED_IO 1
#define _WANT_IO_C99_FORMATS 1
#define _NANO_MALLOC 1

#define _MB_LEN_MAX 1
#define HAVE_INITFINI_ARRAY 1
#define HAVE_BLKSIZE 1
#define _HAVE_LONG_DOUBLE 1
#define _LDBL_EQ_DBL 1
#define _HAVE_CC_INHIBIT_LOOP_TO_LIBCALL 1

#endif
