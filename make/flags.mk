# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# Compiler flags. What the project needs comes first; the user's CFLAGS and
# CPPFLAGS are appended to it and can never replace it.

WARNINGS := -Wall -Wextra -Werror -Wconversion -Wsign-conversion -Wshadow -Wcast-qual \
	-Wcast-align=strict -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wvla \
	-Wframe-larger-than=256

# A kernel compiled without one of these is not the kernel that was tested.
REQUIRED_FLAGS := -std=c11 -ffreestanding -fno-common -fno-pic -ffunction-sections -fdata-sections

KERNEL_FLAGS := $(REQUIRED_FLAGS) -Os -g -fno-asynchronous-unwind-tables -fno-ident \
	-fstack-usage -fcallgraph-info=su -ffile-prefix-map=$(CURDIR)=. $(WARNINGS)

# Flags that undo a required one.
FORBIDDEN_FLAGS := -fhosted -fcommon -fpic -fPIC -fpie -fPIE -w -Wno-error -ffast-math \
	-fno-function-sections -fno-data-sections -O0 -std=gnu% -std=c9% -std=c89 -std=c2% -flto%

lost_flags = $(filter-out $(KERNEL_FLAGS),$(REQUIRED_FLAGS))
forbidden_flags = $(filter $(FORBIDDEN_FLAGS),$(CFLAGS) $(CPPFLAGS))

define check_flags
$(if $(lost_flags),$(error KERNEL_FLAGS lost the required $(lost_flags); give your own flags in CFLAGS, which append))
$(if $(forbidden_flags),$(error CFLAGS must not contain $(forbidden_flags): the kernel relies on the contrary))
endef
