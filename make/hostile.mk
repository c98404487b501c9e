# SPDX-License-Identifier: Apache-2.0 OR MIT
#
#	make hostile			every application of the hostile suite (tests/hostile)
#	make hostile-kernels		kernels with other policies and schedulers, for tests only
#
# A kernel of the second kind is BOARD's, of which only the board's data (a file of tests/hostile/kernels)
# and the scheduler differ; everything else is linked as it is.
ifndef HOSTILE_INCLUDED
HOSTILE_INCLUDED := yes

.PHONY: hostile hostile-kernels
hostile:
	$(Q)$(PYTHON) tests/hostile/suite.py

ifeq ($(TRACE),0)

HOSTILE_OUT := $(BUILD)/hostile/kernels/$(BOARD)
# KERNEL:BOARD DATA:SCHEDULER
HOSTILE_KERNELS := round_robin:policies:round_robin cooperative:policies:cooperative \
	priority:policies:priority mlfq:policies:mlfq few_slots:few_slots:round_robin \
	restarting:restarting:round_robin $(if $(filter 1,$(LOANS)),lending:lending:round_robin) \
	$(if $(filter cfi_flash,$(CHIPS)),opensk:opensk:round_robin)
HOSTILE_NAMES := $(foreach kernel,$(HOSTILE_KERNELS),$(firstword $(subst :, ,$(kernel))))

HOSTILE_SHARED := $(filter-out $(OUT)/obj/$(BOARD_DIR)/board.c.o $(CORE_OBJECTS),$(KERNEL_OBJECTS))
HOSTILE_CORE := $(filter-out $(OUT)/obj/kernel/src/scheduler_%,$(CORE_OBJECTS))

$(HOSTILE_OUT)/%.board.o: tests/hostile/kernels/%.c $(BOARD_DIR)/board.c $(OUT)/flags | $(CAPSULE_VIEW)/kernel
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_FLAGS) $(REACH_boards) -I. -DBOARD_SOURCE='"$(BOARD_DIR)/board.c"' -MMD -MP -c $< -o $@

$(HOSTILE_OUT)/%.scheduler.o: kernel/src/scheduler_%.c $(OUT)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_FLAGS) -O2 $(REACH_kernel) -MMD -MP -c $< -o $@

# hostile_kernel NAME BOARD-DATA SCHEDULER
define hostile_kernel
$(HOSTILE_OUT)/$(1).elf: $(OUT)/kernel.elf $(HOSTILE_OUT)/$(2).board.o $(HOSTILE_OUT)/$(3).scheduler.o
	$$(Q)$$(CC) $$(subst _zicsr,,$$(MACHINE_FLAGS)) -nostdlib -r $$(HOSTILE_CORE) \
		$(HOSTILE_OUT)/$(3).scheduler.o -o $(HOSTILE_OUT)/$(1)_kernel_core.o
	$$(Q)$$(OBJCOPY) --keep-global-symbols=$$(OUT)/interface.txt $(HOSTILE_OUT)/$(1)_kernel_core.o
	$$(Q)$$(CC) $$(filter-out -Wl$$(comma)-Map=%,$$(LINK_FLAGS)) $$(HOSTILE_SHARED) \
		$(HOSTILE_OUT)/$(2).board.o $(HOSTILE_OUT)/$(1)_kernel_core.o $$(OUT)/build_record.o -lgcc -o $$@
endef
$(foreach kernel,$(HOSTILE_KERNELS),$(eval $(call hostile_kernel,$(word 1,$(subst :, ,$(kernel))),$(word 2,$(subst :, ,$(kernel))),$(word 3,$(subst :, ,$(kernel))))))

hostile-kernels: $(HOSTILE_NAMES:%=$(HOSTILE_OUT)/%.elf)

-include $(wildcard $(HOSTILE_OUT)/*.d)
endif
endif
