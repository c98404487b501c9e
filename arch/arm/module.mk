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
# Bytes of the kernel's stack beyond what C functions take: the registers of a system
# call, and the frames of an interrupt and of a fault that come on top of it.
ARCH_STACK_RESERVE := 160
