# SPDX-License-Identifier: Apache-2.0 OR MIT
#
#	make mutants		plants every fault and sees a test or proof fail (long)
#	make mutants-fast	ten of them, for each change
#	make mutants MUTANTS='filter.c'		those whose line in the list holds the word
#
# The list: tools/mutants/faults.txt, and proofs/mutants.txt for the proved files.

MUTANTS ?=

.PHONY: mutants mutants-fast
mutants:
	$(Q)PYTHONDONTWRITEBYTECODE=1 $(PYTHON) tools/mutants/mutants.py $(MUTANTS)
mutants-fast:
	$(Q)PYTHONDONTWRITEBYTECODE=1 $(PYTHON) tools/mutants/mutants.py --fast
