/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Rights. A capsule is handed a pointer to one by the board and cannot make
 * one, for it only knows the incomplete type.
 */
#ifndef TRUSTED_CAPABILITY_H
#define TRUSTED_CAPABILITY_H

struct cap_process_admin {
	char unused;
};

struct cap_app_check {
	char unused;
};

struct cap_app_loading {
	char unused;
};

struct cap_app_checker {
	char unused;
};

struct cap_helper {
	char unused;
};

struct cap_kernel_storage {
	char unused;
};

struct cap_loans {
	char unused;
};

#endif
