/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The queue of binaries to be checked, between a checker that the test plays and real
 * headers in a region that it plays too: what is worth no look at its credentials, what
 * the checker may read and when, and what an answer is worth.
 *
 * LINK: tests/unit/fake_kernel.c tests/unit/fake_devices.c kernel/src/checked/app_check.c \
 *	kernel/src/app_checks.c lib/tbf.c lib/bytes.c lib/format.c lib/ring.c
 * INCLUDE: kernel/src/checked arch/host/include
 */
#include "admission.h"
#include "app_binary.h"
#include "app_identity_private.h"
#include "fake_kernel.h"
#include "kernel/app_checker.h"
#include "lib/bytes.h"
#include "process.h"
#include "tbf_app.h"
#include "test.h"

#include <string.h>

enum { BASE = 0x2000, APP = 128, APPS = 4, BINARY_END = 96, NAME_AT = 16 + 24 + 4 };

static uint8_t region[APP * APPS];
static uint32_t unreadable; /* reads from now on that fail */
static uint32_t checks, answers, noted, unmaps;
static struct app_check *with_checker;
static enum error answered;
static struct app_check *answered_to;
static bool exact;

static void played_check(struct app_checker *checker, struct app_check *check,
			 const struct tbf_info *info)
{
	(void)checker;
	TEST_EQUAL(info->binary_end_offset, BINARY_END);
	TEST_CHECK(check->reason == NULL && check->floor == 0);
	TEST_EQUAL(check->identity.short_id, 0); /* nobody has vouched for it */
	TEST_EQUAL(check->identity.version, 3);
	with_checker = check;
	checks++;
}

static const struct app_checker_ops checker_ops = {.check = played_check};
static struct app_checker checker = {&checker_ops};
const struct board board = {.checker = &checker};

bool app_binary_ok(const struct app_binary *binary)
{
	return binary->address >= BASE && binary->address < BASE + sizeof(region);
}

bool app_binary_copy(const struct app_binary *binary, uint32_t offset, uint8_t *to, uint32_t length)
{
	if (unreadable > 0) {
		unreadable--;
		return false;
	}
	if (offset > binary->size || length > binary->size - offset)
		return false;
	memcpy(to, region + (binary->address - BASE) + offset, length);
	return true;
}

enum tbf_status app_binary_parse(const struct app_binary *binary, struct tbf_info *info)
{
	return tbf_parse(region + (binary->address - BASE), binary->size, info);
}

struct app_identity app_identity_claimed(const struct tbf_info *info)
{
	return (struct app_identity){
		.short_id = 5,
		.version = info->app_version,
		.key = APP_NO_KEY,
	};
}

void admission_note(const struct app_binary *binary, const struct app_identity *identity)
{
	TEST_EQUAL(binary->address, with_checker->binary.address);
	TEST_EQUAL(identity->version, 3);
	noted++;
}

void process_unmap(void)
{
	unmaps++;
}

void *arch_kernel_pointer(uptr_t address)
{
	return region + (address - BASE);
}

uptr_t arch_mpu_code_end(const struct arch_regions *regions)
{
	TEST_EQUAL(regions->flash_end - regions->flash_start, APP);
	TEST_EQUAL(regions->code_end - regions->flash_start, BINARY_END);
	return exact ? regions->code_end : regions->code_end + 16;
}

static void took_answer(struct app_check *check, enum error status)
{
	answered_to = check;
	answered = status;
	answers++;
}

static const struct app_check_ops ops = {took_answer};

static void seal(uint8_t *image)
{
	tbf_app_seal(image, le16_load(image + 2));
}

/* A whole application with a name of four characters and a footer with a SHA-256. */
static uint8_t *put(uint32_t number, const char *name)
{
	uint8_t *image = region + number * APP;

	memset(image, 0, APP);
	tbf_app_header(image, APP);
	le16_store(image + 2, NAME_AT + 4);
	le32_store(image + TBF_APP_MIN_RAM, 4096);
	le32_store(image + TBF_APP_BINARY_END, BINARY_END);
	le32_store(image + TBF_APP_VERSION, 3);
	le16_store(image + 40, TBF_TLV_PACKAGE_NAME);
	le16_store(image + 42, 4);
	memcpy(image + NAME_AT, name, 4);
	seal(image);
	le16_store(image + BINARY_END, TBF_TLV_CREDENTIALS);
	le16_store(image + BINARY_END + 2, 12);
	le32_store(image + BINARY_END + 4, TBF_CREDENTIAL_SHA256);
	return image;
}

static struct app_check request(uint32_t number)
{
	answered = E_BUSY;
	answered_to = NULL;
	return (struct app_check){.ops = &ops, .binary = {BASE + number * APP, APP}};
}

/* The checker does not see it, and it is answered with a reason. */
static void refused(const char *reason)
{
	uint32_t checks_before = checks, noted_before = noted;
	struct app_check check = request(0);

	TEST_EQUAL(app_check_start(NULL, &check), E_OK);
	TEST_EQUAL(answered, E_BUSY); /* never from inside of it */
	fake_run_deferred();
	TEST_EQUAL(answered, E_INVAL);
	TEST_CHECK(check.reason != NULL && strcmp(check.reason, reason) == 0);
	TEST_CHECK(checks == checks_before && noted == noted_before);
}

static void test_not_worth_a_look(void)
{
	uint8_t *image = put(0, "name");

	image[36]++;
	refused(tbf_status_text(TBF_BAD_CHECKSUM));
	le32_store(image + 4, APP + 4);
	refused(tbf_status_text(TBF_BAD_TOTAL_SIZE));
	put(0, "name");
	le16_store(image + 2, TBF_BASE_SIZE);
	seal(image);
	refused("it is only padding");
	put(0, "na\x1F"
	       "e");
	refused("its name has control characters");
	put(0, "nam\x7F");
	refused("its name has control characters");
	put(0, "name");
	unreadable = 1;
	refused("its name has control characters");
	TEST_EQUAL(unreadable, 0);
}

/* These are not control characters. */
static void test_names(void)
{
	static const char *const names[] = {"a ~b", "\x80\xC3\xBC\xFF"};

	for (uint32_t i = 0; i < 2; i++) {
		struct app_check check = request(0);

		put(0, names[i]);
		TEST_EQUAL(app_check_start(NULL, &check), E_OK);
		fake_run_deferred();
		TEST_CHECK(with_checker == &check);
		app_checker_answer(NULL, E_OK);
		TEST_EQUAL(answered, E_OK);
	}
}

/* While nothing is checked there is nothing to read and nothing to answer. */
static void test_idle(void)
{
	struct app_check check = request(0);
	struct tbf_footer footer;
	uint32_t position = BINARY_END, answers_before = answers, noted_before = noted;
	uint8_t byte = 7;

	put(0, "name");
	for (uint32_t i = 0; i < 2; i++) {
		TEST_CHECK(!app_checker_read(NULL, 0, &byte, 1));
		TEST_EQUAL(byte, 7);
		TEST_EQUAL(app_checker_footer(NULL, &position, &footer), TBF_END_OF_FOOTERS);
		TEST_EQUAL(position, BINARY_END);
		app_checker_answer(NULL, E_OK);
		TEST_CHECK(answers == answers_before && noted == noted_before);
		/* Nor where one waits whose turn has not come. */
		if (i == 0)
			TEST_EQUAL(app_check_start(NULL, &check), E_OK);
	}
	fake_run_deferred();
	app_checker_answer(NULL, E_NOSUPPORT);
	TEST_EQUAL(answered, E_NOSUPPORT);
	TEST_EQUAL(noted, noted_before);
}

/* That binary and nothing else, to its end and not further. */
static void test_reads(void)
{
	struct app_check check = request(1);
	struct tbf_footer footer;
	uint32_t position = BINARY_END, unmaps_before = unmaps;
	uint8_t bytes[4];

	put(1, "read");
	region[2 * APP - 1] = 0xA7;
	TEST_EQUAL(app_check_start(NULL, &check), E_OK);
	fake_run_deferred();
	TEST_CHECK(app_checker_read(NULL, NAME_AT, bytes, 4) && memcmp(bytes, "read", 4) == 0);
	TEST_CHECK(app_checker_read(NULL, APP - 1, bytes, 1) && bytes[0] == 0xA7);
	TEST_CHECK(!app_checker_read(NULL, APP - 1, bytes, 2));
	TEST_EQUAL(app_checker_footer(NULL, &position, &footer), TBF_OK);
	TEST_EQUAL(footer.format, TBF_CREDENTIAL_SHA256);
	TEST_EQUAL(footer.offset, BINARY_END + 8);
	TEST_EQUAL(unmaps, unmaps_before + 1); /* no plan keeps the kernel from that flash */
	TEST_EQUAL(app_checker_footer(NULL, &position, &footer), TBF_END_OF_FOOTERS);
	app_checker_answer(NULL, E_OK);
	TEST_EQUAL(answered, E_OK);
}

static void test_in_order(void)
{
	struct app_check first = request(0), second = request(1), third = request(2);
	uint32_t checks_before = checks;

	put(0, "one ");
	put(1, "two ");
	memset(region + 2 * APP, 0xFF, APP); /* no header */
	TEST_EQUAL(app_check_start(NULL, &first), E_OK);
	TEST_EQUAL(app_check_start(NULL, &first), E_BUSY);
	TEST_EQUAL(app_check_start(NULL, &third), E_OK);
	fake_run_deferred();
	TEST_EQUAL(app_check_queue(&second), E_OK);
	fake_run_deferred(); /* the checker has one at a time */
	TEST_CHECK(with_checker == &first && checks == checks_before + 1);
	app_checker_answer(NULL, E_OK);
	TEST_CHECK(answered_to == &first);
	TEST_EQUAL(answered, E_OK);
	fake_run_deferred();
	TEST_CHECK(answered_to == &third);
	TEST_EQUAL(answered, E_INVAL);
	TEST_CHECK(with_checker == &second && checks == checks_before + 2);
	app_checker_answer(NULL, E_ALREADY);
	TEST_CHECK(answered_to == &second);
	TEST_EQUAL(answered, E_ALREADY);
	second.binary.address = BASE - 4;
	TEST_EQUAL(app_check_start(NULL, &second), E_INVAL);
}

/* Spoils or changes it between its check and the answer; what the answer is then. */
static void answered_after(enum error status, const char *reason)
{
	uint32_t noted_before = noted;

	app_checker_answer(NULL, E_OK);
	TEST_EQUAL(answered, status);
	TEST_EQUAL(noted - noted_before, status == E_OK);
	TEST_CHECK((answered_to->reason == NULL) == (reason == NULL));
	TEST_CHECK(reason == NULL || strcmp(answered_to->reason, reason) == 0);
}

static struct app_check begun;

static struct app_check *begin(void)
{
	put(0, "name");
	begun = request(0);
	TEST_EQUAL(app_check_start(NULL, &begun), E_OK);
	fake_run_deferred();
	TEST_CHECK(with_checker == &begun);
	return &begun;
}

static void test_changed(void)
{
	static const char changed[] = "it changed while it was checked";

	begin();
	app_check_spoil(BASE + APP - 1, 1);
	answered_after(E_FAIL, changed);
	begin();
	app_check_spoil(BASE + APP, APP); /* its neighbour */
	app_check_spoil(BASE - 8, 8);
	answered_after(E_OK, NULL);
	begin();
	region[14] ^= 1;
	answered_after(E_FAIL, changed);
	begin();
	unreadable = 1;
	answered_after(E_FAIL, changed);
	begin();
	answered_after(E_OK, NULL);
}

/* Spoiled while it waited: what would be checked are not the bytes that were meant. */
static void test_spoiled_in_the_queue(void)
{
	struct app_check second = request(1);

	put(1, "next");
	begin();
	TEST_EQUAL(app_check_start(NULL, &second), E_OK);
	app_check_spoil(BASE + APP + 20, 4);
	answered_after(E_OK, NULL);
	fake_run_deferred();
	TEST_CHECK(with_checker == &second);
	answered_after(E_FAIL, "it changed while it was checked");
	TEST_CHECK(answered_to == &second);
}

/* Only where a key vouches for it, and where nothing else was wrong. */
static void test_inexact_end(void)
{
	static const char footers[] =
		"its footers could be executed in part: sign it with detent sign";

	exact = false;
	begin();
	answered_after(E_OK, NULL);
	begin()->identity.key = 1;
	answered_after(E_NOSUPPORT, footers);
	begin()->identity.key = 1;
	app_checker_answer(NULL, E_ALREADY);
	TEST_EQUAL(answered, E_ALREADY);
	TEST_CHECK(begun.reason == NULL);
	exact = true;
	begin()->identity.key = 1;
	answered_after(E_OK, NULL);
}

int main(void)
{
	fake_reset();
	exact = true;
	test_not_worth_a_look();
	test_names();
	test_idle();
	test_reads();
	test_in_order();
	test_changed();
	test_spoiled_in_the_queue();
	test_inexact_end();
	return test_end("kernel_app_check");
}
