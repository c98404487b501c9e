# SPDX-License-Identifier: Apache-2.0 OR MIT
# The board chooses the scheduler.
SCHEDULER ?= round_robin
KERNEL_CORE_SOURCES := $(filter-out kernel/src/scheduler_%,$(wildcard kernel/src/*.c)) \
	kernel/src/scheduler_$(SCHEDULER).c
