# SPDX-License-Identifier: Apache-2.0 OR MIT
include arch/arm/module.mk
ARCH_SOURCES += $(wildcard arch/armv8m/src/*.c arch/armv8m/src/*.S) arch/armv8m/pmsav8_plan.c
ARCH_INCLUDE += arch/armv8m/include
ARCH_PRIVATE += arch/armv8m
