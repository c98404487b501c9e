# SPDX-License-Identifier: Apache-2.0 OR MIT
#
#	make check		format, the second compiler, include reach, house rules, the capsule gate
#	make format		writes the C sources in the format of .clang-format
#	make check-clang	the portable sources of BOARD with clang and all warnings
#
# The checks are in tests/lib/checks.py and part of `make test`.

CLANG_FORMAT ?= $(firstword $(foreach name,clang-format-14 clang-format,$(if $(shell command -v $(name)),$(name))))
# asm.h is for the assembler.
FORMATTED := abi lib hil kernel arch chips capsules boards user apps tests

# clang has no strict alignment warning, and its frames are not those of the image.
CLANG_WARNINGS := $(filter-out -Wcast-align=strict -Wframe-larger-than=%,$(WARNINGS)) -Wcast-align
PORTABLE_SOURCES := $(filter lib/% kernel/% chips/% capsules/%,$(filter %.c,$(KERNEL_SOURCES)))

.PHONY: check format check-clang check-include
check: $(BUILD)/setup-test
	$(Q)$(PYTHON) tests/run.py --tests 'check-*'

format:
	$(Q)find $(FORMATTED) -name '*.[ch]' ! -name asm.h -exec $(CLANG_FORMAT) -i {} +

check-clang: | $(CAPSULE_VIEW)/kernel
	$(Q)$(foreach source,$(PORTABLE_SOURCES),$(CLANG) $(CLANG_TARGET) -std=c11 -ffreestanding -fsyntax-only \
		$(CLANG_WARNINGS) $(DEFINES) $(call reach,$(source)) $(source) &&) true

# For the test of the reach: FILE as if it were one of LAYER.
check-include: | $(CAPSULE_VIEW)/kernel
	$(Q)$(CC) $(MACHINE_FLAGS) -std=c11 -ffreestanding -fsyntax-only $(DEFINES) $(REACH_$(LAYER)) $(FILE)
