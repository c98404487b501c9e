# SPDX-License-Identifier: Apache-2.0 OR MIT
# The board lists the drivers it needs in CHIPS.
CHIP_SOURCES := $(CHIPS:%=chips/src/%.c)
