# SPDX-License-Identifier: Apache-2.0 OR MIT
#
#	make bench			counted instructions and bytes, beside Tock's and the limits
#	make bench COLUMNS='rv32 v7-M'	only these
#	make bench-accept		the same, and makes them what later ones are compared with
#	make littlefs			gets littlefs, which the storage figures stand beside
#
# Also writes build/bench.json. docs/testing.md says how the counting works.

COLUMNS ?=
BENCH_BOARDS := $(patsubst boards/%/board.ini,%,$(shell grep -l '^\[bench' boards/*/board.ini))

.PHONY: bench bench-accept bench-build littlefs
bench bench-accept: $(BUILD)/setup-run
	$(Q)$(MAKE) --no-print-directory bench-build
	$(Q)$(PYTHON) tests/bench/bench.py --json $(BUILD)/bench.json \
		$(if $(filter bench-accept,$@),--accept) $(COLUMNS)
	$(if $(COLUMNS),,$(Q)$(PYTHON) tests/bench/credentials.py --json $(BUILD)/bench-credentials.json)

bench-build: $(BENCH_BOARDS:%=$(BUILD)/%/kernel.elf) userland-library
	$(Q)$(MAKE) $(QUIET) --no-print-directory -C tests/bench/app BUILD=$(APPS_BUILD)
	$(Q)$(MAKE) $(QUIET) --no-print-directory -C tests/bench/loan_app BUILD=$(APPS_BUILD)
	$(Q)$(MAKE) $(QUIET) --no-print-directory -C tests/bench/ipc BUILD=$(APPS_BUILD)

littlefs:
	$(Q)$(PYTHON) tests/power/bench.py --fetch
