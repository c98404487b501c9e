/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Says who it is, by its own question and by that of somebody who only has its
 * handle, and stays alive.
 */
#include <stdio.h>

#include "detent.h"

int main(void)
{
	struct identity self, same;
	uint32_t handle = 0, found = 0;
	char name[32];

	if (identity_of(IDENTITY_SELF, &self) != E_OK ||
	    identity_name(IDENTITY_SELF, name, sizeof(name)) != E_OK ||
	    identity_own(&handle) != E_OK || identity_of(handle, &same) != E_OK) {
		printf("identity: no answer\n");
		return 1;
	}
	printf("%s is id %08x version %u, credential %u key %u role %u\n", name,
	       (unsigned int)self.short_id, (unsigned int)self.version,
	       (unsigned int)self.credential, (unsigned int)self.key, (unsigned int)self.role);
	if (same.short_id != self.short_id || identity_of(handle + 0x100, &same) != E_NODEVICE)
		printf("%s: another life has its identity\n", name);
	if (self.short_id != 0 && (identity_find(self.short_id, &found) != E_OK || found != handle))
		printf("%s: it is not found\n", name);
	if (identity_find(0, &found) != E_NODEVICE)
		printf("%s: nobody is found\n", name);
	for (;;)
		yield();
}
