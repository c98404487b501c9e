# SPDX-License-Identifier: Apache-2.0 OR MIT
# What both Cortex-M architectures share. The board gives ARM_IRQ_COUNT in BOARD_DEFINES.
CROSS := arm-none-eabi-
ARCH_SOURCES := $(wildcard arch/arm/src/*.c arch/arm/src/*.S)
# On the path from an interrupt to its driver.
SOURCE_FLAGS_arch/arm/src/nvic.c := -O2
ARCH_INCLUDE := arch/arm/include
ARCH_PRIVATE := arch/arm/src
ARCH_LINKER_SCRIPTS := arch/arm/kernel.ld arch/attributes.ld arch/debug.ld
CLANG_TARGET = --target=arm-none-eabi $(MACHINE_FLAGS)
# On top of the deepest path of C functions the kernel's stack takes the registers of a system call (24 bytes,
# entry.S), the frames of an interrupt and of a fault (each 32, aligned to 8), what entry.S pushes for the
# latter (8), and the fault's own handler.
ARCH_STACK_RESERVE := 104
ARCH_STACK_ON_TOP := arm_kernel_fault
