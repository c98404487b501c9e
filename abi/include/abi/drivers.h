/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Driver numbers, as Tock assigns them. Numbers of Detent's own start at
 * 0xD0000; each has a page in docs/syscalls/.
 */
#ifndef ABI_DRIVERS_H
#define ABI_DRIVERS_H

enum driver_number {
	DRIVER_ALARM = 0x0,
	DRIVER_CONSOLE = 0x1,
	DRIVER_LED = 0x2,
	DRIVER_BUTTON = 0x3,
	DRIVER_LOW_LEVEL_DEBUG = 0x8,
	DRIVER_TOCK_IPC = 0x10000,
	DRIVER_APP_LOADER = 0x10001,
	DRIVER_RNG = 0x40001,
	DRIVER_APP_FLASH = 0x50000,
	DRIVER_NONVOLATILE_STORAGE = 0x50001,
	DRIVER_KEY_VALUE = 0x50003,
	DRIVER_ISOLATED_STORAGE = 0x50004,
	DRIVER_STRING_REGISTRY = 0xA0000,
	DRIVER_PACKAGE_REGISTRY = 0xA0001,
	DRIVER_RELAY = 0xA0010,
	DRIVER_FLASH_GEOMETRY = 0xD0001, /* Detent's own */
	DRIVER_LOAN = 0xD0002,           /* Detent's own */
	DRIVER_APP_MANAGER = 0xD0003,    /* Detent's own */
	DRIVER_APP_IDENTITY = 0xD0005,   /* Detent's own */
	DRIVER_CONNECTION = 0xD0010,     /* Detent's own */
};

#endif
