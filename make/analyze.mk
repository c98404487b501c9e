# SPDX-License-Identifier: Apache-2.0 OR MIT
#
#	make analyze	gcc -fanalyzer, clang-tidy, cppcheck with MISRA C:2012
#
# gcc looks at all that BOARD links, the other two at kernel/ and lib/. What is accepted stands in .clang-tidy and in docs/misra.md. A tool that
# is not installed is left out, and the last line says so.
# ANALYZE='gcc tidy misra' chooses. ANALYZE_ONLY='arch/% boards/%' leaves the rest out.

ANALYZE ?= gcc tidy misra

# Not those of the chips that BOARD has no include folder for: each board does its own.
ANALYZED := $(wildcard lib/*.c kernel/src/*.c kernel/src/*/*.c capsules/src/*.c) \
	$(filter chips/% arch/%,$(filter %.c,$(CHIP_SOURCES) $(ARCH_SOURCES))) $(BOARD_DIR)/board.c
ANALYZE_ONLY ?= %

.PHONY: analyze
analyze: | $(CAPSULE_VIEW)/kernel
	$(Q)PYTHONDONTWRITEBYTECODE=1 $(PYTHON) make/analyze.py --tools '$(ANALYZE)' --build $(BUILD)/analyze \
		--gcc '$(CC)' --machine='$(MACHINE_FLAGS) $(ARCH_FLAGS)' --clang-machine='$(CLANG_TARGET)' \
		--defines='$(BOARD_DEFINES) -DBOARD_NAME="$(BOARD)"' \
		$(foreach layer,lib kernel capsules chips arch boards,--reach='$(layer) $(REACH_$(layer))') \
		$(filter $(ANALYZE_ONLY),$(ANALYZED))
