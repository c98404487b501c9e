/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Everything of the userland in one include. */
#ifndef DETENT_H
#define DETENT_H

#include "detent/alarm.h"
#include "detent/app_flash.h"
#include "detent/app_install.h"
#include "detent/button.h"
#include "detent/compiler.h"
#include "detent/console.h"
#include "detent/debug.h"
#include "detent/error.h"
#include "detent/identity.h"
#include "detent/ipc.h"
#include "detent/key_value.h"
#include "detent/led.h"
#include "detent/loan.h"
#include "detent/loan_buffer.h"
#include "detent/loan_latest.h"
#include "detent/loan_queue.h"
#include "detent/memory.h"
#include "detent/raw_flash.h"
#include "detent/rng.h"
#include "detent/share.h"
#include "detent/storage.h"
#include "detent/syscall.h"
#include "detent/timer.h"

#endif
