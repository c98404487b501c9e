/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef LOAN_WATCH_H
#define LOAN_WATCH_H

#include "kernel/process_watch.h"

/* Tells all who watch that this life is over. */
void process_watch_tell(struct process_id process);

#endif
