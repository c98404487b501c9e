# SPDX-License-Identifier: Apache-2.0 OR MIT
CROSS := riscv64-unknown-elf-
ARCH_SOURCES := $(wildcard arch/riscv/src/*.c arch/riscv/src/*.S) arch/riscv/pmp_plan.c
ARCH_INCLUDE := arch/riscv/include
ARCH_PRIVATE := arch/riscv arch/riscv/src
ARCH_LINKER_SCRIPTS := arch/riscv/kernel.ld
