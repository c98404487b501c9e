# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# Builds the kernel of a board whose folder is outside of this repository. The
# last line of the board's makefile includes this file. The folder has board.c,
# board.mk, memory.ld and board.ini as those in boards/ have, and its own
# capsules in capsules/, named by BOARD_CAPSULES in board.mk.
#
#	make			build/<board>/kernel.elf
#	make run APPS='a.tab b.tab'
#	make debug APPS=a.tab
#	make size clean compile_commands.json

DETENT := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/..)
BOARD ?= $(notdir $(CURDIR))
BUILD ?= $(CURDIR)/build
APPS ?=
Q := $(if $(filter 1,$(V)),,@)
KERNEL := $(BUILD)/$(BOARD)/kernel.elf
IN_DETENT = $(Q)$(MAKE) --no-print-directory -C $(DETENT) BOARD=$(BOARD) BOARD_DIR=$(CURDIR) BUILD=$(BUILD)

ifneq ($(words $(CURDIR)),1)
$(error the path '$(CURDIR)' has a space in it, which make cannot handle; move the board)
endif

.PHONY: all run debug size clean compile_commands.json
all: compile_commands.json

$(KERNEL): force
	$(IN_DETENT) $@
.PHONY: force

compile_commands.json: $(KERNEL)
	$(Q)find $(BUILD) -name '*.o.json' -exec cat {} + | sed '1s/^/[/; $$s/,$$/]/' > $@

run: $(KERNEL)
	$(Q)$(DETENT)/detent run --board $(CURDIR)/ --kernel $(KERNEL) $(APPS:%=--app %)

debug: $(KERNEL)
	$(Q)$(DETENT)/detent debug --board $(CURDIR)/ --kernel $(KERNEL) $(APPS:%=--app %)

size: $(KERNEL)
	$(IN_DETENT) size

clean:
	$(Q)rm -rf $(BUILD) compile_commands.json
