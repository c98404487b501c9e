# SPDX-License-Identifier: Apache-2.0 OR MIT
include arch/arm/module.mk
ARCH_SOURCES += $(wildcard arch/armv7m/src/*.c arch/armv7m/src/*.S) arch/armv7m/pmsav7_plan.c
ARCH_INCLUDE += arch/armv7m/include
ARCH_PRIVATE += arch/armv7m
