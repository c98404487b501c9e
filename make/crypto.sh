#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# Unpacks the sources of the libraries that check credentials: Debian's source packages of
# BearSSL and libsodium, by their SHA-256. Nothing of them is in this repository.
#
#	make/crypto.sh DESTINATION	fills DESTINATION/bearssl and DESTINATION/sodium
#
# An archive that is in CRYPTO_ARCHIVES, or in DESTINATION already, is not fetched.

set -eu
export LC_ALL=C
POOL=http://deb.debian.org/debian/pool/main
SNAPSHOT=http://snapshot.debian.org/archive/debian/20250520T000000Z/pool/main

# Name, file in the pool, SHA-256 as in the package's .dsc.
ARCHIVES='
bearssl b/bearssl/bearssl_0.6+dfsg.1.orig.tar.xz 102a625bd8f6155260867a50c508df8d8c3f796985dd744df1a68e5cd1a79004
sodium libs/libsodium/libsodium_1.0.18.orig.tar.gz d59323c6b712a1519a5daf710b68f5e7fde57040845ffec53850911f10a5d4f4
'

die() {
	printf 'make/crypto.sh: %s\n' "$*" >&2
	exit 1
}

fetch() {
	/usr/bin/python3 -c 'import shutil, sys, urllib.request
with urllib.request.urlopen(sys.argv[1], timeout=60) as source, open(sys.argv[2], "wb") as out:
    shutil.copyfileobj(source, out)' "$1" "$2" 2>/dev/null
}

# Where the machine's own packages come from: it may reach nothing else.
mirrors() {
	cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
		sed -n 's|.*\(https\{0,1\}://[^ ]*debian\)/\{0,1\}\( .*\)\{0,1\}$|\1/pool/main|p' | sort -u
}

fetch_any() {
	for pool in "$POOL" "$SNAPSHOT" $(mirrors); do
		if fetch "$pool/$1" "$2"; then return 0; fi
	done
	return 1
}

[ $# -eq 1 ] || { echo "usage: make/crypto.sh DESTINATION" >&2; exit 2; }
mkdir -p "$1"
cd "$1"

printf '%s' "$ARCHIVES" | while read -r name file sum; do
	[ -n "$name" ] || continue
	archive=${file##*/}
	[ ! -f "${CRYPTO_ARCHIVES:-.}/$archive" ] || [ -z "${CRYPTO_ARCHIVES:-}" ] ||
		cp "$CRYPTO_ARCHIVES/$archive" "$archive"
	if [ ! -f "$archive" ]; then
		echo "crypto: fetching $archive" >&2
		fetch_any "$file" "$archive.part" ||
			die "cannot fetch $POOL/$file; with the file from elsewhere: CRYPTO_ARCHIVES=<its folder>"
		mv "$archive.part" "$archive"
	fi
	if [ "$(sha256sum <"$archive")" != "$sum  -" ]; then
		rm -f "$archive"
		die "$archive is not the file that is known (SHA-256 $sum); it was removed, try again"
	fi
	rm -rf "$name" "$name.new"
	mkdir "$name.new"
	tar -xf "$archive" -C "$name.new" --strip-components=1 --no-same-owner
	mv "$name.new" "$name"
done
