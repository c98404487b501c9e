# SPDX-License-Identifier: Apache-2.0 OR MIT
# The board lists the capsules it holds in CAPSULES; some have several files.
PARTS_process_console := process_console_commands process_console_words \
	process_console_processes process_console_system line_editor
PARTS_connection_driver := connection_requests
PARTS_credential_checker := credential_checker_identity
# On the path of every request.
SOURCE_FLAGS_capsules/src/connection_requests.c := -O2
CAPSULE_SOURCES := $(foreach name,$(CAPSULES) $(foreach capsule,$(CAPSULES),$(PARTS_$(capsule))),\
	capsules/src/$(name).c)
