# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# Rules for the C userland, one library a processor: $(USER_BUILD)/user/<cpu>/libdetent.a
# Included by make/app.mk, which sets DETENT (this checkout) and BUILD.

# One for all applications, if this checkout can be written to.
USER_BUILD ?= $(if $(shell test -w $(DETENT) && echo yes),$(DETENT)/build,$(BUILD))

USER_WARNINGS := -Wall -Wextra -Werror -Wconversion -Wsign-conversion -Wshadow -Wcast-qual \
	-Wcast-align=strict -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wvla \
	-Wframe-larger-than=1024

# An application outside of this repository has a folder of its own to hide.
ifeq ($(filter $(DETENT)/%,$(CURDIR)/),)
USER_PREFIX_MAP := -ffile-prefix-map=$(CURDIR)=.
endif

# No absolute path may reach the output: the same bytes come from any folder.
USER_CFLAGS := -std=gnu11 -Os -g -ffunction-sections -fdata-sections -fno-common \
	-ffile-prefix-map=$(DETENT)=. $(USER_PREFIX_MAP) \
	-fno-asynchronous-unwind-tables $(USER_WARNINGS) \
	-I$(DETENT)/user/include -I$(DETENT)/abi/include

# C++ without what needs tables or a library at run time.
USER_CXXFLAGS := $(filter-out -std=% -Wstrict-prototypes -Wmissing-prototypes,$(USER_CFLAGS)) -std=gnu++17 \
	-fno-exceptions -fno-rtti -fno-threadsafe-statics -fno-use-cxa-atexit -fno-unwind-tables

# The assembler has to be told apart.
USER_ASFLAGS := $(USER_CFLAGS) -Wa,--debug-prefix-map,$(DETENT)=. -Wa,--debug-prefix-map,$(CURDIR)=.

USER_SOURCES := $(addprefix user/src/,alarm.c app_flash.c app_install.c button.c console.c debug.c error.c identity.c ipc_client.c ipc_service.c key_value.c \
	led.c loan.c loan_buffer.c loan_latest.c loan_queue.c memory.c operation.c raw_flash.c rng.c share.c start.c storage.c syscall.c timer.c) user/libc/abort.c user/libc/cxx.c user/libc/exit.c user/libc/sbrk.c

# --- RISC-V, fixed addresses ------------------------------------------------
CROSS_rv32imac := riscv64-unknown-elf-
CFLAGS_rv32imac := -march=rv32imac -mabi=ilp32 -msave-restore --specs=picolibc.specs
SOURCES_rv32imac := $(USER_SOURCES) user/libc/picolibc.c
CRT0_rv32imac := user/arch/riscv/crt0.S

# --- RISC-V, any address: docs/decisions/0008-riscv-pic.md ---------------------
CROSS_rv32imac-pic := $(CROSS_rv32imac)
CFLAGS_rv32imac-pic := $(CFLAGS_rv32imac) -fpie -include $(DETENT)/user/include/detent/arch/hidden.h
SOURCES_rv32imac-pic := $(SOURCES_rv32imac)
CRT0_rv32imac-pic := user/arch/riscv/crt0_pic.S
LIBC_rv32imac-pic := $(USER_BUILD)/user/rv32imac-pic/libc.a

# With -fpie the assembler would take addresses from a table.
ASFLAGS_rv32imac-pic := $(CFLAGS_rv32imac)

# --- Cortex-M, position independent -----------------------------------------
# r9 holds the address of the global offset table. Code in flash and data in RAM
# move independently of each other. Enumerations are as wide as on RISC-V: an
# error code must not lose bits.
PIC_arm := -mthumb -mfloat-abi=soft -fno-short-enums -fPIC -msingle-pic-base -mpic-register=r9 \
	-mno-pic-data-is-text-relative
SOURCES_arm := $(USER_SOURCES) user/libc/newlib.c user/arch/arm/relocate.c
CRT0_arm := user/arch/arm/crt0.S

MACHINE_cortex-m3 := $(PIC_arm) -march=armv7-m
MACHINE_cortex-m4 := $(PIC_arm) -march=armv7e-m

ARM_CPUS := cortex-m3 cortex-m4
USER_CPUS := rv32imac rv32imac-pic $(ARM_CPUS)

include $(DETENT)/user/libc/newlib.mk

# arm_rules CPU
define arm_rules
CROSS_$(1) := arm-none-eabi-
CFLAGS_$(1) := $$(MACHINE_$(1)) -isystem $$(NEWLIB)/include
SOURCES_$(1) := $$(SOURCES_arm)
CRT0_$(1) := $$(CRT0_arm)
LIBC_$(1) := $(USER_BUILD)/user/$(1)/libc.a
HEADERS_$(1) := $$(NEWLIB_STAMP)
endef
$(foreach cpu,$(ARM_CPUS),$(eval $(call arm_rules,$(cpu))))
$(foreach cpu,$(ARM_CPUS),$(eval $(call newlib_rules,$(cpu))))

# compile_command FOLDER FILE COMMAND: a piece of compile_commands.json, next to the object
compile_command = $(Q)printf '{"directory":"%s","file":"%s","command":"%s"},\n' '$(1)' '$(2)' \
	'$(subst ','\'',$(subst ",\",$(3) -c $(2)))' >$@.json

# --- the library, for each --------------------------------------------------
# user_rules CPU
define user_rules
OBJECTS_$(1) := $(SOURCES_$(1):%.c=$(USER_BUILD)/user/$(1)/%.o)
LIB_$(1) := $(USER_BUILD)/user/$(1)/libdetent.a
CRT_$(1) := $(USER_BUILD)/user/$(1)/crt0.o

$$(OBJECTS_$(1)): $(USER_BUILD)/user/$(1)/%.o: $(DETENT)/%.c $(DETENT)/user/user.mk | $(HEADERS_$(1))
	@mkdir -p $$(@D)
	$$(Q)$$(CROSS_$(1))gcc $$(CFLAGS_$(1)) $$(USER_CFLAGS) -ffile-prefix-map=$(CURDIR)=. $$(CFLAGS) \
		-MMD -MP -c $$< -o $$@
	$$(call compile_command,$(DETENT),$$<,$$(CROSS_$(1))gcc $$(CFLAGS_$(1)) $$(USER_CFLAGS))

$$(CRT_$(1)): $(DETENT)/$$(CRT0_$(1)) $(DETENT)/user/user.mk
	@mkdir -p $$(@D)
	$$(Q)$$(CROSS_$(1))gcc $$(or $$(ASFLAGS_$(1)),$$(CFLAGS_$(1))) $$(USER_ASFLAGS) -c $$< -o $$@

$$(LIB_$(1)): $$(OBJECTS_$(1))
	@echo "AR   $$(patsubst $(USER_BUILD)/%,%,$$@)"
	$$(Q)rm -f $$@ && $$(CROSS_$(1))ar rcsD $$@ $$^

-include $$(OBJECTS_$(1):.o=.d)
endef
$(foreach cpu,$(USER_CPUS),$(eval $(call user_rules,$(cpu))))

# The package's picolibc, with constants that hold addresses moved to RAM.
$(LIBC_rv32imac-pic): $(DETENT)/user/libc/movable.sh
	@echo "AR   $(patsubst $(USER_BUILD)/%,%,$@)"
	@mkdir -p $(@D)
	$(Q)sh $< $(CROSS_rv32imac) $@ $(CFLAGS_rv32imac)

.PHONY: userland
userland: $(foreach cpu,$(USER_CPUS),$(LIB_$(cpu)) $(CRT_$(cpu)) $(LIBC_$(cpu)))
