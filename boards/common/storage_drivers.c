/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "common/storage_drivers.h"

#include "common/credentials.h"

enum { AREA_BYTES = 4096 }; /* of each application, by each of the two drivers of areas */

static struct storage storage;

struct app_identity_driver app_identity_driver;
struct kv_driver kv_driver;
struct area_driver isolated_storage_driver, nonvolatile_storage_driver;

void storage_drivers_init(struct flash *flash, const struct storage_config *config)
{
	storage_init(&storage, flash, config);
	credentials_init(&storage);
	app_identity_driver_init(&app_identity_driver);
	kv_driver_init(&kv_driver, &storage);
	isolated_storage_driver_init(&isolated_storage_driver, &storage, AREA_BYTES);
	nonvolatile_storage_driver_init(&nonvolatile_storage_driver, &storage, AREA_BYTES);
}
