# SPDX-License-Identifier: Apache-2.0 OR MIT
LIB_SOURCES := $(wildcard lib/*.c)
SOURCE_FLAGS_lib/memory.c := -fno-tree-loop-distribute-patterns
