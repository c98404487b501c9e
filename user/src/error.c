/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "detent/error.h"

const char *error_text(enum error error)
{
	switch (error) {
	case E_OK:
		return "no error";
	case E_FAIL:
		return "failed";
	case E_BUSY:
		return "busy, try again later";
	case E_ALREADY:
		return "already under way";
	case E_OFF:
		return "powered down";
	case E_RESERVE:
		return "not reserved";
	case E_INVAL:
		return "invalid parameter";
	case E_SIZE:
		return "size too large or too small";
	case E_CANCEL:
		return "cancelled";
	case E_NOMEM:
		return "out of memory";
	case E_NOSUPPORT:
		return "not supported";
	case E_NODEVICE:
		return "no such driver";
	case E_UNINSTALLED:
		return "device taken out";
	case E_NOACK:
		return "not acknowledged";
	}
	return error == E_BAD_VARIANT ? "unexpected kind of answer" : "unknown error";
}
