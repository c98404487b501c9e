#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# Fuzzes the kernel, each target for the same time.
#
#	tests/fuzz/run.sh SECONDS [TARGET]...	SECONDS in all; targets: tbf credentials loader syscalls capsules console loans
#					verifier installer
#
# It begins with tests/fuzz/corpus/ and keeps what it finds in build/host/fuzz/corpus/. An input
# that breaks something is left in build/host/fuzz/found/, and the exit code is 1 then; to see it
# again, run build/host/fuzz/fuzz_<target> on that file.

set -u
cd "$(dirname "$0")/../.." || exit 2
seconds=${1:-}
case $seconds in
'' | *[!0-9]*)
	echo "fuzz: say for how many seconds, for example tests/fuzz/run.sh 60" >&2
	exit 2
	;;
esac
shift
[ $# -gt 0 ] || set -- tbf credentials loader syscalls capsules console loans verifier installer
for target; do
	[ -f "tests/fuzz/fuzz_$target.c" ] || {
		echo "fuzz: there is no target $target; tests/fuzz/ has: tbf credentials loader syscalls capsules console loans verifier installer" >&2
		exit 2
	}
done
command -v clang-14 >/dev/null || command -v clang >/dev/null || {
	echo "fuzz: clang with libFuzzer is needed: make/setup.sh test" >&2
	exit 2
}
make --no-print-directory host-fuzz || exit 2

build=build/host/fuzz
each=$((seconds / $#))
[ "$each" -gt 0 ] || each=1
status=0
mkdir -p $build/found
for target; do
	mkdir -p "$build/corpus/$target"
	log=$build/$target.log
	if timeout -s KILL $((each + 120)) "$build/fuzz_$target" -max_total_time="$each" -max_len=1500 \
		-rss_limit_mb=1000 -timeout=20 -print_final_stats=1 -artifact_prefix="$build/found/$target-" \
		"$build/corpus/$target" "tests/fuzz/corpus/fuzz_$target" >"$log" 2>&1; then
		echo "fuzz_$target: $(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' "$log") runs in $each s, nothing found"
	else
		echo "fuzz_$target: FAILED; the end of $log:"
		tail -n 30 "$log"
		status=1
	fi
done
exit $status
