#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# Makes the kept inputs of fuzz targets anew: the fewest, of those kept so far and of those that
# tests/fuzz/run.sh has found since, that together take every edge that any of them takes.
#
#	tests/fuzz/merge.sh TARGET...	tbf credentials loader syscalls capsules console loans verifier installer
#
# Files with names stay: they say why they are kept. Those that libFuzzer named are replaced.

set -u
cd "$(dirname "$0")/../.." || exit 2
[ $# -gt 0 ] || {
	echo "merge: say for which targets, for example tests/fuzz/merge.sh capsules" >&2
	exit 2
}
for target; do
	[ -f "tests/fuzz/fuzz_$target.c" ] || {
		echo "merge: there is no target $target; each is a file tests/fuzz/fuzz_<target>.c" >&2
		exit 2
	}
done
make --no-print-directory host-fuzz || exit 2

hash='[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]*'
fewest=$(mktemp -d) || exit 2
trap 'rm -rf "$fewest"' EXIT
for target; do
	kept=tests/fuzz/corpus/fuzz_$target
	log=build/host/fuzz/$target.merge.log
	mkdir -p "$kept" "build/host/fuzz/corpus/$target" "$fewest/$target"
	build/host/fuzz/fuzz_"$target" -set_cover_merge=1 -use_counters=0 -max_len=4096 -timeout=20 \
		"$fewest/$target" "$kept" "build/host/fuzz/corpus/$target" >"$log" 2>&1 || {
		echo "merge: fuzz_$target failed; see $log" >&2
		exit 1
	}
	for file in "$kept"/*; do
		case ${file##*/} in
		$hash) rm -f "$file" ;;
		*) [ ! -f "$file" ] || rm -f "$fewest/$target/$(sha1sum "$file" | cut -d ' ' -f 1)" ;;
		esac
	done
	find "$fewest/$target" -type f -exec cp {} "$kept" \;
	echo "fuzz_$target: $(find "$kept" -type f | wc -l) inputs"
done
