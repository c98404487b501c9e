# SPDX-License-Identifier: Apache-2.0 OR MIT
# The board chooses the scheduler.
SCHEDULER ?= round_robin
KERNEL_CORE_SOURCES := $(filter-out kernel/src/scheduler_%,$(wildcard kernel/src/*.c)) \
	kernel/src/scheduler_$(SCHEDULER).c $(if $(filter 1,$(TRACE)),kernel/src/trace/trace.c)

# What stands on the path of every system call and every switch.
HOT := allow grant main_loop memop process scheduler_$(SCHEDULER) syscall upcall user_range process_memory
$(foreach file,$(HOT),$(eval SOURCE_FLAGS_kernel/src/$(file).c := -O2))
