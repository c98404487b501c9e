/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What an update costs on flash: the store, and littlefs where it is compiled in
 * (-DWITH_LITTLEFS), on the same model and the same workload. Prints lines of
 * `name value unit`, and writes the media as they are afterwards to
 * FOLDER/<workload>.img, for recovery_rv32.c.
 *
 *	bench_storage FOLDER
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

/* Bytes in values that are there and never change; FULL: as many as there is room for. */
enum { FULL = -1 };

static const char *folder;

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

static void keep_image(const char *who)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s.img", folder, who);
	file = fopen(path, "wb");
	if (file == NULL || fwrite(flash.bytes, PAGE, PAGES, file) != PAGES || fclose(file) != 0) {
		printf("%s cannot be written\n", path);
		exit(1);
	}
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
}

static enum error try_set(uint32_t number, const uint8_t *value, uint16_t length)
{
	uint8_t key[8] = {'k', 'e', 'y'};
	struct storage_rights rights;
	struct kv_change change = {
		.key = key, .key_length = 8, .value = value, .value_length = length};

	memcpy(key + 4, &number, 4);
	storage_rights_own(&rights, 7);

	enum error error = kv_commit(&kv, &rights, &change, 1);

	if (error != E_OK)
		return error;
	run();
	return kv.status;
}

static void must(enum error error)
{
	if (error != E_OK) {
		printf("the store failed: %d\n", error);
		exit(1);
	}
}

static void set(uint32_t number, const uint8_t *value, uint16_t length)
{
	must(try_set(number, value, length));
}

static void kv_fill(int32_t cold)
{
	uint8_t value[COLD] = {0};
	uint32_t more = 1000 + (uint32_t)(cold / COLD);
	enum error error = E_OK;

	for (uint32_t i = 1000; i < more && cold != FULL; i++)
		set(i, value, sizeof(value));
	for (uint32_t i = 0; i < KEYS; i++)
		set(i, value, VALUE);
	if (cold != FULL)
		return;
	while ((error = try_set(more, value, sizeof(value))) == E_OK)
		more++;
	if (error != E_NOMEM)
		must(error);
	say("kv_full", "values_held", more - 1000 + KEYS, "values");
}

static void bench_kv(const char *who, int32_t cold)
{
	uint8_t value[VALUE] = {0};

	flash_start();
	must(kv_init(&kv, &config, pages));
	must(kv_mount(&kv));
	run();
	kv_fill(cold);
	forget();
	for (uint32_t i = 0; i < UPDATES; i++) {
		memset(value, (int)i, VALUE);
		set(pick() % KEYS, value, VALUE);
	}
	report(who);
	forget();
	must(kv_mount(&kv));
	run();
	must(kv.status);
	say(who, "read_at_mount", (double)flash.bytes_read, "bytes");
	keep_image(who);
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

static void must_fs(int error)
{
	if (error < 0) {
		printf("littlefs failed: %d\n", error);
		exit(1);
	}
}

static int fs_try(uint32_t number, const uint8_t *value, uint32_t length)
{
	const struct lfs_file_config with = {.buffer = fs_caches[2]};
	lfs_file_t file;
	char name[16];
	int error;

	snprintf(name, sizeof(name), "key%u", number);
	error = lfs_file_opencfg(&fs, &file, name, LFS_O_WRONLY | LFS_O_CREAT | LFS_O_TRUNC, &with);
	if (error != 0)
		return error;
	error = (int)lfs_file_write(&fs, &file, value, length);

	int closed = lfs_file_close(&fs, &file);

	return error < 0 ? error : closed;
}

static void fs_set(uint32_t number, const uint8_t *value, uint32_t length)
{
	must_fs(fs_try(number, value, length));
}

static void fs_fill_up(void)
{
	uint8_t value[COLD] = {0};
	uint32_t more = 1000;
	int error;

	while ((error = fs_try(more, value, sizeof(value))) == 0)
		more++;
	/* A new file that finds no room is told that its name is too long. */
	if (error != LFS_ERR_NOSPC && error != LFS_ERR_NAMETOOLONG)
		must_fs(error);
	say("littlefs_full", "values_held", more - 1000 + KEYS, "values");
}

static void fs_start(uint32_t cold)
{
	uint8_t value[COLD] = {0};

	flash_start();
	must_fs(lfs_format(&fs, &fs_config));
	must_fs(lfs_mount(&fs, &fs_config));
	for (uint32_t i = 0; i < cold / COLD; i++)
		fs_set(1000 + i, value, sizeof(value));
	for (uint32_t i = 0; i < KEYS; i++)
		fs_set(i, value, VALUE);
}

static void fs_end(const char *who)
{
	forget();
	must_fs(lfs_mount(&fs, &fs_config));
	say(who, "read_at_mount", (double)flash.bytes_read, "bytes");
	keep_image(who);
	flash_model_free(&flash);
}

static void bench_littlefs(const char *who, uint32_t cold)
{
	uint8_t value[VALUE] = {0};

	fs_start(cold);
	forget();
	for (uint32_t i = 0; i < UPDATES; i++) {
		memset(value, (int)i, VALUE);
		fs_set(pick() % KEYS, value, VALUE);
	}
	report(who);
	fs_end(who);
}

static void bench_littlefs_full(void)
{
	fs_start(0);
	fs_fill_up();
	fs_end("littlefs_full");
}
#endif

int main(int count, char **arguments)
{
	if (count != 2) {
		fprintf(stderr, "usage: bench_storage FOLDER\n");
		return 2;
	}
	folder = arguments[1];
	bench_kv("kv", 0);
	bench_kv("kv_4k_cold", 4 * 1024);
	bench_kv("kv_full", FULL);
	say("kv", "ram", sizeof(struct kv) + sizeof(pages), "bytes");
#ifdef WITH_LITTLEFS
	bench_littlefs("littlefs", 0);
	bench_littlefs("littlefs_4k_cold", 4 * 1024);
	bench_littlefs_full();
	say("littlefs", "ram",
	    sizeof(fs) + sizeof(fs_caches) + sizeof(fs_lookahead) + sizeof(lfs_file_t), "bytes");
#endif
	return 0;
}
