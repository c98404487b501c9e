# SPDX-License-Identifier: Apache-2.0 OR MIT
#
#	make prove		proves the isolation core with Frama-C (proofs/SOUNDNESS.md)
#	make prove FILES=lib/tbf.c

#	make prove-accept	the same, and writes the counts into proofs/SOUNDNESS.md

.PHONY: prove prove-accept
prove-accept: $(BUILD)/setup-prove
	$(Q)sh proofs/run.sh | tee $(BUILD)/proofs-counted && $(PYTHON) proofs/counts.py < $(BUILD)/proofs-counted
prove: $(BUILD)/setup-prove
	$(Q)sh proofs/run.sh $(FILES)
