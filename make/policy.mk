# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# POLICY=... builds a kernel that checks what it runs (docs/reference/appid.md), in a folder of its own:
#
#	accept	every application runs; the default, and nothing of this is in the image
#	hash	only applications with a hash that fits
#	key	only applications signed by one key
#	keys	only applications signed by one of several keys, each with a role
#	names	every application runs; its name says who it is. For developers
#
# KEYS: public keys as PEM files, FILE[=ROLE][:revoked] each; what comes first is key 0.
# INSTALLER_ROLE: with POLICY=keys, the role of the keys whose installers may install; default 1.
POLICY ?= accept
INSTALLER_ROLE ?= 1
HELPER_BUILD := $(CURDIR)/build
POLICIES := accept hash key keys names
KEYS ?=

ifneq ($(filter $(POLICY),$(POLICIES)),$(POLICY))
$(error there is no policy '$(POLICY)'; choose POLICY= one of: $(POLICIES))
endif

ifneq ($(POLICY),accept)
ifneq ($(filter key keys,$(POLICY)),)
ifeq ($(strip $(KEYS)),)
$(error POLICY=$(POLICY) needs KEYS='FILE.pem[=ROLE] ...', the public keys that are trusted)
endif
endif
ifeq ($(POLICY_BOARD),)
$(error the board '$(BOARD)' has no POLICY: its board.mk must set POLICY_BOARD, and board.c call credentials_init())
endif

CHECKED := yes
CAPSULES += credential_checker credentials app_table verifier
BOARD_SOURCES += boards/common/credentials.c
BOARD_DEFINES += -DDETENT_POLICY -DINSTALLER_ROLE=$(if $(filter keys,$(POLICY)),$(INSTALLER_ROLE),0)
POLICY_OBJECTS := $(OUT)/policy.o $(OUT)/helper.o
HELPER_TAB := $(HELPER_BUILD)/apps/verifier/verifier.tab

$(OUT)/policy.c: force | $(BUILD)/setup-run
	@mkdir -p $(@D)
	$(Q)./detent keys --policy $(POLICY) $(KEYS) > $@.new
	$(Q)cmp -s $@.new $@ || cp $@.new $@

$(OUT)/policy.o: $(OUT)/policy.c $(OUT)/flags
	$(Q)$(CC) $(ALL_FLAGS) $(REACH_boards) -MMD -MP -c $< -o $@

$(HELPER_BUILD)/crypto/bearssl: make/crypto.sh
	$(Q)make/crypto.sh $(@D) && touch $@

$(HELPER_TAB): $(HELPER_BUILD)/crypto/bearssl $(wildcard helpers/verifier/*) | userland-library
	$(Q)$(MAKE) $(QUIET) --no-print-directory -C helpers/verifier BUILD=$(HELPER_BUILD)

# POLICY_BOARD: the name of the binary in the TAB, and what it must be aligned to.
$(OUT)/helper.tbf: $(HELPER_TAB) make/embed.py
	@mkdir -p $(@D)
	$(Q)$(PYTHON) make/embed.py $< $(firstword $(POLICY_BOARD)) $(lastword $(POLICY_BOARD)) $@

$(OUT)/helper.S: $(OUT)/helper.tbf
	$(Q)printf '%s\n' '.section .helper, "a"' '.balign $(lastword $(POLICY_BOARD))' \
		'.global linker_helper_start, linker_helper_end' \
		'linker_helper_start: .incbin "$<"' 'linker_helper_end:' > $@

$(OUT)/helper.o: $(OUT)/helper.S
	$(Q)$(CC) $(MACHINE_FLAGS) -c $< -o $@
endif
