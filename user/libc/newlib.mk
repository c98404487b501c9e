# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# Newlib for Arm applications, built position independent from the package's
# source: $(USER_BUILD)/user/<cpu>/libc.a. Included by user/user.mk.

NEWLIB := $(USER_BUILD)/libc-newlib
NEWLIB_STAMP := $(NEWLIB)/unpacked.stamp

NEWLIB_FILES := $(addprefix stdio/,clearerr fclose feof ferror fflush fgetc fgets fileno findfp \
	flags fprintf fputc fputs fread fvwrite fwalk fwrite getc getchar makebuf \
	nano-vfprintf_i nano-vfprintf_float nano-vfscanf_i nano-vfscanf_float printf putc putchar \
	puts refill rget scanf sccl setbuf setvbuf snprintf sprintf sscanf stdio ungetc vprintf \
	vsnprintf vsprintf vsscanf wbuf wsetup) \
	$(addprefix stdlib/,__atexit __call_atexit abs assert atexit atof atoi atol calloc div dtoa \
	gdtoa-gethex gdtoa-hexnan itoa labs ldiv llabs malloc mbtowc_r mlock mprec rand \
	rand_r realloc strtod strtol strtoll strtoul strtoull utoa wctomb_r) \
	$(addprefix string/,bcmp bcopy bzero explicit_bzero ffsl memccpy memchr memcmp memcpy memmem \
	memmove mempcpy memrchr memset rawmemchr stpcpy stpncpy strcasecmp strcasestr strcat \
	strchr strchrnul strcmp strcoll strcpy strcspn strdup strdup_r strerror strlcat strlcpy \
	strlen strlwr strncasecmp strncat strncmp strncpy strndup strndup_r strnlen strnstr strpbrk \
	strrchr strsep strspn strstr strtok strtok_r strupr swab u_strerr) \
	$(addprefix ctype/,ctype_ isalnum isalpha isascii isblank iscntrl isdigit islower isprint \
	ispunct isspace isupper isxdigit toascii tolower toupper) \
	$(addprefix locale/,lctype lmessages lmonetary lnumeric locale localeconv) \
	$(addprefix search/,bsearch qsort) \
	$(addprefix misc/,ffs fini init lock) \
	$(addprefix reent/,getreent impure reent) errno/errno

# One source, several objects: NAME=FILE:DEFINITION
NEWLIB_VARIANTS := \
	vfprintf=stdio/nano-vfprintf:NANO \
	svfprintf=stdio/nano-vfprintf:STRING_ONLY \
	vfscanf=stdio/nano-vfscanf:NANO \
	svfscanf=stdio/nano-vfscanf:STRING_ONLY \
	mallocr=stdlib/nano-mallocr:DEFINE_MALLOC \
	freer=stdlib/nano-mallocr:DEFINE_FREE \
	callocr=stdlib/nano-mallocr:DEFINE_CALLOC \
	reallocr=stdlib/nano-mallocr:DEFINE_REALLOC \
	msizer=stdlib/nano-mallocr:DEFINE_MALLOC_USABLE_SIZE

# The system calls are those of user/libc/newlib.c.
NEWLIB_CFLAGS := -Os -ffunction-sections -fdata-sections -fno-builtin -w -std=gnu11 \
	-fno-asynchronous-unwind-tables -ffile-prefix-map=$(USER_BUILD)/= \
	-D_COMPILING_NEWLIB -DINTERNAL_NEWLIB -D_LIBC -D_GNU_SOURCE -DREENTRANT_SYSCALLS_PROVIDED -D__SINGLE_THREAD__ \
	-I$(NEWLIB)/source/string -DPREFER_SIZE_OVER_SPEED -D__OPTIMIZE_SIZE__

$(NEWLIB_STAMP): $(DETENT)/make/libc.sh $(DETENT)/user/libc/newlib.h
	@echo "LIBC newlib"
	$(Q)$(DETENT)/make/libc.sh $(NEWLIB)
	$(Q)touch $@

# newlib_object CPU OBJECT FILE FLAGS
define newlib_object
NEWLIB_OBJECTS_$(1) += $(USER_BUILD)/user/$(1)/newlib/$(2).o
$(USER_BUILD)/user/$(1)/newlib/$(2).o: $(NEWLIB_STAMP) $(DETENT)/user/libc/newlib.mk $(DETENT)/user/user.mk
	@mkdir -p $$(@D)
	$$(Q)$$(CROSS_$(1))gcc $$(MACHINE_$(1)) -isystem $(NEWLIB)/include $(NEWLIB_CFLAGS) $(4) \
		-c $(NEWLIB)/source/$(3) -o $$@
endef

# newlib_rules CPU
define newlib_rules
$(foreach file,$(NEWLIB_FILES),$(eval $(call newlib_object,$(1),$(file),$(file).c,)))
$(foreach variant,$(NEWLIB_VARIANTS),$(eval $(call newlib_object,$(1),$(firstword $(subst =, ,$(variant))),$(firstword $(subst :, ,$(word 2,$(subst =, ,$(variant))))).c,-D$(word 2,$(subst :, ,$(variant))))))
$(eval $(call newlib_object,$(1),setjmp,machine/arm/setjmp.S,-I$(NEWLIB)/source/machine/arm))
$(USER_BUILD)/user/$(1)/libc.a: $$(NEWLIB_OBJECTS_$(1))
	@echo "AR   $$(patsubst $(USER_BUILD)/%,%,$$@)"
	$$(Q)rm -f $$@ && $$(CROSS_$(1))ar rcsD $$@ $$(NEWLIB_OBJECTS_$(1))
endef
