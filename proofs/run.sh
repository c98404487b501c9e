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
#	PROOF_JOBS=n                    so many files at a time; default 5
#
# Exit status: 0 everything is proved, 1 something is not, 2 a tool is missing or
# the command line is wrong. frama-c itself exits 0 with unproved goals, so the two
# numbers of its last line are compared here.
set -u

self=$(cd "$(dirname "$0")" && pwd)/run.sh
root=${PROOF_ROOT:-$(dirname "$0")/..}
cd "$root" || exit 2
build=$PWD/build/proofs
timeout=${PROOF_TIMEOUT:-60}

# Every file whose functions have contracts, the longest runs first. A file is proved with the inline
# functions of the header of its name; other headers stand here themselves.
all='
arch/armv7m/pmsav7_plan.c
lib/tbf.c
lib/kv_layout.c
kernel/src/loan_table_end.c
lib/app_store_place.c
kernel/src/loan_table.c
arch/riscv/pmp_plan.c
lib/kv_flash.c
lib/format.c
lib/kv_pages.c
kernel/src/loan_rules.c
lib/memory.c
kernel/src/loan_windows.c
kernel/src/grant_tables.h
lib/storage_rights.c
lib/app_store_journal.c
lib/app_region.c
kernel/src/process_memory.c
lib/ring.c
arch/armv8m/pmsav8_plan.c
lib/bytes.c
lib/include/lib/bits.h
lib/kv_private.h
kernel/include/kernel/process_id.h
kernel/include/kernel/loan.h
kernel/include/trusted/arch.h
kernel/src/process.h
kernel/src/ram.c
kernel/src/user_range.c
lib/crc32.c
'

# Second best, where contracts are out of reach: Eva runs a driver over the sources named with it and
# must find no run-time error. A line: driver, sources.
eva='
proofs/eva/app_store.c lib/app_store.c lib/app_store_journal.c lib/app_store_place.c lib/app_store_step.c lib/crc32.c
proofs/eva/kv.c lib/kv.c lib/kv_append.c lib/kv_collect.c lib/kv_commit.c lib/kv_find.c lib/kv_flash.c lib/kv_layout.c lib/kv_mount.c lib/kv_pages.c lib/storage_rights.c
'

# Functions whose contract is trusted and not proved, file by file: SOUNDNESS.md says why.
trusted='
lib/format.c sink_write,count_take,signed_take,unsigned_take,string_take,address_take,format_print,text_written,format_text
lib/memory.c misalignment,run_fill,word_copy,may_go_up
lib/kv_layout.c word_load
lib/app_store_journal.c app_store_peek,app_store_item_at
'

# Of a header in which others have no contracts: those that have.
only='
kernel/src/process.h process_holds_ram
'

# Files in which a pointer to void becomes one to bytes, and all memory is bytes.
cast='
lib/memory.c
kernel/src/ram.c
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

# Frama-C 25 does not know _Alignas, nor what stands in a _Static_assert.
includes='-D"_Alignas(n)=" -D"_Static_assert(...)=" -DRISCV_PMP_ENTRIES=16 -Iabi/include -Ilib/include -Ilib -Ikernel/include -Ikernel/src -Iarch/riscv/include -Iarch/riscv -Iarch/armv7m -Iarch/armv8m'
cache=$([ "$shared" = "$build" ] && echo update || echo replay)
[ "${PROOF_CACHE:-on}" = off ] && cache=rebuild

# The headers of a file's name.
headers_of() {
	name=$(basename "$1" .c)
	ls "lib/include/lib/$name.h" "lib/$name.h" "kernel/src/$name.h" "arch/"*"/$name.h" 2>/dev/null
}

# The functions with bodies in files, with commas between.
functions_in() {
	awk '
		/^[a-z].*\(/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
		/^\{/ && name != "" { printf "%s%s", comma, name; comma = ","; name = "" }
	' "$@"
}

# What is proved with a file: its own functions, and not again those of every header.
# shellcheck disable=SC2046 # words are file names
functions_of() {
	case $1 in
	*.h) echo "$only" | sed -n "s,^$1 ,,p" | grep . || functions_in "$1" ;;
	*) functions_in "$1" $(headers_of "$1") ;;
	esac
}

# The flags: 32-bit machine; no run-time error, unsigned wrap-around included; two provers, one after the
# other: a run waits for most of its time, so it is several files that keep the processors busy.
wp() {
	with=$1
	shift
	frama-c -machdep x86_32 -cpp-extra-args="$includes" \
		-wp -wp-rte -wp-init-const -warn-unsigned-overflow -wp-model "$with" \
		-wp-prover "$cvc,z3" -wp-timeout "$timeout" -wp-par 1 \
		-wp-cache "$cache" -wp-cache-dir "$shared/cache" "$@"
}

# What cannot be read may have some.
has_lemmas() {
	text=$(eval "gcc -E -C $includes $1" 2>/dev/null) || return 0
	printf '%s\n' "$text" | grep -q 'lemma [a-z_]*[:{]'
}

# $1: the file as it stands in the lists; $2: what is given to frama-c.
prove() {
	model=$(echo "$cast" | grep -qxF "$1" && echo Typed+Cast || echo Typed)
	skip=$(echo "$trusted" | sed -n "s,^$1 ,,p")
	wp "$model" ${skip:+-wp-skip-fct "$skip"} -wp-fct "${PROOF_FUNCTIONS:-$(functions_of "$1")}" "$2"
	# with functions named, WP takes lemmas as they are
	if [ -z "${PROOF_FUNCTIONS:-}" ] && has_lemmas "$2"; then
		wp "$model" -wp-prop=@lemma "$2" | grep -v 'annotating function'
	fi
}

# Eva looks at the bodies of functions that have contracts for WP; only what it needs of
# its own library keeps them.
bodies="gcc -E -C -m32 %args %i | sed '\\,^# .*fc_builtin[.]h,,\\,^# .*eva/,!s,/[*]@,/*,' >%o"

# $@: driver and sources. A loop that takes 32 bytes at most is taken step by step.
analyse() {
	case $1 in
	proofs/eva/kv.c)
		set -- -eva-precision 0 -eva-slevel 100 -eva-plevel 400 -eva-ilevel 32 \
			-eva-auto-loop-unroll 32 -eva-split-return-function \
			kv_record_decode:0,record_fits:0,kv_peek:0,kv_peek_record:0:1:2 \
			-cpp-frama-c-compliant -pp-annot -cpp-command "$bodies" "$@"
		;;
	*)
		set -- -eva-precision 2 -eva-slevel-function next_piece:100 \
			-cpp-frama-c-compliant -pp-annot -cpp-command "$bodies" "$@"
		;;
	esac
	frama-c -machdep x86_32 -cpp-extra-args="$includes" -eva "$@"
}

# Says what is wrong; the run fails.
complain() {
	: >"$build/failed"
	cat
}

# The number that stands before `$1` in the summary of Eva.
eva_says() {
	sed -n "s/^ *\([0-9]*\) $1.*/\1/p" "$log" | tail -1
}

# A driver, as one line and complaints. What counts as a goal: the properties that are stated in the
# sources, and each alarm.
analyse_file() {
	log=$build/$(echo "$1" | tr / _).log
	start=$(date +%s)
	analyse "$@" >"$log" 2>&1
	n=$(sed -n 's/^ *\(Assertions\|Preconditions\) *\([0-9]*\) valid.*/\2/p' "$log" | awk '{ n += $1 } END { print n + 0 }')
	m=$(sed -n 's/^ *\(Assertions\|Preconditions\) .* \([0-9]*\) total$/\2/p' "$log" | awk '{ n += $1 } END { print n + 0 }')
	m=$((m + $(eva_says 'alarms\? generated')))
	printf '%-30s Proved goals: %4s / %-4s %3d functions %4d s\n' "$1" "$n" "$m" \
		"$(eva_says 'functions analyzed')" $(($(date +%s) - start))
	if [ "$n" -ne "$m" ]; then
		grep -A2 '^\[eva:alarm\]' "$log" | complain
	fi
	# what is not reached is not analysed
	if ! grep -q 'statements reached .*: 100% coverage' "$log" || ! grep -q 'No errors or warnings raised' "$log"; then
		(
			echo "prove: Eva did not reach everything; the end of $log:"
			tail -20 "$log"
		) | complain
	fi
}

# One file, as one line and complaints.
prove_file() {
	file=$1
	sources=$(echo "$eva" | grep -wF -e "$file")
	if [ -n "$sources" ] && ! echo "$all" | grep -qxF -e "$file"; then
		# shellcheck disable=SC2086 # words are file names
		analyse_file $sources
		return
	fi
	log=$build/$(echo "$file" | tr / _).log
	unit=$file
	case $file in *.h)
		unit=$build/$(basename "$file").c
		echo "#include \"$(echo "$file" | sed 's,^lib/include/\|^lib/\|^kernel/src/\|^kernel/include/\|^arch/[a-z0-9]*/,,')\"" >"$unit"
		;;
	esac
	start=$(date +%s)
	prove "$file" "$unit" >"$log" 2>&1
	line=$(sed -n 's/^\[wp\] Proved goals: *\([0-9]* *\/ *[0-9]*\).*/\1/p' "$log" |
		awk -F/ '{ n += $1; m += $2 } END { if (NR) print n "/" m }')
	n=$(echo "$line" | cut -d/ -f1)
	m=$(echo "$line" | cut -d/ -f2)
	f=$(grep -c 'annotating function' "$log")
	printf '%-30s Proved goals: %4s / %-4s %3d functions %4d s\n' "$file" "${n:-?}" "${m:-?}" "$f" \
		$(($(date +%s) - start))
	if [ -z "$n" ] || [ "$m" -eq 0 ]; then
		(
			echo "prove: frama-c did not get to the goals; the end of $log:"
			tail -5 "$log"
		) | complain
		return
	fi
	if [ "$n" -ne "$m" ]; then
		grep -A2 '\[Failed\] Goal\|Goal .* : Unknown\|Goal .* : Timeout' "$log" | complain
	fi
	# a call without a contract, or a loop without one, would be assumed away
	if grep -q 'Missing\|defaults to\|No .assigns. specification\|annot-error' "$log"; then
		grep -A1 'Missing\|defaults to\|No .assigns. specification\|annot-error' "$log" | complain
	fi
}

# An inline function whose contract is used and proved nowhere would be assumed.
check_headers() {
	grep -rl --include='*.h' 'terminates' lib kernel arch | while read -r header; do
		[ -n "$(functions_in "$header")" ] || continue
		echo "$all" | grep -qxF -e "$header" ||
			echo "$all" | grep -q "/$(basename "$header" .h)[.]c\$" ||
			echo "prove: the inline functions of $header are proved nowhere: add it to the list in proofs/run.sh" | complain
	done
}

# As a function, so that the shell has read it all before the long run begins.
main() {
	begin=$(date +%s)
	for each in "$@"; do
		if [ ! -f "$each" ]; then
			echo "prove: there is no file $each" >&2
			exit 2
		fi
	done
	rm -f "$build/failed"
	check_headers
	export PROOF_ROOT="$PWD"
	printf '%s\n' "$@" | xargs -n 1 -P "${PROOF_JOBS:-5}" sh "$self" --one | tee "$build/run.log"
	awk -v seconds=$(($(date +%s) - begin)) '
		/Proved goals:/ { proved += $4; goals += $6; functions += $7 }
		END {
			printf "%-30s Proved goals: %4d / %-4d %3d functions %4d s\n",
				"total", proved, goals, functions, seconds
		}' "$build/run.log"
	[ ! -e "$build/failed" ]
	exit
}

if [ "${1:-}" = --one ]; then
	prove_file "$2"
	exit
fi
# shellcheck disable=SC2086 # words are file names
main ${*:-$(echo "$eva" | cut -d" " -f1) $all}
