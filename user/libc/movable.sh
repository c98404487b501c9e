#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# Copies the C library that the compiler would take, with constants that hold addresses (tables of strings, jump tables of `switch`)
# made data: in a program that may be moved they have to be corrected at its start.
#
#	movable.sh CROSS RESULT FLAGS...	CROSS: what the names of the tools begin with
set -eu
export LC_ALL=C

cross=$1
result=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
shift 2
archive=$("${cross}gcc" "$@" -nostartfiles -Wl,--trace -Wl,-u,memcpy -Wl,-e,memcpy -x c /dev/null -o /dev/null |
	sed -n 's/^(*\(.*libc\.a\).*/\1/p' | head -n 1)
[ -f "$archive" ] || { echo "movable.sh: $archive is missing; run make/setup.sh build" >&2; exit 1; }
work=$(mktemp -d "$result.XXXXXX")
trap 'rm -rf "$work"' EXIT

cp "$archive" "$work/libc.a"
cd "$work"
# One line a section: member, name.
"${cross}readelf" -rW libc.a 2>/dev/null | awk '
	/^File: / { member = $2; sub(/.*\(/, "", member); sub(/\)$/, "", member) }
	/^Relocation section/ { section = $3; gsub(/\047|\.rela/, "", section) }
	$3 == "R_RISCV_32" && section ~ /^\.s?rodata/ { print member, section }
' | sort -u >list
cut -d ' ' -f 1 list | uniq | while read -r member; do
	"${cross}ar" x libc.a "$member"
	renames=$(awk -v m="$member" '$1 == m {
		printf " --rename-section %s=.data.rel.ro%s,alloc,load,data,contents", $2, $2 }' list)
	"${cross}objcopy" $renames "$member"
	echo "$member"
done >changed
[ -s changed ] || { echo "movable.sh: found nothing in $archive; is ${cross}readelf there?" >&2; exit 1; }
"${cross}ar" rD libc.a $(cat changed)
mv libc.a "$result"
