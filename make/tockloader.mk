# SPDX-License-Identifier: Apache-2.0 OR MIT
#
#	make tockloader		Tock's loader in build/tockloader, for the test that uses the same files
#
# From PyPI, at this version; `make test` leaves the test out where it is not there.
TOCKLOADER_VERSION := 1.19.0

.PHONY: tockloader
tockloader:
	$(Q)/usr/bin/python3 -m venv $(BUILD)/tockloader
	$(Q)$(BUILD)/tockloader/bin/pip install -q tockloader==$(TOCKLOADER_VERSION)
