# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# Builds one application for every processor and packs it into a TAB. The last
# line of an application's makefile includes this file; docs/userland.md names
# what can be set before it. The application may be outside this repository.

DETENT := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/..)
APP_MAKEFILES := $(MAKEFILE_LIST)

# Inside the repository everything goes to its build folder.
ifneq ($(filter $(DETENT)/%,$(CURDIR)/),)
BUILD ?= $(DETENT)/build
else
BUILD ?= $(CURDIR)/build
endif

APP ?= $(notdir $(CURDIR))
APP_SOURCES ?= $(sort $(wildcard *.c *.cc *.S))
APP_STACK_SIZE ?= 2048
APP_HEAP_SIZE ?= 1024
APP_KERNEL_HEAP_SIZE ?= 1024
APP_FLOAT_PRINTF ?= 0

# Places for RISC-V, one binary each: slot n is at flash 0x80100080 + n * 0x10000 and RAM
# 0x80300000 + n * 0x10000, as upstream's rv32 boards have them.
APP_RISCV_SLOTS ?= 0 1 2 3 4 5 6 7

# 1: a binary for RISC-V that runs at any address; 0: none.
APP_RISCV_PIC ?= $(if $(APP_RISCV_SLOTS),1,0)

Q := $(if $(filter 1,$(V)),,@)
OUT := $(BUILD)/apps/$(APP)
TAB := $(OUT)/$(APP).tab

.PHONY: all clean
.DELETE_ON_ERROR:
all: $(TAB)

include $(DETENT)/user/user.mk

PRINTF_0 := -DPICOLIBC_INTEGER_PRINTF_SCANF
PRINTF_1 :=
APP_LDFLAGS_ALL := -nostartfiles -static -Wl,--gc-sections \
	-Wl,--defsym=APP_STACK_SIZE=$(APP_STACK_SIZE)

# --- objects ----------------------------------------------------------------
# app_objects CPU
define app_objects
APP_OBJECTS_$(1) := $(addprefix $(OUT)/$(1)/,$(addsuffix .o,$(APP_SOURCES)))

$(OUT)/$(1)/%.c.o: %.c $(APP_MAKEFILES) | $(HEADERS_$(1))
	@mkdir -p $$(@D)
	$$(Q)$$(CROSS_$(1))gcc $$(CFLAGS_$(1)) $$(USER_CFLAGS) $$(APP_CFLAGS) $$(CFLAGS) -MMD -MP -c $$< -o $$@
	$$(call compile_command,$(CURDIR),$$<,$$(CROSS_$(1))gcc $$(CFLAGS_$(1)) $$(USER_CFLAGS) $$(APP_CFLAGS))

$(OUT)/$(1)/%.cc.o: %.cc $(APP_MAKEFILES) | $(HEADERS_$(1))
	@mkdir -p $$(@D)
	$$(Q)$$(CROSS_$(1))g++ $$(CFLAGS_$(1)) $$(USER_CXXFLAGS) $$(APP_CFLAGS) $$(CFLAGS) -MMD -MP -c $$< -o $$@
	$$(call compile_command,$(CURDIR),$$<,$$(CROSS_$(1))g++ $$(CFLAGS_$(1)) $$(USER_CXXFLAGS) $$(APP_CFLAGS))

$(OUT)/$(1)/%.S.o: %.S $(APP_MAKEFILES)
	@mkdir -p $$(@D)
	$$(Q)$$(CROSS_$(1))gcc $$(or $$(ASFLAGS_$(1)),$$(CFLAGS_$(1))) $$(USER_ASFLAGS) $$(APP_CFLAGS) -MMD -MP -c $$< -o $$@

-include $$(APP_OBJECTS_$(1):.o=.d)
endef
$(foreach cpu,$(USER_CPUS),$(eval $(call app_objects,$(cpu))))

# --- RISC-V: one link a place -----------------------------------------------
slot_name = rv32imac.$(shell printf '0x%08x.0x%08x' $$((0x80100080 + $(1) * 0x10000)) $$((0x80300000 + $(1) * 0x10000)))

# app_riscv ELF FLASH RAM
define app_riscv
$(1): $(APP_OBJECTS_rv32imac) $(LIB_rv32imac) $(CRT_rv32imac) $(DETENT)/user/riscv.ld
	$$(Q)$$(CROSS_rv32imac)gcc $$(CFLAGS_rv32imac) $$(APP_LDFLAGS_ALL) $$(PRINTF_$$(APP_FLOAT_PRINTF)) \
		-Wl,--defsym=APP_FLASH=$(2) -Wl,--defsym=APP_RAM=$(3) -T $(DETENT)/user/riscv.ld \
		$$(CRT_rv32imac) $$(APP_OBJECTS_rv32imac) -Wl,--whole-archive $$(LIB_rv32imac) \
		-Wl,--no-whole-archive $$(APP_LDFLAGS) -o $$@
endef
RISCV_NAMES := $(foreach slot,$(APP_RISCV_SLOTS),$(call slot_name,$(slot)))
RISCV_ELFS := $(RISCV_NAMES:%=$(OUT)/%.elf)
$(foreach name,$(RISCV_NAMES),$(eval $(call app_riscv,$(OUT)/$(name).elf,$(word 2,$(subst ., ,$(name))),$(word 3,$(subst ., ,$(name))))))

# --- RISC-V: one for every address -------------------------------------------
# Linked twice: `detent pic` says after the first what it needs room for.
PIC_ELF := $(OUT)/rv32imac-pic.elf
PIC_LINK := $(CROSS_rv32imac)gcc $(CFLAGS_rv32imac) $(APP_LDFLAGS_ALL) $(PRINTF_$(APP_FLOAT_PRINTF)) -nostdlib \
	-Wl,--emit-relocs -T $(DETENT)/user/riscv_pic.ld $(CRT_rv32imac-pic) $(APP_OBJECTS_rv32imac-pic) \
	-Wl,--whole-archive $(LIB_rv32imac-pic) -Wl,--no-whole-archive $(APP_LDFLAGS) \
	-Wl,--start-group $(LIBC_rv32imac-pic) -lgcc -Wl,--end-group

$(PIC_ELF): $(APP_OBJECTS_rv32imac-pic) $(LIB_rv32imac-pic) $(LIBC_rv32imac-pic) $(CRT_rv32imac-pic) \
		$(DETENT)/user/riscv_pic.ld $(wildcard $(DETENT)/tools/detent/*pic.py)
	$(Q)$(PIC_LINK) -Wl,--defsym=PIC_STUBS=0 -Wl,--defsym=PIC_FIXUPS=0 -o $@.linked
	$(Q)sizes=$$($(DETENT)/detent pic --sizes $@.linked) && \
		$(PIC_LINK) $$(printf ' -Wl,%s' $$sizes) -o $@.linked
	$(Q)$(DETENT)/detent pic $@.linked -o $@ && rm $@.linked
PIC_ELFS_1 := $(PIC_ELF)
RISCV_ELFS := $(PIC_ELFS_$(APP_RISCV_PIC)) $(RISCV_ELFS)

# --- Arm: one link serves every address; some names share one ---------------
# NAME:CPU; the names are what tockloader and boards call the processor.
APP_ARM_NAMES ?= cortex-m3:cortex-m3 cortex-m4:cortex-m4 cortex-m7:cortex-m4 cortex-m33:cortex-m3
ARM_FLOAT_0 :=
ARM_FLOAT_1 := -Wl,-u,_printf_float -Wl,-u,_scanf_float

# app_arm ELF CPU
define app_arm
$(1): $(APP_OBJECTS_$(2)) $(LIB_$(2)) $(LIBC_$(2)) $(CRT_$(2)) $(DETENT)/user/arm.ld
	$$(Q)$$(CROSS_$(2))gcc $$(MACHINE_$(2)) $$(APP_LDFLAGS_ALL) $$(ARM_FLOAT_$$(APP_FLOAT_PRINTF)) \
		-nostdlib -Wl,--emit-relocs -Wl,--no-enum-size-warning -T $(DETENT)/user/arm.ld \
		$$(CRT_$(2)) $$(APP_OBJECTS_$(2)) -Wl,--whole-archive $$(LIB_$(2)) \
		-Wl,--no-whole-archive $$(APP_LDFLAGS) -Wl,--start-group $$(LIBC_$(2)) -lgcc \
		-Wl,--end-group -o $$@
endef
ARM_ELFS := $(foreach pair,$(APP_ARM_NAMES),$(OUT)/$(firstword $(subst :, ,$(pair))).elf)
$(foreach pair,$(APP_ARM_NAMES),$(eval $(call app_arm,$(OUT)/$(firstword $(subst :, ,$(pair))).elf,$(lastword $(subst :, ,$(pair))))))

APP_ELFS := $(RISCV_ELFS) $(ARM_ELFS)

# --- TAB --------------------------------------------------------------------
$(TAB): $(APP_ELFS)
	@echo "TAB  $(patsubst $(DETENT)/%,%,$@)"
	$(Q)$(DETENT)/detent pack --deterministic -n $(APP) --app-heap $(APP_HEAP_SIZE) \
		--kernel-heap $(APP_KERNEL_HEAP_SIZE) --kernel-major 2 --kernel-minor 2 \
		$(APP_PACK_FLAGS) -o $@ $(APP_ELFS)

.PHONY: size run debug test compile_commands.json
size: $(APP_ELFS)
	@$(CROSS_rv32imac)size $(wordlist 1,2,$(RISCV_ELFS)) $(ARM_ELFS)

# --- in QEMU and on the host --------------------------------------------------
# BOARD: one of Detent's boards, or the folder of one elsewhere, with a slash.
BOARD ?= qemu-rv32-virt
RUN_FLAGS ?=
BOARD_BUILD := $(if $(filter $(DETENT)/build,$(USER_BUILD)),,BUILD=$(USER_BUILD))
KERNEL := $(if $(findstring /,$(BOARD)),,$(USER_BUILD)/$(BOARD)/kernel.elf)

$(KERNEL): force
	$(Q)$(MAKE) --no-print-directory -C $(DETENT) BOARD=$(BOARD) $(BOARD_BUILD) $(patsubst $(DETENT)/%,%,$@)
.PHONY: force

run: $(TAB) $(KERNEL)
	$(Q)$(DETENT)/detent run --board $(BOARD) $(KERNEL:%=--kernel %) --app $(TAB) $(RUN_FLAGS)

debug: $(TAB) $(KERNEL)
	$(Q)$(DETENT)/detent debug --board $(BOARD) $(KERNEL:%=--kernel %) --app $(TAB) \
		--script $(BUILD)/debug.gdb $(RUN_FLAGS)

# test/*.c is the application's test on the host: docs/host-testing.md. Its objects lie in one build
# folder with those of all applications: those of another application of this name must go.
HOST_PIECES := $(addprefix $(USER_BUILD)/host/asan/,app/$(APP) app/$(APP).o test/$(APP) app_$(APP) app_$(APP).images.c)
HOST_OWNER := $(USER_BUILD)/host/asan/app/$(APP).folder
HOST_DEFINES := $(filter -D%,$(APP_CFLAGS)) $(foreach flag,$(filter -I%,$(APP_CFLAGS)),-I$(abspath $(flag:-I%=%)))
HOST_TAKEN := $(filter-out $(CURDIR),$(wildcard $(DETENT)/apps/$(APP) $(DETENT)/tests/apps/$(APP)))

test:
	$(Q)mkdir -p $(dir $(HOST_OWNER)); [ "$$(cat $(HOST_OWNER) 2>/dev/null)" = $(CURDIR) ] || rm -rf $(HOST_PIECES)
	$(Q)echo $(CURDIR) >$(HOST_OWNER)
	$(Q)$(MAKE) --no-print-directory -C $(DETENT) host-app-test APP_DIR=$(CURDIR) APP=$(APP) $(BOARD_BUILD) \
		HOST_APP_SOURCES='$(filter %.c %.cc,$(APP_SOURCES))' HOST_APP_DEFINES='$(HOST_DEFINES)'; \
		status=$$?; $(if $(HOST_TAKEN),rm -rf $(HOST_PIECES) $(HOST_OWNER);) exit $$status

compile_commands.json: $(APP_ELFS)
	$(Q)find $(OUT)/rv32imac -name '*.o.json' -exec cat {} + | sed '1s/^/[/; $$s/,$$/]/' > $@

clean:
	rm -rf $(OUT)
