# SPDX-License-Identifier: Apache-2.0 OR MIT
ARCH := armv7m
MACHINE_FLAGS := -mcpu=cortex-m7 -mthumb -mfloat-abi=soft
include boards/common/mps2.mk
BOARD_DEFINES := -DARM_IRQ_COUNT=32
