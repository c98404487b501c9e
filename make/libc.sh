#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# Unpacks the source of newlib, which the C library of Arm applications is built
# from: a position-independent one is in no package.
#
#   make/libc.sh DESTINATION      fills DESTINATION/source and DESTINATION/include
#
# The source is Debian's and Ubuntu's package newlib-source. If it is not
# installed, it is fetched to DESTINATION with apt-get, which needs the network
# but no root. LIBC_ROOT: where /usr/src/newlib is, for tests.

set -eu
export LC_ALL=C

# Archives that were tried: newlib's version and the SHA-256 of the tar file in the package.
KNOWN='
3.3.0 c6f3a88b9d93420904241b231ca8647303be3bfb3cfef6adc8d1ea9207291033
4.5.0.20241231 8505a1c0ce94d9bdcdc62cc6ae6b91ce1554a840a1185f048a1a1dc65f90e49f
'

die() {
	printf 'make/libc.sh: %s\n' "$*" >&2
	exit 1
}

[ $# -eq 1 ] || { echo "usage: make/libc.sh DESTINATION" >&2; exit 2; }
here=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1"
dest=$(cd "$1" && pwd)

# Sets $archive, if it is below the folder.
find_archive() {
	archive=
	for file in "$1"/usr/src/newlib/newlib-*.tar.*; do
		[ -f "$file" ] && archive=$file
	done
	[ -n "$archive" ]
}

fetch_package() {
	echo "libc: newlib-source is not installed: fetching it" >&2
	mkdir -p "$dest/package"
	(cd "$dest/package" && apt-get -q download newlib-source >apt.log 2>&1) ||
		die "cannot fetch the package newlib-source ($(grep -m 1 '^E:' "$dest/package/apt.log" || echo 'no apt-get here?')); with a network: apt-get install newlib-source"
	for deb in "$dest"/package/newlib-source_*.deb; do
		dpkg-deb -x "$deb" "$dest/package"
	done
}

# An archive of a known version must be the one that was tried.
check_archive() {
	version=$(basename "$archive")
	version=${version#newlib-}
	version=${version%.tar.*}
	sum=$(sha256sum "$archive")
	sum=${sum%% *}
	known=$(printf '%s' "$KNOWN" | sed -n "s/^$version //p")
	case $known in
	'') echo "libc: newlib $version was not tried with Detent; going on" >&2 ;;
	*"$sum"*) ;;
	*) die "$archive is not the newlib $version that is known (SHA-256 $sum)" ;;
	esac
}

unpack() {
	rm -rf "$dest/unpacked" "$dest/source" "$dest/include"
	mkdir -p "$dest/unpacked" "$dest/include"
	tar -xf "$archive" -C "$dest/unpacked" --wildcards '*/newlib/libc/*' '*/COPYING.NEWLIB'
	# Newer versions keep one header of the assembly files elsewhere.
	tar -xf "$archive" -C "$dest/unpacked" --wildcards '*/include/arm-acle-compat.h' 2>/dev/null ||
		true
	mv "$dest"/unpacked/*/newlib/libc "$dest/source" || die "$archive has no newlib/libc"
	mv "$dest"/unpacked/*/COPYING.NEWLIB "$dest/COPYING.NEWLIB"
	cp -r "$dest/source/include/." "$dest/include"
	for header in "$dest"/unpacked/*/include/arm-acle-compat.h; do
		[ ! -f "$header" ] || cp "$header" "$dest/source/machine/arm"
	done
	rm -rf "$dest/unpacked"
	cp "$here/user/libc/newlib.h" "$dest/include/newlib.h"
	teach_lengths
	write_version >"$dest/include/_newlib_version.h"
}

# The small printf() of old versions does not know the lengths z, t and hh.
teach_lengths() {
	file=$dest/source/stdio/nano-vfprintf.c
	grep -q 'flag_chars = "hlL";' "$file" || return 0
	sed -e 's/flag_chars = "hlL";/flag_chars = "hlLzt";/' \
		-e 's/if ((cp = memchr (flag_chars, \*fmt, 3)) != NULL)/while ((cp = memchr (flag_chars, *fmt, 5)) != NULL)/' \
		-e 's/|= (SHORTINT << (cp - flag_chars));/|= (SHORTINT << (cp - flag_chars)) \& (SHORTINT | LONGINT | LONGDBL);/' \
		"$file" >"$file.new"
	mv "$file.new" "$file"
}

write_version() {
	major=${version%%.*}
	rest=${version#*.}
	minor=${rest%%.*}
	patch=${rest#*.}
	[ "$patch" = "$rest" ] && patch=0
	cat <<END
#ifndef _NEWLIB_VERSION_H__
#define _NEWLIB_VERSION_H__ 1
#define _NEWLIB_VERSION "$version"
#define __NEWLIB__ $major
#define __NEWLIB_MINOR__ $minor
#define __NEWLIB_PATCHLEVEL__ ${patch%%.*}
#endif
END
}

find_archive "${LIBC_ROOT:-}" || { fetch_package && find_archive "$dest/package"; } ||
	die "the package newlib-source has no /usr/src/newlib/newlib-*.tar.*"
check_archive
unpack
