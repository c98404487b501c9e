# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# All applications of this repository. Included by the root makefile.
#
#	make apps			every apps/<name>/
#	make test-apps			every tests/apps/<name>/
#	make build/apps/<name>/<name>.tab

APPS_ROOT := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/..)
APPS_BUILD := $(APPS_ROOT)/build
QUIET := $(if $(filter 1,$(V)),,-s)

EXAMPLE_APPS := $(patsubst apps/%/Makefile,%,$(wildcard apps/*/Makefile))
TEST_APPS := $(patsubst tests/apps/%/Makefile,%,$(wildcard tests/apps/*/Makefile))
EXAMPLE_TABS := $(foreach app,$(EXAMPLE_APPS),build/apps/$(app)/$(app).tab)
TEST_TABS := $(foreach app,$(TEST_APPS),build/apps/$(app)/$(app).tab)

.PHONY: apps test-apps userland-library
apps: $(EXAMPLE_TABS)
test-apps: $(TEST_TABS)

# First alone, so that applications built at the same time find it done.
userland-library:
	@$(MAKE) $(QUIET) --no-print-directory -f user/Makefile userland BUILD=$(APPS_BUILD)

# What an application is made of is its own makefile's business: ask it.
$(EXAMPLE_TABS): build/apps/%.tab: userland-library
	@$(MAKE) $(QUIET) --no-print-directory -C apps/$(*F) BUILD=$(APPS_BUILD)

$(TEST_TABS): build/apps/%.tab: userland-library
	@$(MAKE) $(QUIET) --no-print-directory -C tests/apps/$(*F) BUILD=$(APPS_BUILD)
