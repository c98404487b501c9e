# SPDX-License-Identifier: Apache-2.0 OR MIT
ARCH := armv7m
MACHINE_FLAGS := -mcpu=cortex-m3 -mthumb -mfloat-abi=soft
include boards/common/mps2.mk
BOARD_DEFINES := -DARM_IRQ_COUNT=32
# With POLICY=: the helper's binary, and what a process's flash is aligned to.
POLICY_BOARD := cortex-m3 65536
