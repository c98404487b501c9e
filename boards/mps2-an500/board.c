/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Another image on the same hardware: see there. */
#include "../mps2-an386/board.c"
