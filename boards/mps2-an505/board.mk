# SPDX-License-Identifier: Apache-2.0 OR MIT
ARCH := armv8m
MACHINE_FLAGS := -mcpu=cortex-m33+nodsp -mthumb -mfloat-abi=soft
include boards/common/mps2.mk
BOARD_DEFINES := -DARM_IRQ_COUNT=96 -DMPS2_AN505
