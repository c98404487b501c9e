#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# Installs the Debian or Ubuntu packages that Detent needs and that are missing.
#
#   make/setup.sh [GROUP]...      groups: build run test prove; default: build run test
#
# With nothing missing it starts no other program and needs no network. It needs root, or a sudo
# that asks for no password; otherwise it prints the command to run and ends with 1.
# SETUP_DRY_RUN=1 shows what would be done. docs/dependencies.md lists the versions known to work.

set -u
export LC_ALL=C DEBIAN_FRONTEND=noninteractive
root=${SETUP_ROOT:-} # for tests: where absolute paths start

# One need a line: its group, what must exist (one of these), the packages that give it (the first
# that the release has). Names without a slash are commands; both kinds may hold wildcards. A group
# with a question mark: left out without an error on a release that has no such package.
NEEDS='
build   make                                     make
build   /usr/bin/python3                         python3
build   /usr/lib/python3/dist-packages/elftools  python3-pyelftools
build   riscv64-unknown-elf-gcc                  gcc-riscv64-unknown-elf
build   /usr/lib/picolibc/riscv64-unknown-elf    picolibc-riscv64-unknown-elf
build   arm-none-eabi-gcc                        gcc-arm-none-eabi
build   /usr/lib/picolibc/arm-none-eabi          picolibc-arm-none-eabi
build   /usr/lib/arm-none-eabi/newlib            libnewlib-arm-none-eabi
build   /usr/src/newlib                          newlib-source
build   xz                                       xz-utils
build   /usr/lib/python3/dist-packages/cryptography  python3-cryptography
run     /usr/bin/python3                         python3
run     qemu-system-riscv32                      qemu-system-riscv,qemu-system-misc
run     qemu-system-arm                          qemu-system-arm
test    gcc                                      gcc
test    g++                                      g++
test    openssl                                  openssl
test    /usr/include/stdlib.h                    libc6-dev
test    /usr/lib/gcc/*/*/libasan.so              gcc
test    /usr/bin/python3                         python3
test    clang,clang-[1-9]*                       clang-14,clang
test?   clang-tidy,clang-tidy-[1-9]*             clang-tidy-14,clang-tidy
test?   cppcheck                                 cppcheck
test    clang-format,clang-format-[1-9]*         clang-format-14,clang-format
test?   /usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.asan-*.a  libclang-rt-14-dev,libclang-rt-dev
prove?  frama-c                                  frama-c-base,frama-c
prove   why3                                     why3
prove   z3                                       z3
prove   cvc4,cvc5                                cvc4,cvc5
'

say() { printf 'setup: %s\n' "$*"; }

die() {
	printf 'setup: error: %s\n' "$*" >&2
	exit 1
}

# exists WANTED: one of the comma-separated commands or paths is there.
exists() {
	old_ifs=$IFS
	IFS=,
	set -f
	set -- $1
	set +f
	IFS=$old_ifs
	for item; do
		case $item in
		/*) for path in "$root"$item; do [ -e "$path" ] && return 0; done ;;
		*) in_path "$item" && return 0 ;;
		esac
	done
	return 1
}

in_path() {
	old_ifs=$IFS
	IFS=:
	for folder in $PATH; do
		IFS=$old_ifs
		for path in "$folder"/$1; do
			[ -x "$path" ] && [ ! -d "$path" ] && return 0
		done
	done
	IFS=$old_ifs
	return 1
}

# Sets $missing: one line `group wanted packages` for every need of the chosen groups that is not there.
find_missing() {
	missing=
	while read -r group wanted packages; do
		[ -n "$group" ] || continue
		case " $groups " in *" ${group%\?} "*) ;; *) continue ;; esac
		exists "$wanted" && continue
		case "$missing" in *" $packages
"*) continue ;; esac
		missing="$missing$group ${wanted%%,*} $packages
"
	done <<END
$NEEDS
END
}

# Sets $install; where the package lists know none of the names, $unknown or, optional, $left_out.
choose_packages() {
	install= unknown= left_out=
	while read -r group wanted packages; do
		[ -n "$group" ] || continue
		found=
		for package in $(split "$packages"); do
			if known "$package"; then
				found=$package
				break
			fi
		done
		case $found:$group in
		:*\?) left_out="$left_out ${packages%%,*}" ;;
		:*) unknown="$unknown ${packages%%,*}" ;;
		*) install="$install $found" ;;
		esac
	done <<END
$missing
END
}

# Whether apt-get update was ever done; without lists every package is unknown.
have_lists() {
	for list in "$root"/var/lib/apt/lists/*Packages*; do
		[ -e "$list" ] && return 0
	done
	return 1
}

split() {
	old_ifs=$IFS
	IFS=,
	printf '%s ' $1
	IFS=$old_ifs
}

known() { apt-cache show --no-all-versions "$1" >/dev/null 2>&1; }

# What is missing: the names of the commands and files.
missing_names() {
	while read -r group wanted packages; do
		[ -n "$group" ] && printf ' %s' "$wanted"
	done <<END
$missing
END
}

# Sets $as_root to what makes a command run as root.
find_root() {
	as_root=
	[ "$(id -u)" = 0 ] && return 0
	as_root="sudo -n"
	in_path sudo && sudo -n true 2>/dev/null
}

# apt ARGUMENTS: apt-get as root with its output kept; one clear line where it fails.
apt() {
	if [ -n "$as_root" ]; then
		$as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -q -o DPkg::Lock::Timeout=300 "$@"
	else
		apt-get -q -o DPkg::Lock::Timeout=300 "$@"
	fi >"$log" 2>&1 </dev/null
}

failed() {
	reason=$(grep -E '^(E|W): ' "$log" | head -n 1)
	die "apt-get $1 failed: ${reason:-see its output}; try by hand: apt-get $2"
}

update_lists() {
	say "fetching the package lists (apt-get update)"
	apt update || failed update update
}

parse_groups() {
	groups=
	for group; do
		case $group in
		build | run | test | prove) groups="${groups:+$groups }$group" ;;
		*)
			printf 'usage: %s [build|run|test|prove]...\n' "$0" >&2
			exit 2
			;;
		esac
	done
	groups=${groups:-build run test}
}

explain_manual() {
	say "this needs root; run:"
	printf '    sudo apt-get update && sudo apt-get install -y --no-install-recommends%s\n' "$install$unknown"
	exit 1
}

main() {
	parse_groups "$@"
	find_missing
	if [ -z "$missing" ]; then
		say "nothing is missing for: $groups"
		return 0
	fi
	say "missing for $groups:$(missing_names)"
	in_path apt-get || die "no apt-get here: Detent is set up on Debian or Ubuntu; elsewhere install the above"
	if [ -n "${SETUP_DRY_RUN:-}" ]; then
		choose_packages
		say "dry run: would install$install${unknown:+ and, after apt-get update,$unknown}"
		return 0
	fi
	choose_packages
	if [ -z "$install$unknown" ] && have_lists; then
		note_left_out
		return 0
	fi
	find_root || explain_manual
	log=$(mktemp) || die "cannot make a temporary file"
	trap 'rm -f "$log"' EXIT
	install_missing
}

note_left_out() {
	[ -z "$left_out" ] || say "note: this release has no package$left_out; what needs it will be left out"
}

install_missing() {
	updated=
	if [ -n "$unknown" ] || ! have_lists; then
		update_lists
		updated=yes
		choose_packages
	fi
	[ -z "$unknown" ] || die "this release has no package$unknown (on Ubuntu: is 'universe' enabled?)"
	note_left_out
	[ -n "$install" ] || return 0
	say "installing$install"
	if ! apt install -y --no-install-recommends $install; then
		# Old lists name package versions that the mirror no longer has.
		[ -z "$updated" ] || failed install "install$install"
		update_lists
		apt install -y --no-install-recommends $install || failed install "install$install"
	fi
	find_missing
	while read -r group wanted packages; do
		case $group in
		'' | *\?) ;;
		*) die "$packages is installed, but $wanted is still missing" ;;
		esac
	done <<END
$missing
END
	say "done"
}

main "$@"
