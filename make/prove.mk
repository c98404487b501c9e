# SPDX-License-Identifier: Apache-2.0 OR MIT
#
#	make prove		proves the isolation core with Frama-C (proofs/SOUNDNESS.md)
#	make prove FILES=lib/tbf.c

.PHONY: prove
prove: $(BUILD)/setup-prove
	$(Q)sh proofs/run.sh $(FILES)
