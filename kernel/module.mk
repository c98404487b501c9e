# SPDX-License-Identifier: Apache-2.0 OR MIT
# The board chooses the scheduler, and CHECKED whether applications need credentials.
SCHEDULER ?= round_robin
# With LOANS := 1 in its board.mk, a board has loans (docs/reference/loans.md).
LOANS ?= 0
KERNEL_CORE_SOURCES := $(filter-out kernel/src/scheduler_% kernel/src/loan% $(if $(CHECKED),%/app_check_none.c),$(wildcard kernel/src/*.c)) \
	kernel/src/scheduler_$(SCHEDULER).c \
	$(if $(filter 1,$(LOANS)),$(filter-out %/loan_none.c,$(wildcard kernel/src/loan*.c)),kernel/src/loan_none.c) \
	$(if $(CHECKED),$(wildcard kernel/src/checked/*.c)) \
	$(if $(filter 1,$(TRACE)),kernel/src/trace/trace.c)

# What stands on the path of every system call and every switch.
HOT := allow grant loan loan_end loan_look loan_rules loan_shared loan_table loan_table_end loan_windows main_loop memop process scheduler_$(SCHEDULER) syscall upcall user_range process_memory
$(foreach file,$(HOT),$(eval SOURCE_FLAGS_kernel/src/$(file).c := -O2))

# Lending has a limit of counted instructions, too.
SOURCE_FLAGS_capsules/src/loan_driver.c := -O2
SOURCE_FLAGS_arch/riscv/src/protect.c := -O2
SOURCE_FLAGS_kernel/src/loan.c := -O3
SOURCE_FLAGS_kernel/src/loan_accept.c := -O3
SOURCE_FLAGS_kernel/src/loan_end.c := -O3
