/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "../app/ops.S"

	op request_empty, 2
	op request_short, 2
	op request_long, 2
	op offer, 2
