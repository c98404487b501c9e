# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# The kernel of one board: build/<board>/kernel.elf. Every module names its
# sources in a module.mk of its own; every layer sees only the include folders
# that its row of docs/architecture.md allows.

# TRACE=1 builds a kernel that records what happens, in a folder of its own.
TRACE ?= 0
OUT := $(BUILD)/$(BOARD)$(if $(filter 1,$(TRACE)),-trace)$(if $(filter-out accept,$(POLICY)),-$(POLICY))

# A board outside of this tree gives its folder: make/board.mk.
BOARD_DIR ?= boards/$(BOARD)
include $(BOARD_DIR)/board.mk
include make/policy.mk
include arch/$(ARCH)/module.mk
include lib/module.mk
include kernel/module.mk
include chips/module.mk
include capsules/module.mk

CC := $(CROSS)gcc
OBJCOPY := $(CROSS)objcopy
SIZE := $(CROSS)size
NM := $(CROSS)nm

KERNEL_SOURCES := $(sort $(LIB_SOURCES) $(KERNEL_CORE_SOURCES) $(ARCH_SOURCES) \
	$(CHIP_SOURCES) $(CAPSULE_SOURCES) $(BOARD_DIR)/board.c $(BOARD_SOURCES) \
	$(BOARD_CAPSULES:%=$(BOARD_DIR)/capsules/%.c))
KERNEL_OBJECTS := $(patsubst %,$(OUT)/obj/%.o,$(KERNEL_SOURCES))

# ---- include reach: one line a layer ----
# Capsules see kernel/include/kernel through a folder that has nothing else in it.
CAPSULE_VIEW := $(BUILD)/include
REACH_lib := -Iabi/include -Ilib/include
REACH_kernel := $(REACH_lib) -Ihil/include -Ikernel/include -Ikernel/src $(ARCH_INCLUDE:%=-I%)
REACH_arch := $(REACH_lib) -Ihil/include -Ikernel/include $(ARCH_INCLUDE:%=-I%) $(ARCH_PRIVATE:%=-I%)
REACH_chips := $(REACH_lib) -Ihil/include -Ikernel/include -Ichips/include $(ARCH_INCLUDE:%=-I%)
REACH_capsules := $(REACH_lib) -Ihil/include -I$(CAPSULE_VIEW) -Icapsules/include
REACH_boards := $(REACH_chips) -Icapsules/include -Iboards $(if $(BOARD_CAPSULES),-I$(BOARD_DIR)/capsules)
REACH_board_capsules := $(REACH_capsules) -I$(BOARD_DIR)/capsules
layer = $(if $(filter $(BOARD_DIR)/capsules/%,$(1)),board_capsules,$(if $(filter $(BOARD_DIR)/%,$(1)),boards,$(firstword $(subst /, ,$(1)))))
reach = $(REACH_$(call layer,$(1)))

DEFINES := $(if $(filter 1,$(TRACE)),-DDETENT_TRACE) $(BOARD_DEFINES) -DBOARD_NAME='"$(BOARD)"'
ALL_FLAGS = $(KERNEL_FLAGS) $(MACHINE_FLAGS) $(ARCH_FLAGS) $(DEFINES) $(CPPFLAGS) $(CFLAGS)
# Without what differs from folder to folder, so that the image does not either.
RECORDED_FLAGS = $(filter-out -ffile-prefix-map=%,$(ALL_FLAGS)) \
	$(foreach file,$(KERNEL_SOURCES),$(SOURCE_FLAGS_$(file):%=$(file):%))

$(OUT)/obj/%.c.o: %.c $(OUT)/flags | $(CAPSULE_VIEW)/kernel
	$(check_flags)
	@mkdir -p $(@D)
	$(if $(filter 0,$(V)),@echo '  CC    $<')
	$(Q)$(CC) $(ALL_FLAGS) $(SOURCE_FLAGS_$<) $(call reach,$<) -MMD -MP -c $< -o $@
	$(Q)printf '{"directory":"%s","file":"%s","command":"%s"},\n' '$(CURDIR)' '$<' \
		'$(subst ','\'',$(subst ",\",$(CC) $(ALL_FLAGS) $(call reach,$<) -c $<))' > $@.json

$(OUT)/obj/%.S.o: %.S $(OUT)/flags
	@mkdir -p $(@D)
	$(if $(filter 0,$(V)),@echo '  AS    $<')
	$(Q)$(CC) $(filter-out -std=c11,$(ALL_FLAGS)) -Wa,--debug-prefix-map=$(CURDIR)=. \
		$(call reach,$<) -MMD -MP -c $< -o $@

$(CAPSULE_VIEW)/kernel:
	$(Q)mkdir -p $(@D) && ln -sfn $(CURDIR)/kernel/include/kernel $@

# Changes when the flags do, so that everything is compiled anew then.
.PHONY: force
$(OUT)/flags: force
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(CC) $(RECORDED_FLAGS))' | cmp -s - $@ || \
		printf '%s\n' '$(subst ','\'',$(CC) $(RECORDED_FLAGS))' > $@

# ---- the build record (docs/reference/build-record.md) ----
$(OUT)/build_record.S: $(OUT)/flags VERSION make/kernel.mk
	$(Q)flags=$$(printf '%s' '$(subst ','\'',$(RECORDED_FLAGS))' | sha256sum | cut -c1-12); \
	printf '%s\n' '.section .detent.build, "a"' '.ascii "DETENT-BUILD-1\n"' \
		'.global linker_build_record' 'linker_build_record:' \
		".ascii \"version=$$(cat VERSION)\\n\"" \
		'.ascii "board=$(BOARD)\n"' '.ascii "arch=$(ARCH)\n"' \
		".ascii \"toolchain=$$($(CC) -dumpmachine)-gcc-$$($(CC) -dumpfullversion)\\n\"" \
		".ascii \"flags=$$flags\\n\"" '.byte 0' \
		'.section .detent.attributes, "a"' \
		'.long linker_app_ram_start, linker_app_ram_length' '.short 0x0101, 8' \
		'.long linker_kernel_start, linker_kernel_length' '.short 0x0102, 8' \
		".short $$(tr . , < VERSION), 0" '.short 0x0103, 8' \
		'.byte 0, 0, 0, 1' '.ascii "TOCK"' > $@

$(OUT)/build_record.o: $(OUT)/build_record.S
	$(Q)$(CC) $(MACHINE_FLAGS) -c $< -o $@

# gcc 12 finds no libgcc for an architecture that names Zicsr.
LINK_FLAGS = $(subst _zicsr,,$(MACHINE_FLAGS)) -nostdlib -static -Wl,--gc-sections -Wl,--orphan-handling=error \
	-Wl,--fatal-warnings -Wl,--build-id=none -Wl,-Map=$(OUT)/kernel.map $(LINK_DEFINES) \
	-L$(OUT) -L$(BOARD_DIR) -Larch/$(ARCH) -Larch -T$(BOARD_DIR)/memory.ld

# The core is one object, of which only the published functions are symbols: a
# capsule cannot link to anything else of it. Their sections get a place of their
# own, so that the linker can refuse references to the rest (kernel.ld).
CORE_OBJECTS := $(filter $(OUT)/obj/kernel/src/%,$(KERNEL_OBJECTS))
INTERFACES := kernel/capsule_interface.txt kernel/trusted_interface.txt
interface_names = sed 's/\#.*//' $(1) | tr -s ' \t' '\n' | grep .

$(OUT)/kernel_core.o: $(CORE_OBJECTS) $(INTERFACES)
	$(Q)$(call interface_names,$(INTERFACES)) > $(OUT)/interface.txt
	$(Q)$(CC) $(subst _zicsr,,$(MACHINE_FLAGS)) -nostdlib -r $(CORE_OBJECTS) -o $@
	$(Q)$(OBJCOPY) --keep-global-symbols=$(OUT)/interface.txt $@

$(OUT)/capsule_interface.ld: kernel/capsule_interface.txt
	@mkdir -p $(@D)
	$(Q)$(call interface_names,$<) | sed 's/.*/*kernel_core.o(.text.&)/' > $@

$(OUT)/kernel.elf: $(KERNEL_OBJECTS) $(OUT)/kernel_core.o $(OUT)/build_record.o $(POLICY_OBJECTS) \
		$(OUT)/capsule_interface.ld $(BOARD_DIR)/memory.ld $(ARCH_LINKER_SCRIPTS)
	$(if $(filter 0,$(V)),@echo '  LD    $@')
	$(Q)$(CC) $(LINK_FLAGS) $(filter-out $(CORE_OBJECTS),$(KERNEL_OBJECTS)) \
		$(OUT)/kernel_core.o $(OUT)/build_record.o $(POLICY_OBJECTS) -lgcc -o $@
	$(if $(ARCH_CHECK),$(Q)$(ARCH_CHECK) $(CROSS)objdump $@)
	$(Q)$(OBJCOPY) -O binary $@ $(OUT)/kernel.bin

.PHONY: kernel size compile_commands.json
kernel: $(BUILD)/setup-run
	$(Q)$(MAKE) --no-print-directory $(OUT)/kernel.elf
	$(Q)$(MAKE) --no-print-directory compile_commands.json

size: $(OUT)/kernel.elf
	$(Q)$(SIZE) -A $< | awk '/^\.(text|rodata|detent|data|bss|stack)/ {printf "%-14s %7d bytes\n", $$1, $$2}'

compile_commands.json:
	$(Q)mkdir -p $(BUILD)
	$(Q)find $(BUILD) -name '*.o.json' -exec cat {} + 2>/dev/null | sed '1s/^/[/; $$s/,$$/]/' > $@

# Other boards, from one call of make.
$(filter-out $(OUT)/kernel.elf,$(ALL_BOARDS:%=$(BUILD)/%/kernel.elf)): $(BUILD)/%/kernel.elf: force
	$(Q)$(MAKE) --no-print-directory BOARD=$* $@

-include $(KERNEL_OBJECTS:.o=.d)
