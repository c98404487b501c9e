# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# Rules for the C userland, one library a processor: $(BUILD)/user/<cpu>/libdetent.a
# Included by make/app.mk, which sets DETENT (this checkout) and BUILD.

USER_WARNINGS := -Wall -Wextra -Werror -Wconversion -Wsign-conversion -Wshadow -Wcast-qual \
	-Wcast-align=strict -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wvla \
	-Wframe-larger-than=1024

# No absolute path may reach the output: the same bytes come from any folder.
USER_CFLAGS := -std=gnu11 -Os -g -ffunction-sections -fdata-sections -fno-common \
	-ffile-prefix-map=$(DETENT)/= -ffile-prefix-map=$(CURDIR)/= \
	-fno-asynchronous-unwind-tables $(USER_WARNINGS) \
	-I$(DETENT)/user/include -I$(DETENT)/abi/include

USER_SOURCES := $(addprefix user/src/,alarm.c button.c console.c debug.c error.c led.c memory.c \
	rng.c start.c syscall.c timer.c) user/libc/exit.c user/libc/sbrk.c

# --- RISC-V -----------------------------------------------------------------
CROSS_rv32imac := riscv64-unknown-elf-
CFLAGS_rv32imac := -march=rv32imac -mabi=ilp32 -msave-restore --specs=picolibc.specs
SOURCES_rv32imac := $(USER_SOURCES) user/libc/picolibc.c
CRT0_rv32imac := user/arch/riscv/crt0.S

USER_CPUS := rv32imac

# user_rules CPU
define user_rules
OBJECTS_$(1) := $(SOURCES_$(1):%.c=$(BUILD)/user/$(1)/%.o)
LIB_$(1) := $(BUILD)/user/$(1)/libdetent.a
CRT_$(1) := $(BUILD)/user/$(1)/crt0.o

$$(OBJECTS_$(1)): $(BUILD)/user/$(1)/%.o: $(DETENT)/%.c $(DETENT)/user/user.mk
	@mkdir -p $$(@D)
	$$(Q)$$(CROSS_$(1))gcc $$(CFLAGS_$(1)) $$(USER_CFLAGS) $$(CFLAGS) -MMD -MP -c $$< -o $$@

$$(CRT_$(1)): $(DETENT)/$$(CRT0_$(1)) $(DETENT)/user/user.mk
	@mkdir -p $$(@D)
	$$(Q)$$(CROSS_$(1))gcc $$(CFLAGS_$(1)) $$(USER_CFLAGS) -c $$< -o $$@

$$(LIB_$(1)): $$(OBJECTS_$(1))
	@echo "AR   $$(patsubst $(BUILD)/%,%,$$@)"
	$$(Q)rm -f $$@ && $$(CROSS_$(1))ar rcsD $$@ $$^

-include $$(OBJECTS_$(1):.o=.d)
endef
$(foreach cpu,$(USER_CPUS),$(eval $(call user_rules,$(cpu))))

.PHONY: userland
userland: $(foreach cpu,$(USER_CPUS),$(LIB_$(cpu)) $(CRT_$(cpu)))
