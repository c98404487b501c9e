/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Requests in the order in which they came; the first one is with the board's
 * checker. What was accepted last is noted for the loader: admission.c.
 */
#include "kernel/app_checker.h"

#include "admission.h"
#include "app_binary.h"
#include "app_checks.h"
#include "app_identity_private.h"
#include "lib/bytes.h"
#include "process.h"

#include <stddef.h>

static void serve(struct deferred *deferred);

static const struct deferred_ops serve_ops = {.called = serve};
static struct app_checks checks = {.deferred = {.ops = &serve_ops}};
static struct tbf_info info; /* of the first one */
static bool checking;        /* it is with the checker */
static uint32_t first_sum;   /* app_binary_sum() of the first one when its check began */

uint32_t app_binary_sum(uptr_t start)
{
	const struct app_binary binary = {.address = start, .size = UINT32_MAX};
	uint8_t bytes[4];

	/* The checksum of the header, TBF base header, bytes 12 to 15. */
	return app_binary_copy(&binary, 12, bytes, sizeof(bytes)) ? le32_load(bytes) : 0;
}

/* Whether nothing behind what a signature covers can be executed. */
static bool ends_exactly(const struct app_binary *binary)
{
	const struct arch_regions regions = {
		.flash_start = binary->address,
		.code_end = binary->address + info.binary_end_offset,
		.flash_end = binary->address + info.total_size,
	};

	return arch_mpu_code_end(&regions) == regions.code_end;
}

static void finish(enum error status)
{
	struct app_check *check = checks.first;

	if (status == E_OK &&
	    (check->changed || app_binary_sum(check->binary.address) != first_sum)) {
		check->reason = "it changed while it was checked";
		status = E_FAIL;
	}
	if (status == E_OK && check->identity.key != APP_NO_KEY && !ends_exactly(&check->binary)) {
		check->reason = "its footers could be executed in part: sign it with detent sign";
		status = E_NOSUPPORT;
	}
	checking = false;
	(void)app_checks_take(&checks);
	if (status == E_OK)
		admission_note(&check->binary, &check->identity);
	check->ops->checked(check, status);
}

static bool name_is_printable(const struct app_binary *binary)
{
	for (uint32_t i = 0; i < info.name.length; i++) {
		uint8_t byte;

		if (!app_binary_copy(binary, info.name.offset + i, &byte, 1) || byte < ' ' ||
		    byte == 0x7F)
			return false;
	}
	return true;
}

/* Why it is not worth a look at its credentials; NULL: it is. */
static const char *objection(const struct app_binary *binary)
{
	enum tbf_status status = app_binary_parse(binary, &info);

	if (status != TBF_OK)
		return tbf_status_text(status);
	if (info.is_padding)
		return "it is only padding";
	if (!name_is_printable(binary))
		return "its name has control characters";
	return NULL;
}

static void serve(struct deferred *deferred)
{
	struct app_check *first = checks.first;

	(void)deferred;
	if (first == NULL || checking)
		return;
	first->identity = (struct app_identity){.key = APP_NO_KEY};
	first->floor = 0;
	first->reason = objection(&first->binary);
	if (first->reason != NULL) {
		finish(E_INVAL);
		return;
	}
	checking = true;
	first_sum = app_binary_sum(first->binary.address);
	first->identity = app_identity_claimed(&info);
	first->identity.short_id = 0;
	board.checker->ops->check(board.checker, first, &info);
}

enum error app_check_queue(struct app_check *check)
{
	return app_checks_add(&checks, check);
}

bool app_binary_overlaps(const struct app_binary *binary, uptr_t start, uint32_t length)
{
	return start < binary->address + binary->size && binary->address < start + length;
}

void app_check_spoil(uptr_t start, uint32_t length)
{
	for (struct app_check *check = checks.first; check != NULL; check = check->next)
		if (app_binary_overlaps(&check->binary, start, length))
			check->changed = true;
}

enum error app_check_start(const struct cap_app_check *cap, struct app_check *check)
{
	(void)cap;
	return app_check_queue(check);
}

bool app_checker_read(const struct cap_app_checker *cap, uint32_t offset, uint8_t *to,
		      uint32_t length)
{
	(void)cap;
	return checking && app_binary_copy(&checks.first->binary, offset, to, length);
}

enum tbf_status app_checker_footer(const struct cap_app_checker *cap, uint32_t *position,
				   struct tbf_footer *footer)
{
	(void)cap;
	if (!checking)
		return TBF_END_OF_FOOTERS;
	process_unmap();
	return tbf_footer_next(arch_kernel_pointer(checks.first->binary.address), &info, position,
			       footer);
}

void app_checker_answer(const struct cap_app_checker *cap, enum error status)
{
	(void)cap;
	if (checking)
		finish(status);
}
