# SPDX-License-Identifier: Apache-2.0 OR MIT
ARCH := armv8m
MACHINE_FLAGS := -mcpu=cortex-m33+nodsp -mthumb -mfloat-abi=soft
include boards/common/mps2.mk
BOARD_DEFINES := -DARM_IRQ_COUNT=96 -DMPS2_AN505
# With POLICY=: the helper's binary, and what a process's flash is aligned to.
POLICY_BOARD := cortex-m4 32
