/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Makes a system call of a class that does not exist: that is a fault. */
#include <stdio.h>

#include "detent/arch/syscall.h"

int main(void)
{
	printf("bad_class: trying class 200\n");
	syscall_trap((enum syscall_class)200, (struct syscall_words){{0, 0, 0, 0}});
	printf("bad_class: came back\n");
	return 1;
}
