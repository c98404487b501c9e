#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# check_registers.sh OBJDUMP KERNEL.ELF: fails where a function other than the
# context switch touches a register that the fast path of a system call leaves
# unsaved (module.mk, FREE_REGISTERS).
set -eu
"$1" -d --no-show-raw-insn "$2" | awk '
	/^[0-9a-f]+ <.*>:$/ {
		name = $2
		allowed = name ~ /<(trap_|save_preserved|arch_run|resume_same|riscv_has_mseccfg)/
	}
	!allowed && $3 ~ /(^|,|\()t[2-6](,|\)|$)/ {
		printf "the kernel uses a register that system calls do not save: %s %s\n", name, $0
		bad = 1
	}
	END { exit bad }' >&2
