/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What an update costs on flash: the store, and littlefs where it is compiled in
 * (-DWITH_LITTLEFS), on the same model and the same workload. Prints lines of
 * `name value unit`.
 *
 *	bench_storage [image]	also writes the medium, 64 KiB and full, to a file
 */
#include "flash_model.h"
#include "lib/kv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef WITH_LITTLEFS
#include "lfs.h"
#endif

enum { PAGE = 4096, PAGES = 16, KEYS = 64, VALUE = 32, UPDATES = 20000, COLD = 60 };

static struct flash_model flash;
static uint32_t seed = 12345;

static uint32_t pick(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed;
}

static void flash_start(void)
{
	flash = (struct flash_model){
		.page_bytes = PAGE, .pages = PAGES, .word_bytes = 4, .writes_per_word = 1};
	flash_model_init(&flash, true);
}

static void say(const char *who, const char *name, double value, const char *unit)
{
	printf("storage.%s.%s %.1f %s\n", who, name, value, unit);
}

static void report(const char *who)
{
	uint32_t most = 0;

	for (uint32_t i = 0; i < PAGES; i++)
		most = flash.page_erases[i] > most ? flash.page_erases[i] : most;
	say(who, "written_per_update", (double)flash.bytes_written / UPDATES, "bytes");
	say(who, "read_per_update", (double)flash.bytes_read / UPDATES, "bytes");
	say(who, "updates_per_erase", (double)UPDATES / (double)flash.erases, "updates");
	say(who, "updates_per_erase_of_worst_page", (double)UPDATES / most, "updates");
}

static void forget(void)
{
	memset(flash.page_erases, 0, PAGES * sizeof(uint32_t));
	flash.reads = flash.bytes_read = flash.writes = flash.bytes_written = flash.erases = 0;
}

static struct kv kv;
static struct kv_page pages[PAGES];
static const struct kv_config config = {.page_bytes = PAGE, .pages = PAGES, .unit = 4};

static void run(void)
{
	struct kv_request request;

	while (kv_step(&kv, &request)) {
		enum error status;

		if (request.operation == KV_READ)
			status = flash_model_read(&flash, request.offset, request.bytes,
						  request.length);
		else if (request.operation == KV_WRITE)
			status = flash_model_write(&flash, request.offset, request.bytes,
						   request.length);
		else
			status = flash_model_erase(&flash, request.offset / PAGE);
		kv_done(&kv, status);
	}
	if (kv.status != E_OK) {
		printf("the store failed: %d\n", kv.status);
		exit(1);
	}
}

static void set(uint32_t number, const uint8_t *value, uint16_t length)
{
	uint8_t key[8] = {'k', 'e', 'y'};
	struct storage_rights rights;
	struct kv_change change = {
		.key = key, .key_length = 8, .value = value, .value_length = length};

	memcpy(key + 4, &number, 4);
	storage_rights_own(&rights, 7);
	if (kv_commit(&kv, &rights, &change, 1) != E_OK)
		exit(1);
	run();
}

static void must(enum error error)
{
	if (error != E_OK)
		exit(1);
}

/* `cold`: bytes in values that are there and never change. */
static void bench_kv(const char *who, uint32_t cold, const char *image)
{
	uint8_t value[COLD] = {0};

	flash_start();
	must(kv_init(&kv, &config, pages));
	must(kv_mount(&kv));
	run();
	for (uint32_t i = 0; i < cold / COLD; i++)
		set(1000 + i, value, sizeof(value));
	for (uint32_t i = 0; i < KEYS; i++)
		set(i, value, VALUE);
	forget();
	for (uint32_t i = 0; i < UPDATES; i++) {
		memset(value, (int)i, VALUE);
		set(pick() % KEYS, value, VALUE);
	}
	report(who);
	forget();
	must(kv_mount(&kv));
	run();
	say(who, "read_at_mount", (double)flash.bytes_read, "bytes");
	if (image != NULL) {
		FILE *file = fopen(image, "wb");

		if (file == NULL || fwrite(flash.bytes, PAGE, PAGES, file) != PAGES)
			exit(1);
		fclose(file);
	}
	flash_model_free(&flash);
}

#ifdef WITH_LITTLEFS
static int fs_read(const struct lfs_config *c, lfs_block_t block, lfs_off_t off, void *buffer,
		   lfs_size_t size)
{
	return flash_model_read(&flash, block * c->block_size + off, buffer, size) == E_OK
		       ? 0
		       : LFS_ERR_IO;
}

static int fs_prog(const struct lfs_config *c, lfs_block_t block, lfs_off_t off, const void *buffer,
		   lfs_size_t size)
{
	return flash_model_write(&flash, block * c->block_size + off, buffer, size) == E_OK
		       ? 0
		       : LFS_ERR_IO;
}

static int fs_erase(const struct lfs_config *c, lfs_block_t block)
{
	(void)c;
	return flash_model_erase(&flash, block) == E_OK ? 0 : LFS_ERR_IO;
}

static int fs_sync(const struct lfs_config *c)
{
	(void)c;
	return 0;
}

static uint8_t fs_caches[3][64], fs_lookahead[16];
static const struct lfs_config fs_config = {
	.read = fs_read,
	.prog = fs_prog,
	.erase = fs_erase,
	.sync = fs_sync,
	.read_size = 4,
	.prog_size = 4,
	.block_size = PAGE,
	.block_count = PAGES,
	.block_cycles = 500,
	.cache_size = 64,
	.lookahead_size = 16,
	.read_buffer = fs_caches[0],
	.prog_buffer = fs_caches[1],
	.lookahead_buffer = fs_lookahead,
};

static lfs_t fs;

static void fs_set(uint32_t number, const uint8_t *value, uint32_t length)
{
	const struct lfs_file_config with = {.buffer = fs_caches[2]};
	lfs_file_t file;
	char name[16];

	snprintf(name, sizeof(name), "key%u", number);
	if (lfs_file_opencfg(&fs, &file, name, LFS_O_WRONLY | LFS_O_CREAT | LFS_O_TRUNC, &with) ||
	    lfs_file_write(&fs, &file, value, length) != (lfs_ssize_t)length ||
	    lfs_file_close(&fs, &file) != 0) {
		printf("littlefs failed\n");
		exit(1);
	}
}

static void bench_littlefs(const char *who, uint32_t cold, const char *image)
{
	uint8_t value[COLD] = {0};

	flash_start();
	if (lfs_format(&fs, &fs_config) != 0 || lfs_mount(&fs, &fs_config) != 0)
		exit(1);
	for (uint32_t i = 0; i < cold / COLD; i++)
		fs_set(1000 + i, value, sizeof(value));
	for (uint32_t i = 0; i < KEYS; i++)
		fs_set(i, value, VALUE);
	forget();
	for (uint32_t i = 0; i < UPDATES; i++) {
		memset(value, (int)i, VALUE);
		fs_set(pick() % KEYS, value, VALUE);
	}
	report(who);
	forget();
	if (lfs_mount(&fs, &fs_config) != 0)
		exit(1);
	say(who, "read_at_mount", (double)flash.bytes_read, "bytes");
	say(who, "ram", sizeof(fs) + sizeof(fs_caches) + sizeof(fs_lookahead) + sizeof(lfs_file_t),
	    "bytes");
	if (image != NULL) {
		FILE *file = fopen(image, "wb");

		if (file == NULL || fwrite(flash.bytes, PAGE, PAGES, file) != PAGES)
			exit(1);
		fclose(file);
	}
	flash_model_free(&flash);
}
#endif

int main(int count, char **arguments)
{
	bench_kv("kv", 0, NULL);
	bench_kv("kv_4k_cold", 4 * 1024, NULL);
	bench_kv("kv_20k_cold", 20 * 1024, count > 1 ? arguments[1] : NULL);
	say("kv", "ram", sizeof(struct kv) + sizeof(pages), "bytes");
#ifdef WITH_LITTLEFS
	bench_littlefs("littlefs", 0, NULL);
	bench_littlefs("littlefs_4k_cold", 4 * 1024, count > 2 ? arguments[2] : NULL);
#endif
	return 0;
}
