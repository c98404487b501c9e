/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Page after page is read and compared with what the process wants. Words that
 * are blank are written where they are; only where others change is the page
 * erased and written again, so that as little as can be is at stake when power
 * fails. What the process shares is taken when its page's turn comes; it may go
 * away at any time.
 */
#include "capsules/app_flash_driver.h"

#include "capsules/grant_turn.h"
#include "kernel/grant.h"
#include "kernel/storage_permissions.h"
#include "lib/compiler.h"

enum command_number {
	APP_FLASH_EXISTS = 0,
	APP_FLASH_WRITE = 1,
};

enum { UPCALL_DONE = 0 };
enum { ALLOW_BUFFER = 0 }; /* read-only */

enum state { IDLE, READING, ADDING, ERASING, WRITING };

enum { PIECE = 64 }; /* bytes that are compared at a time; whole words */

struct app_flash_grant {
	bool waiting;
	uint32_t offset; /* in the region of applications */
	uint32_t length, done;
};

static enum error app_flash_read_page(struct app_flash_driver *self, struct process_id process,
				      const struct app_flash_grant *state)
{
	uint32_t bytes = self->flash->geometry.page_bytes;
	uint32_t page = (state->offset + state->done) / bytes;
	enum error error = self->flash->ops->read(self->flash, page * bytes, &self->page, bytes);

	if (error != E_OK)
		return error;
	self->page_number = page;
	self->served = process;
	self->state = READING;
	return E_OK;
}

/* What shares a page with another application is not written: it would be erased with it. */
static bool app_flash_pages_own(const struct app_flash_driver *self, struct process_id process,
				const struct app_flash_grant *range)
{
	uint32_t bytes = self->flash->geometry.page_bytes;
	uint32_t first = range->offset / bytes;
	uint32_t last = (range->offset + (range->length - 1)) / bytes;

	return process_flash_owns(process, first * bytes, (last - first + 1) * bytes);
}

static syscall_result app_flash_write(struct app_flash_driver *self, struct process_id process,
				      uint32_t address)
{
	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return syscall_failure(E_NOMEM);

	struct app_flash_grant *state = GRANT_STATE(entry, struct app_flash_grant);
	uint32_t length = (uint32_t)allow_ro_length(entry, ALLOW_BUFFER);
	uint32_t offset;

	if (state->waiting)
		return syscall_failure(E_NOMEM);
	if (length == 0)
		return syscall_failure(E_RESERVE);
	if (!process_flash_writeable(process, address, length, &offset))
		return syscall_failure(E_INVAL);

	const struct app_flash_grant range = {.offset = offset, .length = length};

	if (!app_flash_pages_own(self, process, &range))
		return syscall_failure(E_INVAL);
	*state = range;

	enum error error = self->state == IDLE ? app_flash_read_page(self, process, state) : E_OK;

	state->waiting = error == E_OK;
	return syscall_from_error(error);
}

static syscall_result app_flash_command(struct driver *driver, struct process_id process,
					uint32_t number, uint32_t argument[2])
{
	struct app_flash_driver *self = CONTAINER_OF(driver, struct app_flash_driver, driver);

	if (number == APP_FLASH_EXISTS)
		return syscall_success();
	if (number == APP_FLASH_WRITE)
		return app_flash_write(self, process, argument[0]);
	return syscall_failure(E_NOSUPPORT);
}

static const struct driver_type app_flash_driver_type = {
	.command = app_flash_command,
	.grant = {.size = sizeof(struct app_flash_grant), .upcalls = 1, .allow_ro = 1},
};

static void app_flash_end(struct grant_entry *entry, struct app_flash_grant *state,
			  enum error status)
{
	state->waiting = false;
	upcall_schedule(entry, UPCALL_DONE, (uint32_t)status, 0, 0);
}

/* Bytes of the transfer that lie in the page being changed. */
static uint32_t app_flash_part(const struct app_flash_driver *self,
			       const struct app_flash_grant *state)
{
	uint32_t bytes = self->flash->geometry.page_bytes;
	uint32_t at = (state->offset + state->done) % bytes;
	uint32_t left = state->length - state->done;

	return left < bytes - at ? left : bytes - at;
}

static bool app_flash_blank(const uint8_t *bytes, uint32_t length)
{
	for (uint32_t i = 0; i < length; i++)
		if (bytes[i] != 0xFF)
			return false;
	return true;
}

/* The word at `at` of the page is compared; those that change are to be one run of blank ones. */
static void app_flash_note(struct app_flash_driver *self, uint32_t at, bool changes)
{
	struct app_flash_plan *plan = &self->plan;
	uint32_t word = self->flash->geometry.word_bytes;
	bool blank = app_flash_blank(self->page + at, word);
	bool begun = plan->end != 0;

	if (!changes) {
		plan->gap = plan->gap || (begun && !blank);
		return;
	}
	plan->erase = plan->erase || plan->gap || !blank;
	plan->start = begun ? plan->start : at;
	plan->end = at + word;
}

static void app_flash_compare(struct app_flash_driver *self, uint32_t at, const uint8_t *piece,
			      uint32_t length)
{
	uint32_t bytes = self->flash->geometry.word_bytes;

	for (uint32_t i = 0; i < length;) {
		uint32_t word = (at + i) - (at + i) % bytes;
		bool changes = false;

		for (; i < length && at + i < word + bytes; i++)
			changes = changes || self->page[at + i] != piece[i];
		app_flash_note(self, word, changes);
	}
}

/* Puts the process's bytes into the page that was read, piece by piece, each up to a word's end. */
static enum error app_flash_merge(struct app_flash_driver *self, const struct grant_entry *entry,
				  const struct app_flash_grant *state)
{
	uint32_t at = (state->offset + state->done) % self->flash->geometry.page_bytes;
	uint32_t length = app_flash_part(self, state);
	uint8_t piece[PIECE];

	self->plan = (struct app_flash_plan){0};
	for (uint32_t done = 0; done < length;) {
		uint32_t left = length - done, most = PIECE - (at + done) % PIECE;
		uint32_t part = left < most ? left : most;
		enum error error =
			allow_ro_read(entry, ALLOW_BUFFER, state->done + done, piece, part);

		if (error != E_OK)
			return error;
		app_flash_compare(self, at + done, piece, part);
		for (uint32_t i = 0; i < part; i++)
			self->page[at + done + i] = piece[i];
		done += part;
	}
	return E_OK;
}

/* False: the process is gone, or shares less than it did. */
static bool app_flash_change(struct app_flash_driver *self)
{
	GRANT_ENTER_EXISTING(entry, &self->driver, self->served);
	if (entry == NULL)
		return false;

	struct app_flash_grant *state = GRANT_STATE(entry, struct app_flash_grant);

	if (!state->waiting)
		return false;
	if (app_flash_merge(self, entry, state) == E_OK)
		return true;
	app_flash_end(entry, state, E_RESERVE);
	return false;
}

static void app_flash_account(struct app_flash_driver *self, enum error status)
{
	GRANT_ENTER_EXISTING(entry, &self->driver, self->served);
	if (entry == NULL)
		return;

	struct app_flash_grant *state = GRANT_STATE(entry, struct app_flash_grant);

	if (!state->waiting)
		return;
	state->done += app_flash_part(self, state);
	if (status != E_OK || state->done == state->length)
		app_flash_end(entry, state, status);
}

/* True: a page of this process is being changed now. */
static bool app_flash_serve(struct app_flash_driver *self, struct process_id process)
{
	GRANT_ENTER_EXISTING(entry, &self->driver, process);
	if (entry == NULL)
		return false;

	struct app_flash_grant *state = GRANT_STATE(entry, struct app_flash_grant);

	if (!state->waiting)
		return false;

	enum error error = app_flash_read_page(self, process, state);

	if (error != E_OK)
		app_flash_end(entry, state, error);
	return error == E_OK;
}

static void app_flash_go_on(struct app_flash_driver *self)
{
	struct grant_turn turn = grant_turn_after(&self->driver, self->served);

	self->state = IDLE;
	for (; !grant_turn_over(&turn); grant_turn_advance(&turn))
		if (app_flash_serve(self, turn.current))
			return;
}

/* The part of the transfer in this page has ended. */
static void app_flash_close_page(struct app_flash_driver *self, enum error status)
{
	app_flash_account(self, status);
	app_flash_go_on(self);
}

/* Writes what the plan names. */
static void app_flash_put(struct app_flash_driver *self, enum state state)
{
	const struct app_flash_plan *plan = &self->plan;
	uint32_t offset = self->page_number * self->flash->geometry.page_bytes + plan->start;
	uint8_t *part = self->page + plan->start;

	self->state = (uint8_t)state;
	if (self->flash->ops->write(self->flash, offset, &part, plan->end - plan->start) != E_OK)
		app_flash_close_page(self, E_FAIL);
}

static void app_flash_erase(struct app_flash_driver *self)
{
	self->state = ERASING;
	if (self->flash->ops->erase(self->flash, self->page_number) != E_OK)
		app_flash_close_page(self, E_FAIL);
}

static void app_flash_read(struct flash_client *client, uint8_t *buffer, enum error status)
{
	struct app_flash_driver *self = CONTAINER_OF(client, struct app_flash_driver, client);

	self->page = buffer;
	if (status != E_OK)
		app_flash_close_page(self, E_FAIL);
	else if (!app_flash_change(self))
		app_flash_go_on(self);
	else if (self->plan.end == 0)
		app_flash_close_page(self, E_OK);
	else if (self->plan.erase)
		app_flash_erase(self);
	else
		app_flash_put(self, ADDING);
}

/* Blank words before and behind are left alone: they can be written later without an erase. */
static void app_flash_erased(struct flash_client *client, enum error status)
{
	struct app_flash_driver *self = CONTAINER_OF(client, struct app_flash_driver, client);
	uint32_t word = self->flash->geometry.word_bytes;
	uint32_t start = 0, end = self->flash->geometry.page_bytes;

	while (start < end && app_flash_blank(self->page + start, word))
		start += word;
	while (start < end && app_flash_blank(self->page + end - word, word))
		end -= word;
	self->plan = (struct app_flash_plan){.start = start, .end = end};
	if (status != E_OK || start == end)
		app_flash_close_page(self, status);
	else
		app_flash_put(self, WRITING);
}

/* A word that looks blank can have been written all the same; then an erase is needed. */
static void app_flash_written(struct flash_client *client, uint8_t *buffer, enum error status)
{
	struct app_flash_driver *self = CONTAINER_OF(client, struct app_flash_driver, client);

	(void)buffer; /* a part of the page */
	if (self->state == ADDING && status != E_OK)
		app_flash_erase(self);
	else
		app_flash_close_page(self, status);
}

static const struct flash_client_ops client_ops = {
	.read = app_flash_read,
	.written = app_flash_written,
	.erased = app_flash_erased,
};

void app_flash_driver_init(struct app_flash_driver *self, struct flash *flash, uint8_t *page)
{
	*self = (struct app_flash_driver){
		.driver = {.type = &app_flash_driver_type},
		.client = {.ops = &client_ops},
		.flash = flash,
		.page = page,
	};
	flash->client = &self->client;
}
