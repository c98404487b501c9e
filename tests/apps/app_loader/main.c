/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Installs, starts, updates and removes an application that it makes itself, by
 * Tock's app loader (0x10001) call for call and by Detent's manager (0xD0003). The
 * boards of the tests let this name install.
 */
#include <stdio.h>
#include <string.h>

#include "abi/tbf.h"
#include "detent.h"

enum { SIZE = 4096, HEADER = 48, CHUNK = 512, ROUNDS = 13 };

static uint32_t binary[SIZE / 4];
static uint8_t chunk[CHUNK];
static unsigned int failed;

static void check(bool fine, const char *what)
{
	if (fine)
		return;
	failed++;
	printf("app_loader: wrong: %s\n", what);
}

static void sign(void)
{
	binary[3] = 0;
	for (uint32_t i = 0; i < HEADER / 4; i++)
		binary[3] ^= i == 3 ? 0 : binary[i];
}

/* An application that ends at once with exit(0). */
static void make(uint32_t version)
{
#ifdef __riscv
	static const uint32_t code[] = {0x00000513, 0x00000593, 0x00600713, 0x00000073};
#else
	static const uint32_t code[] = {0x21002000, 0xDF06DF06};
#endif

	memset(binary, 0, sizeof(binary));
	binary[0] = TBF_VERSION | HEADER << 16;
	binary[1] = SIZE;
	binary[2] = TBF_FLAG_ENABLED;
	binary[4] = TBF_TLV_PROGRAM | 20u << 16;
	binary[7] = 1024; /* RAM */
	binary[8] = SIZE; /* no footers */
	binary[9] = version;
	binary[10] = TBF_TLV_PACKAGE_NAME | 4u << 16;
	memcpy(&binary[11], "tiny", 4);
	memcpy(&binary[HEADER / 4], code, sizeof(code));
	sign();
}

/* ---- Tock's driver, as its library uses it ---- */

static enum error loader(uint32_t number, uint32_t arg0, uint32_t arg1)
{
	enum error error = command_done(DRIVER_APP_LOADER, number, arg0, arg1);

	if (error == E_OK)
		error = (enum error)yield_wait_for(DRIVER_APP_LOADER, number - 1).arg[0];
	return error;
}

static enum error store(void)
{
	allow_ro(DRIVER_APP_LOADER, 0, (struct allowed_const){chunk, CHUNK}, NULL);
	for (uint32_t at = 0; at < SIZE; at += CHUNK) {
		memcpy(chunk, (const uint8_t *)binary + at, CHUNK);

		enum error error = loader(2, at, CHUNK);

		if (error != E_OK)
			return error;
	}
	return E_OK;
}

/* The entry of the application "tiny"; false: there is none. */
static bool find(struct app_entry *entry)
{
	for (uint32_t i = 0; app_entry_get(i, entry) == E_OK; i++)
		if (entry->name_length == 4 && memcmp(entry->name, "tiny", 4) == 0)
			return true;
	return false;
}

static void as_tock(void)
{
	struct app_entry entry;

	make(1);
	check(driver_exists(DRIVER_APP_LOADER), "the driver is there");
	check(loader(2, 0, CHUNK) == E_INVAL, "a write before setup");
	check(loader(3, 0, 0) == E_INVAL, "finalize before setup");
	check(loader(5, 0, 0) == E_INVAL, "abort before setup");
	check(loader(1, 0x10000000, 0) == E_FAIL, "setup of what is too large");
	check(loader(1, SIZE, 0) == E_OK, "setup");
	check(loader(1, SIZE, 0) == E_INVAL, "setup twice");
	check(loader(2, 0, CHUNK) == E_RESERVE, "a write that shares nothing");
	allow_ro(DRIVER_APP_LOADER, 0, (struct allowed_const){binary, SIZE}, NULL);
	check(loader(2, SIZE, 16) == E_INVAL, "a write behind the end");
	check(loader(2, UINT32_MAX, 16) == E_INVAL, "a write that wraps");
	check(loader(2, 4, 16) == E_INVAL, "a write into the header's sizes");
	check(loader(5, 0, 0) == E_OK, "abort");
	check(loader(4, 0, 0) == E_INVAL, "load of nothing");

	check(loader(1, SIZE, 0) == E_OK && store() == E_OK, "setup and store");
	check(!find(&entry), "it is not there before finalize");
	check(loader(3, 0, 0) == E_OK, "finalize");
	check(find(&entry) && entry.state == APP_ENTRY_NOT_LOADED, "it is there");
	check(loader(4, 0, 0) == E_OK, "load");
	check(find(&entry) && entry.state != APP_ENTRY_NOT_LOADED, "it is a process");
	check(loader(6, 0, 0) == E_INVAL, "unload of nobody");
	check(loader(7, 0, 0) == E_NOSUPPORT, "an unknown command");
	printf("app_loader: as Tock's\n");
}

/* ---- Detent's ---- */

static enum error install(uint32_t instead)
{
	uint32_t address;
	enum error error = app_install_reserve(SIZE, APP_INSTALL_ANY, &address);

	if (error == E_OK)
		error = app_install_write(0, binary, SIZE);
	return error != E_OK ? error : app_install_finalize(instead, &address);
}

static void damaged(void)
{
	char reason[80];

	make(2);
	binary[9] ^= 0x100;
	check(install(APP_INSTALL_ANY) == E_INVAL, "a wrong checksum");
	check(app_install_reason(reason, sizeof(reason)) > 0, "a reason");
	printf("app_loader: refused: %s\n", reason);
	make(2);
	binary[1] = SIZE * 2;
	sign();
	check(install(APP_INSTALL_ANY) == E_INVAL, "a wrong size");
	app_install_abort();
}

static void update(void)
{
	struct app_entry entry;

	check(find(&entry) && entry.version == 1, "version 1");
	damaged();
	check(find(&entry) && entry.version == 1, "version 1 is still there");
	make(2);
	check(install(entry.address) == E_OK, "update");
	check(find(&entry) && entry.version == 2, "version 2");
	check(app_uninstall(entry.address + 16) == E_INVAL, "uninstall of no application");
	check(app_uninstall(entry.address) == E_OK && !find(&entry), "uninstall");
	printf("app_loader: updated and removed\n");
}

/* More rounds than there are process slots, and more bytes than there is RAM or flash. */
static void again(void)
{
	struct app_entry entry = {0};
	uint32_t address = 0;

	make(3);
	for (uint32_t i = 0; i < ROUNDS; i++) {
		check(install(APP_INSTALL_ANY) == E_OK && find(&entry), "install again");
		check(address == 0 || entry.address == address, "at the same place");
		address = entry.address;
		check(app_load(address) == E_OK, "load again");
		check(app_load(address) == E_ALREADY, "load what is loaded");
		check(app_uninstall(address) == E_OK, "uninstall again");
	}
}

/* ---- the same without waiting ---- */

struct outcome {
	bool ended;
	enum error error;
	size_t value;
};

static void note(enum error error, size_t value, void *context)
{
	*(struct outcome *)context = (struct outcome){true, error, value};
}

static struct outcome end_of(enum error started, struct outcome *outcome)
{
	if (started != E_OK)
		return (struct outcome){true, started, 0};
	while (!outcome->ended)
		yield();
	return *outcome;
}

#define LATER(start)                                                                               \
	({                                                                                         \
		struct outcome outcome = {0};                                                      \
		end_of(start, &outcome);                                                           \
	})

static void later(void)
{
	const struct app_install_bytes bytes = {binary, SIZE};
	struct outcome done;
	struct app_entry entry;

	make(4);
	done = LATER(app_install_reserve_start(SIZE, APP_INSTALL_ANY, note, &outcome));
	check(done.error == E_OK, "reserve later");
	check(LATER(app_install_abort_start(note, &outcome)).error == E_OK, "abort later");
	check(LATER(app_install_abort_start(note, &outcome)).error == E_INVAL, "abort twice later");
	check(LATER(app_install_reserve_start(SIZE, (uint32_t)done.value, note, &outcome)).error ==
		      E_OK,
	      "reserve again later");
	check(LATER(app_install_write_start(0, bytes, note, &outcome)).error == E_OK,
	      "write later");
	done = LATER(app_install_finalize_start(APP_INSTALL_ANY, note, &outcome));
	check(done.error == E_OK && find(&entry) && entry.address == done.value, "finalize later");
	check(LATER(app_load_start(entry.address, note, &outcome)).error == E_OK, "load later");
	check(app_uninstall_start(entry.address, NULL, NULL) == E_OK, "uninstall later");
	check(app_load(entry.address) == E_BUSY, "a call while another is under way");
	yield();
	check(!find(&entry), "it is uninstalled");
}

int main(void)
{
	if (!app_install_permitted()) {
		printf("app_loader: not permitted\n");
		return 1;
	}
	as_tock();
	update();
	again();
	later();
	printf("app_loader: %u failed\n", failed);
	return (int)failed;
}
