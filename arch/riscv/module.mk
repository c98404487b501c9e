# SPDX-License-Identifier: Apache-2.0 OR MIT
CROSS := riscv64-unknown-elf-
ARCH_SOURCES := $(filter-out $(if $(filter 1,$(TRACE)),,%/semihosting.c), \
	$(wildcard arch/riscv/src/*.c arch/riscv/src/*.S)) arch/riscv/pmp_plan.c
ARCH_INCLUDE := arch/riscv/include
ARCH_PRIVATE := arch/riscv arch/riscv/src
ARCH_LINKER_SCRIPTS := arch/riscv/kernel.ld arch/attributes.ld arch/debug.ld

# The kernel does without these registers, so a system call need not save them.
# Nothing compiled without these flags may be linked, libgcc included: the check
# after the link sees to that.
FREE_REGISTERS := t2 t3 t4 t5 t6
ARCH_FLAGS := $(FREE_REGISTERS:%=-ffixed-%)
ARCH_CHECK := sh arch/riscv/check_registers.sh
CLANG_TARGET := --target=riscv32-unknown-elf -march=rv32imac -mabi=ilp32
