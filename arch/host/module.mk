# SPDX-License-Identifier: Apache-2.0 OR MIT
# The kernel as a Linux process; make/host.mk builds it.
ARCH_SOURCES := $(wildcard arch/host/src/*.c)
ARCH_INCLUDE := arch/host/include
ARCH_PRIVATE := arch/host/src
