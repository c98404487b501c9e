# SPDX-License-Identifier: Apache-2.0 OR MIT
# What every kernel needs, and what the board adds in LIBS.
LIB_SOURCES := $(addprefix lib/,app_region.c bytes.c crc32.c format.c memory.c ring.c storage_rights.c tbf.c) $(LIBS:%=lib/%.c)
SOURCE_FLAGS_lib/memory.c := -fno-tree-loop-distribute-patterns
