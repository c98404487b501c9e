#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# Proves the contracts of the isolation core and of lib/ with Frama-C/WP, on the
# sources that are linked into the kernel.
#
#	proofs/run.sh                   all files
#	proofs/run.sh lib/tbf.c ...     these files
#	PROOF_ROOT=dir proofs/run.sh    the sources under dir (for mutants)
#	PROOF_TIMEOUT=seconds           for one goal and one prover; default 60
#	PROOF_FUNCTIONS=f,g             only these functions
#	PROOF_CACHE=off                 ask the provers again even if a goal has not changed
#	PROOF_SHARED=dir                a build/proofs to take prover set-up and cache from
#
# Exit status: 0 everything is proved, 1 something is not, 2 a tool is missing or
# the command line is wrong. frama-c itself exits 0 with unproved goals, so the two
# numbers of its last line are compared here.
set -u

root=${PROOF_ROOT:-$(dirname "$0")/..}
cd "$root" || exit 2
build=$PWD/build/proofs
timeout=${PROOF_TIMEOUT:-60}

# Every file whose functions have contracts. A header stands for its inline functions.
all='
kernel/src/user_range.c
kernel/src/process_memory.c
kernel/src/grant_tables.h
arch/riscv/pmp_plan.c
arch/armv8m/pmsav8_plan.c
arch/armv7m/pmsav7_plan.c
lib/include/lib/bits.h
lib/bytes.c
lib/ring.c
lib/tbf.c
lib/app_region.c
'

for tool in frama-c why3 z3; do
	if ! command -v $tool >/dev/null; then
		echo "prove: $tool is not installed; run make/setup.sh prove" >&2
		exit 2
	fi
done
cvc=$(command -v cvc4 >/dev/null && echo cvc4 || echo cvc5)
if ! command -v "$cvc" >/dev/null; then
	echo "prove: neither cvc4 nor cvc5 is installed; run make/setup.sh prove" >&2
	exit 2
fi
mkdir -p "$build/cache" || exit 2

# why3 finds the provers once; its file is kept apart from the user's own.
shared=${PROOF_SHARED:-$build}
export WHY3CONFIG="$shared/why3.conf"
if [ ! -s "$WHY3CONFIG" ]; then
	why3 --config "$WHY3CONFIG" config detect >"$build/why3.log" 2>&1 ||
		why3 config detect -C "$WHY3CONFIG" >>"$build/why3.log" 2>&1
	if [ ! -s "$WHY3CONFIG" ]; then
		echo "prove: why3 found no prover; see $build/why3.log" >&2
		exit 2
	fi
fi

includes='-Iabi/include -Ilib/include -Ikernel/include -Ikernel/src -Iarch/riscv -Iarch/armv7m -Iarch/armv8m'
cache=$([ "$shared" = "$build" ] && echo update || echo replay)
[ "${PROOF_CACHE:-on}" = off ] && cache=rebuild

# The flags: 32-bit machine; no run-time error, unsigned wrap-around included; two provers.
prove() {
	frama-c -machdep x86_32 -cpp-extra-args="$includes" \
		-wp -wp-rte -wp-init-const -warn-unsigned-overflow \
		-wp-prover "z3,$cvc" -wp-timeout "$timeout" -wp-par 2 \
		-wp-cache "$cache" -wp-cache-dir "$shared/cache" \
		${PROOF_FUNCTIONS:+-wp-fct "$PROOF_FUNCTIONS"} "$1"
}

failed=0
proved=0
goals=0
functions=0

# One file; adds to the totals.
prove_file() {
	file=$1
	if [ ! -f "$file" ]; then
		echo "prove: there is no file $file" >&2
		exit 2
	fi
	log=$build/$(echo "$file" | tr / _).log
	unit=$file
	case $file in *.h)
		unit=$build/$(basename "$file").c
		echo "#include \"$(echo "$file" | sed 's,^lib/include/\|^kernel/src/,,')\"" >"$unit"
		;;
	esac
	start=$(date +%s)
	prove "$unit" >"$log" 2>&1
	line=$(sed -n 's/^\[wp\] Proved goals: *\([0-9]* *\/ *[0-9]*\).*/\1/p' "$log" | tail -1)
	n=$(echo "$line" | cut -d/ -f1 | tr -d ' ')
	m=$(echo "$line" | cut -d/ -f2 | tr -d ' ')
	f=$(grep -c 'annotating function' "$log")
	printf '%-30s Proved goals: %4s / %-4s %3d functions %4d s\n' "$file" "${n:-?}" "${m:-?}" "$f" \
		$(($(date +%s) - start))
	if [ -z "$n" ] || [ "$m" -eq 0 ]; then
		echo "prove: frama-c did not get to the goals; the end of $log:"
		tail -5 "$log"
		failed=1
		return
	fi
	if [ "$n" -ne "$m" ]; then
		grep -A2 '\[Failed\] Goal\|Goal .* : Unknown\|Goal .* : Timeout' "$log"
		failed=1
	fi
	# a call without a contract, or a loop without one, would be assumed away
	if grep -q 'Missing\|defaults to\|No .assigns. specification\|annot-error' "$log"; then
		grep -A1 'Missing\|defaults to\|No .assigns. specification\|annot-error' "$log"
		failed=1
	fi
	proved=$((proved + n))
	goals=$((goals + m))
	functions=$((functions + f))
}

# As a function, so that the shell has read it all before the long run begins.
main() {
	begin=$(date +%s)
	for each in "$@"; do
		prove_file "$each"
	done
	printf '%-30s Proved goals: %4d / %-4d %3d functions %4d s\n' total "$proved" "$goals" "$functions" \
		$(($(date +%s) - begin))
	exit $failed
}

# shellcheck disable=SC2086 # words are file names
main ${*:-$all}
