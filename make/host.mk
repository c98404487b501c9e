# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# The kernel as a Linux process (docs/host-testing.md).
#
#	make host-tests			builds and runs every program of tests/host/
#	make host-test-<program>	one of them
#	make host-app-test APP_DIR=...	the host test of one application, from its folder (make/app.mk)
#	make host-coverage		branch coverage of all of them, build/host/coverage.txt
#	make host-fuzz			the fuzz targets, build/host/fuzz/fuzz_*
#
# HOST_TESTS names the programs, for tests/run.py: `make -s host-test-names`.

ifndef HOST_BUILD
HOST_BUILD := $(BUILD)/host
HOST_SCHEDULERS := round_robin cooperative priority mlfq

# ---- programs ----
# tests/host/kernel/<name>.c uses scripted processes; APPS_<name> are applications
# that it holds besides. apps/<name>/test/*.c is the test of that application.
HOST_KERNEL_TESTS := $(patsubst tests/host/kernel/%.c,%,$(wildcard tests/host/kernel/*.c))
HOST_APP_TESTS := $(patsubst apps/%/test,%,$(wildcard apps/*/test))
HOST_TESTS := $(HOST_KERNEL_TESTS) $(HOST_APP_TESTS:%=app_%)

# `make host-app-test APP_DIR=<folder> [APP=<name>] [HOST_APP_SOURCES=...] [HOST_APP_DEFINES=...]`, in or
# outside of this tree
ifdef APP_DIR
APP ?= $(notdir $(abspath $(APP_DIR)))
HOST_EXTERNAL := app_$(APP)
APPS_app_$(APP) := $(APP)
HOST_FOLDER_$(APP) := $(APP_DIR)
HOST_SOURCES_$(APP) := $(HOST_APP_SOURCES)
HOST_DEFINES_$(APP) := $(HOST_APP_DEFINES)
endif

APPS_faults := fault stack_overflow null_jump bad_class write_flash owned_misuse assert_fails
APPS_applications := exit_restart bss_data multi_alarm console_echo exit_atexit scopes own_malloc printf_all
APPS_ipc_applications := upper ask
APPS_ipc_memory := tally tally_ask
APPS_loan_applications := meter meter_view
SCHEDULER_scheduler_priority := priority
SCHEDULER_scheduler_mlfq := mlfq
SCHEDULER_scheduler_cooperative := cooperative

# ---- flags ----
HOST_WARNINGS := $(filter-out -Wframe-larger-than=%,$(WARNINGS))
HOST_FLAGS := -g -fno-common -fno-pie -fno-omit-frame-pointer
HOST_SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all
HOST_CC_asan := gcc
HOST_CXX_asan := g++
HOST_FLAGS_asan := -O1 $(HOST_SANITIZE)
HOST_APP_FLAGS_asan := $(HOST_FLAGS_asan)
HOST_CC_cov := gcc
HOST_CXX_cov := g++
HOST_FLAGS_cov := -O0 --coverage -fprofile-update=atomic -DHOST_COVERAGE
HOST_CC_fuzz := $(firstword $(foreach cc,clang-14 clang,$(if $(shell command -v $(cc)),$(cc))))
HOST_FLAGS_fuzz := -O1 $(HOST_SANITIZE) -fsanitize=fuzzer-no-link -fno-data-sections

HOST_REACH_lib := -Iabi/include -Ilib/include
HOST_REACH_kernel := $(HOST_REACH_lib) -Ihil/include -Ikernel/include -Ikernel/src -Iarch/host/include
HOST_REACH_capsules := $(HOST_REACH_lib) -Ihil/include -I$(BUILD)/include -Icapsules/include
HOST_REACH_arch := $(HOST_REACH_kernel) -Iarch/host/src
HOST_REACH_chips := $(HOST_REACH_kernel) -Ichips/include
HOST_REACH_boards := $(HOST_REACH_chips) -Icapsules/include -Iboards
HOST_REACH_tests := $(HOST_REACH_arch) -Ichips/include -Icapsules/include -Iboards -Itests/host/include -Itests/host/src
HOST_REACH_tests += -Itests/fuzz -Itests/unit -Ikernel/src/checked
HOST_REACH_apps := $(HOST_REACH_tests)
host_reach = $(HOST_REACH_$(firstword $(subst /, ,$(1))))

HOST_KERNEL_SOURCES := $(filter-out lib/memory.c,$(wildcard lib/*.c)) \
	$(filter-out kernel/src/scheduler_% %/loan_none.c,$(wildcard kernel/src/*.c)) \
	$(filter-out %/credential_checker.c %/credential_checker_identity.c,$(wildcard capsules/src/*.c)) \
	kernel/src/checked/helper.c chips/src/flash_ram.c chips/src/app_flash_ram.c boards/common/sharing.c
HOST_HARNESS_SOURCES := $(wildcard arch/host/src/*.c) \
	$(filter-out %/test.c %/snapshot.c %/no_snapshot.c,$(wildcard tests/host/src/*.c))
HOST_BASE_SOURCES := $(HOST_KERNEL_SOURCES) $(HOST_HARNESS_SOURCES) tests/host/src/no_snapshot.c

$(HOST_BUILD)/asan/obj/%.o: %.c make/host.mk | $(BUILD)/include/kernel
	@mkdir -p $(@D)
	$(Q)$(HOST_CC_asan) -std=c11 -D_GNU_SOURCE $(HOST_FLAGS) $(HOST_WARNINGS) $(HOST_FLAGS_asan) $(call host_reach,$<) -MMD -MP -c $< -o $@

$(HOST_BUILD)/cov/obj/%.o: %.c make/host.mk | $(BUILD)/include/kernel
	@mkdir -p $(@D)
	$(Q)$(HOST_CC_cov) -std=c11 -D_GNU_SOURCE $(HOST_FLAGS) $(HOST_FLAGS_cov) $(call host_reach,$<) -MMD -MP -c $< -o $@

$(HOST_BUILD)/fuzz/obj/%.o: %.c make/host.mk | $(BUILD)/include/kernel
	@mkdir -p $(@D)
	$(Q)$(HOST_CC_fuzz) -std=c11 -D_GNU_SOURCE $(HOST_FLAGS) $(HOST_FLAGS_fuzz) $(call host_reach,$<) -MMD -MP -c $< -o $@

# ---- applications: linked to where the kernel puts them ----
HOST_USER_SOURCES := $(filter-out user/src/start.c,$(wildcard user/src/*.c)) user/libc/abort.c \
	user/libc/exit.c user/libc/sbrk.c
HOST_APP_FLAGS := -std=gnu11 -g -O1 -fno-common -fno-pie -fno-omit-frame-pointer -fno-builtin-printf \
	-fno-builtin-puts -fno-builtin-putchar -Iarch/host/user/include -Iuser/include -Iabi/include
HOST_APP_CXXFLAGS := $(filter-out -std=%,$(HOST_APP_FLAGS)) -std=gnu++17 -fno-exceptions -fno-rtti \
	-fno-threadsafe-statics -fno-use-cxa-atexit
HOST_CXX_LIBRARY := user/libc/cxx.c

# host_app VARIANT NAME FOLDER: the application, and the objects of its test
define host_app
HOST_FILES_$(1)_$(2) := $$(or $$(filter %.c %.cc,$$(HOST_SOURCES_$(2))),$$(notdir $$(wildcard $(3)/*.c $(3)/*.cc)))
HOST_APP_$(1)_$(2) := $$(patsubst %.c,$(HOST_BUILD)/$(1)/app/$(2)/%.o,$$(filter %.c,$$(HOST_FILES_$(1)_$(2))))
HOST_APP_CXX_$(1)_$(2) := $$(patsubst %,$(HOST_BUILD)/$(1)/app/$(2)/%.o,$$(filter %.cc,$$(HOST_FILES_$(1)_$(2))))
HOST_TEST_$(1)_$(2) := $$(patsubst $(3)/test/%.c,$(HOST_BUILD)/$(1)/test/$(2)/%.o,$$(wildcard $(3)/test/*.c))

$$(HOST_TEST_$(1)_$(2)): $(HOST_BUILD)/$(1)/test/$(2)/%.o: $(3)/test/%.c
	@mkdir -p $$(@D)
	$$(Q)$$(HOST_CC_$(1)) -std=c11 -D_GNU_SOURCE $(HOST_FLAGS) $(HOST_WARNINGS) $$(HOST_FLAGS_$(1)) \
		$(HOST_REACH_tests) -MMD -MP -c $$< -o $$@
HOST_LIB_$(1)_$(2) := $$(patsubst %.c,$(HOST_BUILD)/$(1)/app/$(2)/%.o,$(HOST_USER_SOURCES) $$(if $$(HOST_APP_CXX_$(1)_$(2)),$(HOST_CXX_LIBRARY)))

$$(HOST_APP_$(1)_$(2)): $(HOST_BUILD)/$(1)/app/$(2)/%.o: $(3)/%.c arch/host/user/redefine.txt
	@mkdir -p $$(@D)
	$$(Q)$$(HOST_CC_$(1)) $(HOST_APP_FLAGS) $$(HOST_APP_FLAGS_$(1)) $$(HOST_DEFINES_$(2)) -MMD -MP -c $$< -o $$@
	$$(Q)objcopy --redefine-syms=arch/host/user/redefine.txt $$@

$$(HOST_APP_CXX_$(1)_$(2)): $(HOST_BUILD)/$(1)/app/$(2)/%.cc.o: $(3)/%.cc arch/host/user/redefine.txt
	@mkdir -p $$(@D)
	$$(Q)$$(HOST_CXX_$(1)) $(HOST_APP_CXXFLAGS) $$(HOST_APP_FLAGS_$(1)) -fno-sanitize=vptr $$(HOST_DEFINES_$(2)) -MMD -MP -c $$< -o $$@
	$$(Q)objcopy --redefine-syms=arch/host/user/redefine.txt $$@

$$(HOST_LIB_$(1)_$(2)): $(HOST_BUILD)/$(1)/app/$(2)/%.o: %.c arch/host/user/redefine.txt
	@mkdir -p $$(@D)
	$$(Q)$$(HOST_CC_$(1)) $(HOST_APP_FLAGS) $$(HOST_APP_FLAGS_$(1)) -MMD -MP -c $$< -o $$@
	$$(Q)objcopy --redefine-syms=arch/host/user/redefine.txt $$@

$(HOST_BUILD)/$(1)/app/$(2)/start.o: arch/host/user/start.c
	@mkdir -p $$(@D)
	$$(Q)$$(HOST_CC_$(1)) $(HOST_APP_FLAGS) -D_GNU_SOURCE $$(HOST_APP_FLAGS_$(1)) -MMD -MP -c $$< -o $$@

$(HOST_BUILD)/$(1)/app/$(2).o: $$(HOST_APP_$(1)_$(2)) $$(HOST_APP_CXX_$(1)_$(2)) $$(HOST_LIB_$(1)_$(2)) \
		$(HOST_BUILD)/$(1)/app/$(2)/start.o arch/host/user/app.ld
	$$(Q)ld -r --force-group-allocation -T arch/host/user/app.ld $$(filter %.o,$$^) -o $$@
	$$(Q)objcopy --redefine-sym host_start=host_start_$(2) --keep-global-symbol=host_start_$(2) $$@

-include $$(HOST_TEST_$(1)_$(2):.o=.d) $$(HOST_APP_$(1)_$(2):.o=.d) $$(HOST_APP_CXX_$(1)_$(2):.o=.d) $$(HOST_LIB_$(1)_$(2):.o=.d) $(HOST_BUILD)/$(1)/app/$(2)/start.d
endef

# ---- linking ----
# Numbers as in tests/host/src/layout.h.
HOST_LINK := -no-pie -Wl,-Ttext-segment=0x08000000 -Wl,--no-warn-rwx-segments \
	-Wl,--defsym=linker_apps_start=0x20000000 -Wl,--defsym=linker_apps_end=0x20400000 \
	-Wl,--defsym=linker_app_ram_start=0x30000000 -Wl,--defsym=linker_app_ram_end=0x31000000 \
	-Wl,--section-start=host_ram_last=0x30fff000 \
	-Wl,--defsym=linker_helper_start=linker_apps_end-512 -Wl,--defsym=linker_helper_end=linker_apps_end \
	-Wl,--section-start=.pool=0x2f000000 -Wl,--defsym=linker_pool_start=0x2f000000 \
	-Wl,--defsym=linker_pool_end=0x2f002000 \
	-Wl,--defsym=linker_text_start=__executable_start -Wl,--defsym=linker_text_end=etext \
	-Wl,--defsym=linker_rodata_start=etext -Wl,--defsym=linker_rodata_end=etext \
	-Wl,--defsym=linker_data_start=data_start -Wl,--defsym=linker_data_end=edata \
	-Wl,--defsym=linker_bss_start=__bss_start -Wl,--defsym=linker_bss_end=end \
	-Wl,--defsym=linker_stack_start=host_kernel_stack \
	-Wl,--defsym=linker_stack_end=host_kernel_stack+0x80000

# Fuzzers start the kernel thousands of times a second: less memory to clear. What replays their inputs
# has the same memory, or the inputs would mean something else.
HOST_LINK_SMALL := $(patsubst %linker_apps_end=0x20400000,%linker_apps_end=0x20004000,\
	$(patsubst %linker_app_ram_end=0x31000000,%linker_app_ram_end=0x30040000,\
	$(patsubst %host_ram_last=0x30fff000,%host_ram_last=0x3003f000,$(HOST_LINK))))

host_objects = $(patsubst %.c,$(HOST_BUILD)/$(1)/obj/%.o,$(2))
host_scheduler = kernel/src/scheduler_$(or $(SCHEDULER_$(1)),round_robin).c

# host_program VARIANT PROGRAM SOURCES APPS
define host_program
$(HOST_BUILD)/$(1)/$(2).images.c: make/host.mk
	@mkdir -p $$(@D)
	@{ echo '#include "state.h"'; \
	for app in $(4); do i=$$$${i:-0}; \
	echo "extern uint8_t __start_host_flash$$$$i[], __stop_host_flash$$$$i[], __start_host_ram$$$$i[], __stop_host_ram$$$$i[];"; \
	echo "void host_start_$$$$app(void);"; i=$$$$((i+1)); done; \
	echo 'const struct host_image host_images[] = {'; i=0; \
	for app in $(4); do echo "{\"$$$$app\", __start_host_flash$$$$i, __stop_host_flash$$$$i, __start_host_ram$$$$i, __stop_host_ram$$$$i, host_start_$$$$app},"; i=$$$$((i+1)); done; \
	echo '{0}};'; } > $$@

$(HOST_BUILD)/$(1)/$(2): $(call host_objects,$(1),$(HOST_BASE_SOURCES) $(call host_scheduler,$(2)) $(3)) \
		$(HOST_BUILD)/$(1)/$(2).images.c $(foreach app,$(4),$(HOST_BUILD)/$(1)/app/$(app).o) \
		$(if $(filter app_%,$(2)),$(HOST_TEST_$(1)_$(firstword $(4))))
	$$(if $$(filter 0,$$(V)),@echo '  HOST  $$@')
	$$(Q)i=0; flags=; for app in $(4); do \
		objcopy --rename-section host_flash=host_flash$$$$i --rename-section host_ram=host_ram$$$$i \
			$(HOST_BUILD)/$(1)/app/$$$$app.o $$@.app$$$$i.o; \
		flags="$$$$flags $$@.app$$$$i.o -Wl,--section-start=host_flash$$$$i=$$$$(printf '0x%x' $$$$((0x20001000 + i * 0x80000)))"; \
		flags="$$$$flags -Wl,--section-start=host_ram$$$$i=$$$$(printf '0x%x' $$$$((0x30020000 + i * 0x100000)))"; \
		i=$$$$((i+1)); done; \
	$$(HOST_CC_$(1)) -std=gnu11 $$(HOST_FLAGS_$(1)) $(HOST_REACH_tests) -fno-pie $(if $(filter fuzz_%,$(2)),$(HOST_LINK_SMALL),$(HOST_LINK)) $$$$flags \
		$$(filter-out $(HOST_BUILD)/$(1)/app/%,$$(filter %.o %.images.c,$$^)) -o $$@
endef

# A test of the kernel is one file; that of an application is compiled by host_app.
host_sources = tests/host/src/test.c $(if $(filter app_%,$(1)),,tests/host/kernel/$(1).c)
$(foreach app,$(HOST_APP_TESTS),$(eval APPS_app_$(app) := $(app)))

HOST_APPS_USED := $(sort $(foreach test,$(HOST_TESTS) $(HOST_EXTERNAL),$(APPS_$(test))))
host_app_folder = $(or $(HOST_FOLDER_$(1)),$(firstword $(wildcard apps/$(1) tests/apps/$(1))))
$(foreach variant,asan cov,$(foreach app,$(HOST_APPS_USED),\
	$(eval $(call host_app,$(variant),$(app),$(call host_app_folder,$(app))))))
$(foreach variant,asan cov,$(foreach test,$(sort $(HOST_TESTS) $(HOST_EXTERNAL)),\
	$(eval $(call host_program,$(variant),$(test),$(call host_sources,$(test)),$(APPS_$(test))))))

# ---- fuzzing ----
# Every target is built twice: with libFuzzer (clang), and to run on kept inputs.
HOST_FUZZERS_ALL := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
HOST_FUZZERS_ALONE := fuzz_installer
HOST_FUZZERS := $(filter-out $(HOST_FUZZERS_ALONE),$(HOST_FUZZERS_ALL))
$(foreach variant,asan cov,$(foreach fuzzer,$(HOST_FUZZERS),$(eval \
	$(call host_program,$(variant),$(fuzzer),tests/fuzz/$(fuzzer).c tests/fuzz/fuzz.c tests/fuzz/input.c tests/fuzz/replay.c,))))

# The variables of the kernel and of the board, which has those of all capsules, in sections of their
# own, so that they can start many times.
HOST_FUZZ_VARIABLES := $(filter kernel/src/% boards/%,$(HOST_KERNEL_SOURCES)) tests/host/src/board.c \
	tests/host/src/board_storage.c
HOST_FUZZ_CORE := $(call host_objects,fuzz,$(HOST_FUZZ_VARIABLES) kernel/src/scheduler_round_robin.c)
HOST_FUZZ_REST := $(call host_objects,fuzz,$(filter-out $(HOST_FUZZ_VARIABLES),$(HOST_KERNEL_SOURCES) \
	$(HOST_HARNESS_SOURCES)) tests/host/src/snapshot.c tests/fuzz/fuzz.c tests/fuzz/input.c)

$(HOST_BUILD)/fuzz/kernel.o: $(HOST_FUZZ_CORE)
	$(Q)ld -r $^ -o $@
	$(Q)objcopy --rename-section .data=kernel_data --rename-section .bss=kernel_bss $@

$(HOST_FUZZERS:%=$(HOST_BUILD)/fuzz/%): $(HOST_BUILD)/fuzz/%: $(HOST_BUILD)/fuzz/kernel.o $(HOST_FUZZ_REST) \
		$(HOST_BUILD)/fuzz/obj/tests/fuzz/%.o
	$(if $(filter 0,$(V)),@echo '  FUZZ  $@')
	$(Q)echo '#include "state.h"' > $@.images.c; echo 'const struct host_image host_images[] = {{0}};' >> $@.images.c
	$(Q)$(HOST_CC_fuzz) -std=gnu11 $(HOST_FLAGS_fuzz) -fsanitize=fuzzer $(HOST_REACH_tests) -fno-pie \
		$(HOST_LINK_SMALL) $^ $@.images.c -o $@

# Without a kernel: its part is played.
HOST_SOURCES_fuzz_installer := tests/fuzz/fuzz_installer.c tests/fuzz/input.c tests/unit/fake_kernel.c \
	$(addprefix tests/unit/,fake_devices.c fake_processes.c fake_region.c) \
	$(addprefix kernel/src/,checked/admission.c checked/app_check.c app_checks.c) chips/src/flash_ram.c \
	$(addprefix capsules/src/,app_installer.c app_loader_driver.c app_manager_driver.c) \
	$(addprefix lib/,app_region.c app_store.c app_store_journal.c app_store_place.c app_store_step.c tbf.c bytes.c \
		crc32.c format.c ring.c)

$(HOST_BUILD)/fuzz/fuzz_installer: $(call host_objects,fuzz,$(HOST_SOURCES_fuzz_installer))
	$(if $(filter 0,$(V)),@echo '  FUZZ  $@')
	$(Q)$(HOST_CC_fuzz) $(HOST_FLAGS_fuzz) -fsanitize=fuzzer -no-pie $^ -o $@

define host_fuzzer_alone
$(HOST_BUILD)/$(1)/fuzz_installer: $(call host_objects,$(1),$(HOST_SOURCES_fuzz_installer) tests/fuzz/replay.c)
	$$(if $$(filter 0,$$(V)),@echo '  HOST  $$@')
	$$(Q)$$(HOST_CC_$(1)) $$(HOST_FLAGS_$(1)) -no-pie $$^ -o $$@
endef
$(foreach variant,asan cov,$(eval $(call host_fuzzer_alone,$(variant))))

.PHONY: host-fuzz
host-fuzz: $(HOST_FUZZERS_ALL:%=$(HOST_BUILD)/fuzz/%)

.PHONY: host-tests host-test-names host-coverage host-app-test
host-app-test: host-test-$(HOST_EXTERNAL)
# Several makes may run at once, as in tests/run.py: one of them builds.
host_built = mkdir -p $(HOST_BUILD) && flock $(HOST_BUILD)/lock $(MAKE) --no-print-directory \
	-f Makefile -f make/host.mk $(HOST_BUILD)/asan/$(1)

host-tests: $(HOST_TESTS:%=host-test-%) $(HOST_FUZZERS_ALL:%=host-test-%)
$(HOST_FUZZERS_ALL:%=host-test-%): host-test-%:
	+$(Q)$(call host_built,$*)
	$(Q)$(HOST_BUILD)/asan/$* tests/fuzz/corpus/$*/*
$(addprefix host-test-,$(sort $(HOST_TESTS) $(HOST_EXTERNAL))): host-test-%:
	+$(Q)$(call host_built,$*)
	$(Q)$(HOST_BUILD)/asan/$*

host-coverage: $(HOST_TESTS:%=$(HOST_BUILD)/cov/%) $(HOST_FUZZERS_ALL:%=$(HOST_BUILD)/cov/%)
	$(Q)$(PYTHON) tests/host/coverage.py $^

host-test-names:
	@printf '%s\n' $(HOST_TESTS) $(HOST_FUZZERS_ALL)

-include $(shell find $(HOST_BUILD)/*/obj -name '*.d' 2>/dev/null)

endif
