/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef CAPSULES_PROCESS_CONSOLE_PRIVATE_H
#define CAPSULES_PROCESS_CONSOLE_PRIVATE_H

#include "capsules/process_console.h"

/* The command of that name, the board's first; NULL where there is none. */
const struct process_console_command *
process_console_find(const struct process_console_setup *setup, const char *name);

/* Runs where no command has the name. */
extern const struct process_console_command process_console_unknown;

#endif
