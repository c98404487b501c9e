# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# make run                boots the default board in QEMU with example applications
# make test               everything that is checked on each change
# make BOARD=<board>      build/<board>/kernel.elf and .bin
# make help               all targets

.DEFAULT_GOAL := kernel
.DELETE_ON_ERROR:
.SUFFIXES:

BOARD ?= qemu-rv32-virt
BUILD := build
# BOARDS= is what `make test` is asked for; these are all there are.
ALL_BOARDS := $(sort $(patsubst boards/%/board.mk,%,$(wildcard boards/*/board.mk)))
PYTHON := /usr/bin/python3
V ?= 0
Q := $(if $(filter 0,$(V)),@)

ifeq ($(filter $(BOARD),$(ALL_BOARDS))$(BOARD_DIR),)
$(error there is no board '$(BOARD)'; choose BOARD= one of: $(ALL_BOARDS))
endif

include make/flags.mk
include make/kernel.mk
include make/apps.mk
include make/test.mk
include make/tockloader.mk
include make/check.mk
include make/gate.mk
include make/prove.mk
include make/host.mk
include make/hostile.mk
include make/analyze.mk
include make/mutants.mk
-include make/bench.mk

.PHONY: all run clean help setup
all: $(ALL_BOARDS:%=$(BUILD)/%/kernel.elf) apps

# The applications of the demonstration, on any board.
DEMO := hello blink alarm_clock
DEMO_TABS := $(foreach app,$(DEMO),$(BUILD)/apps/$(app)/$(app).tab)

run: $(BUILD)/setup-run
	$(Q)$(MAKE) --no-print-directory $(BUILD)/$(BOARD)/kernel.elf $(DEMO_TABS)
	$(Q)./detent run --board $(BOARD) $(DEMO_TABS:%=--app %)

# What a group of targets needs is installed once; the stamp forgets when the script changes.
setup: $(BUILD)/setup-run $(BUILD)/setup-test
$(BUILD)/setup-%: make/setup.sh
	$(Q)sh make/setup.sh $(if $(filter run,$*),build run,build run $*)
	$(Q)mkdir -p $(@D) && touch $@

clean:
	$(Q)rm -rf $(BUILD)

help:
	@echo 'make run                boots BOARD in QEMU with example applications'
	@echo 'make test               all checks of each change; make test-long: the slow ones too'
	@echo 'make [kernel]           build/$$(BOARD)/kernel.elf and kernel.bin'
	@echo 'make apps               every example application, build/apps/*/*.tab'
	@echo 'make all                every board and every application'
	@echo 'make size               bytes of the linked kernel'
	@echo 'make bench              counted instructions and bytes, one line a figure'
	@echo 'make check              format, warnings, include reach'
	@echo 'make prove              proofs'
	@echo 'make compile_commands.json   for editors'
	@echo 'BOARD= one of: $(ALL_BOARDS)'
