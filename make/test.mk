# SPDX-License-Identifier: Apache-2.0 OR MIT
#
#	make test				all tests of each change
#	make test TESTS='console-* unit-*'	those of these names
#	make test BOARDS=qemu-rv32-virt		on these boards, or board/variant
#	make test-long				the slow ones too
#	make test-list				names of all tests
#
# tests/run.py builds what the tests need, runs them two at a time and ends with
# one line `N passed, N failed`; docs/testing.md says more.

TESTS ?=
BOARDS ?=
TEST_OPTIONS = $(if $(TESTS),--tests '$(TESTS)') \
	$(if $(BOARDS),--boards '$(BOARDS)')

.PHONY: test test-long test-list
test test-long: $(BUILD)/setup-test $(if $(wildcard make/prove.mk),$(BUILD)/setup-prove)
	$(Q)$(PYTHON) tests/run.py $(if $(filter test-long,$@),--long) $(TEST_OPTIONS)

test-list:
	$(Q)$(PYTHON) tests/run.py --list --long $(TEST_OPTIONS)
