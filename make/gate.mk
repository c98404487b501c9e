# SPDX-License-Identifier: Apache-2.0 OR MIT
#
#	make gate	the capsule gate for BOARD
#	make audit	accepts what the capsules of BOARD can reach now (AUDIT.txt)

CLANG ?= $(firstword $(foreach name,clang clang-19 clang-18 clang-17 clang-16 clang-15 clang-14,\
	$(if $(shell command -v $(name)),$(name))))
STACK_SIZE = $(patsubst -Wl$(comma)--defsym=LINKER_STACK_SIZE=%,%,\
	$(filter -Wl$(comma)--defsym=LINKER_STACK_SIZE=%,$(LINK_DEFINES)))
comma := ,

GATE = PYTHONPATH=tools PYTHONDONTWRITEBYTECODE=1 $(PYTHON) -m gate --board $(BOARD) $(if $(CHECKED),--variant=-$(POLICY)) --out $(OUT) \
	--clang $(CLANG) --stack $(STACK_SIZE) --reserve $(or $(ARCH_STACK_RESERVE),16) \
	$(ARCH_STACK_ON_TOP:%=--on-top=%) \
	--flags='$(CLANG_TARGET) -std=c11 -ffreestanding -w $(DEFINES) $(REACH_capsules)'

.PHONY: gate audit
gate: $(OUT)/kernel.elf
	$(Q)$(GATE)
audit: $(OUT)/kernel.elf
	$(Q)$(GATE) --write
