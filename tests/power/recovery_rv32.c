/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Counts the instructions of a recovery on rv32: a bare program for QEMU's `virt`
 * machine with counted instructions (-icount). The image of a 64 KiB medium is at
 * IMAGE; a flash operation costs a function call and a copy, as in memory-mapped
 * flash. With -DWITH_LITTLEFS it mounts littlefs instead. WHO is the workload that made
 * the image. bench.py builds it.
 */
#include "lib/compiler.h"

#include <stddef.h>
#include <stdint.h>

#ifdef WITH_LITTLEFS
#include "lfs.h"
#else
#include "lib/kv.h"
#endif

enum { PAGE = 4096, PAGES = 16 };

#define IMAGE ((uint8_t *)0x80800000)
#define UART ((volatile uint8_t *)0x10000000)
#define FINISH ((volatile uint32_t *)0x00100000)

void *memcpy(void *restrict to, const void *restrict from, size_t length);
void begin(void);

static void put(const char *text)
{
	while (*text != '\0')
		*UART = (uint8_t)*text++;
}

static void put_number(uint32_t value)
{
	char text[12];
	int at = 11;

	text[at] = '\0';
	do
		text[--at] = (char)('0' + value % 10);
	while ((value /= 10) != 0);
	put(text + at);
}

static uint32_t instructions(void)
{
	uint32_t count;

	__asm__ volatile("csrr %0, minstret" : "=r"(count));
	return count;
}

#ifdef WITH_LITTLEFS
static int fs_read(const struct lfs_config *c, lfs_block_t block, lfs_off_t off, void *buffer,
		   lfs_size_t size)
{
	memcpy(buffer, IMAGE + block * c->block_size + off, size);
	return 0;
}

static int fs_prog(const struct lfs_config *c, lfs_block_t block, lfs_off_t off, const void *buffer,
		   lfs_size_t size)
{
	memcpy(IMAGE + block * c->block_size + off, buffer, size);
	return 0;
}

static int fs_none(const struct lfs_config *c)
{
	(void)c;
	return 0;
}

static int fs_erase(const struct lfs_config *c, lfs_block_t block)
{
	for (uint32_t i = 0; i < PAGE; i++)
		IMAGE[block * c->block_size + i] = 0xFF;
	return 0;
}

static uint8_t caches[3][64], lookahead[16];
static const struct lfs_config config = {
	.read = fs_read,
	.prog = fs_prog,
	.erase = fs_erase,
	.sync = fs_none,
	.read_size = 4,
	.prog_size = 4,
	.block_size = PAGE,
	.block_count = PAGES,
	.block_cycles = 500,
	.cache_size = 64,
	.lookahead_size = 16,
	.read_buffer = caches[0],
	.prog_buffer = caches[1],
	.lookahead_buffer = lookahead,
};
static lfs_t fs;

static int recover(void)
{
	return lfs_mount(&fs, &config);
}

/* Its first write looks for what a cut left behind, and for free blocks. */
static int first_update(void)
{
	const struct lfs_file_config with = {.buffer = caches[2]};
	uint8_t value[32] = {1};
	lfs_file_t file;

	if (lfs_file_opencfg(&fs, &file, "key1", LFS_O_WRONLY | LFS_O_CREAT | LFS_O_TRUNC, &with))
		return 1;
	lfs_file_write(&fs, &file, value, sizeof(value));
	return lfs_file_close(&fs, &file);
}
#else
static struct kv kv;
static struct kv_page pages[PAGES];
static const struct kv_config config = {.page_bytes = PAGE, .pages = PAGES, .unit = 4};

static int run(enum error error)
{
	struct kv_request request;

	if (error != E_OK)
		return 1;
	while (kv_step(&kv, &request)) {
		if (request.operation == KV_READ)
			memcpy(request.bytes, IMAGE + request.offset, request.length);
		else if (request.operation == KV_WRITE)
			memcpy(IMAGE + request.offset, request.bytes, request.length);
		else
			for (uint32_t i = 0; i < PAGE; i++)
				IMAGE[request.offset + i] = 0xFF;
		kv_done(&kv, E_OK);
	}
	return kv.status != E_OK;
}

static int recover(void)
{
	return kv_init(&kv, &config, pages) != E_OK || run(kv_mount(&kv));
}

static int first_update(void)
{
	uint8_t key[8] = {'k', 'e', 'y', 0, 1}, value[32] = {1};
	struct kv_change change = {
		.key = key, .key_length = 8, .value = value, .value_length = sizeof(value)};
	struct storage_rights rights;

	storage_rights_own(&rights, 7);
	return run(kv_commit(&kv, &rights, &change, 1));
}
#endif

void begin(void)
{
	uint32_t start = instructions();
	int failed = recover();
	uint32_t mounted = instructions();

	failed |= first_update();

	uint32_t updated = instructions();

	put("storage." WHO ".recovery_64k ");
	put_number(mounted - start);
	put(" instructions\nstorage." WHO ".first_update ");
	put_number(updated - mounted);
	put(failed != 0 ? " FAILED\n" : " instructions\n");
	*FINISH = 0x5555;
	for (;;) {
	}
}

__asm__(".section .boot,\"ax\"\n"
	".global _start\n"
	"_start:\n"
	"	la sp, 0x80700000\n"
	"	call begin\n");
