/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "state.h"

bool host_can_start_again(void)
{
	return false;
}
