# SPDX-License-Identifier: Apache-2.0 OR MIT
BOARD_SOURCES += boards/common/storage_drivers.c
CAPSULES += storage storage_area area_driver app_identity_driver kv_driver isolated_storage_driver nonvolatile_storage_driver
LIBS += kv kv_layout kv_pages kv_flash kv_find kv_append kv_mount kv_collect kv_commit
