# SPDX-License-Identifier: Apache-2.0 OR MIT
# The board lists the capsules it holds in CAPSULES.
CAPSULE_SOURCES := $(CAPSULES:%=capsules/src/%.c)
