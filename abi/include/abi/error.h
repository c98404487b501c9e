/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Error codes of the system call interface (TRD104, section 3.4).
 *
 * Kernel, capsules, chip drivers and applications use these very values, so
 * that no translation table exists anywhere.
 */
#ifndef ABI_ERROR_H
#define ABI_ERROR_H

enum error {
	E_OK = 0,           /* not an error; never sent to a process as a code */
	E_FAIL = 1,         /* failed, nothing more is known */
	E_BUSY = 2,         /* try again later */
	E_ALREADY = 3,      /* under way, and cannot be started twice */
	E_OFF = 4,          /* powered down */
	E_RESERVE = 5,      /* a reservation must be made first */
	E_INVAL = 6,        /* a parameter is invalid */
	E_SIZE = 7,         /* a size is too large or too small */
	E_CANCEL = 8,       /* cancelled on request */
	E_NOMEM = 9,        /* no memory for this process */
	E_NOSUPPORT = 10,   /* the driver has no such call, or not for this process */
	E_NODEVICE = 11,    /* there is no such driver for this process */
	E_UNINSTALLED = 12, /* the device was taken out */
	E_NOACK = 13,       /* sent, and not acknowledged */
};

#endif
