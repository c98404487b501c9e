/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "capsules/flash_geometry_driver.h"

#include "capsules/grant_turn.h"
#include "kernel/grant.h"
#include "kernel/storage_permissions.h"
#include "lib/compiler.h"

enum command_number {
	FLASH_EXISTS = 0,
	FLASH_INFO = 1,
	FLASH_READ = FLASH_GEOMETRY_READ,
	FLASH_WRITE = FLASH_GEOMETRY_WRITE,
	FLASH_ERASE = FLASH_GEOMETRY_ERASE,
};

enum info_number {
	INFO_BYTES = 0,
	INFO_PAGE = 1,
	INFO_WORD = 2,
	INFO_WRITES_PER_WORD = 3,
};

enum { UPCALL_DONE = 0 };
enum { ALLOW_BUFFER = 0 }; /* read-only to write from, read-write to read into */

struct flash_grant {
	uint8_t command; /* that waits or is under way; 0: none */
	uint32_t offset; /* in the whole flash */
	uint32_t length, done;
};

_Static_assert(sizeof(struct flash_grant) == FLASH_GEOMETRY_GRANT, "drivers above declare it");

static const struct flash_region *region_of(const struct flash_geometry_driver *self,
					    struct process_id process)
{
	struct storage_rights rights;

	if (!process_storage_rights(process, &rights))
		return NULL;
	for (uint32_t i = 0; i < self->region_count; i++)
		if (self->regions[i].identity == rights.identity)
			return &self->regions[i];
	return NULL;
}

static syscall_result raw_info(const struct flash_geometry_driver *self,
			       const struct flash_region *region, uint32_t which)
{
	const struct flash_geometry *geometry = &self->flash->geometry;

	switch (which) {
	case INFO_BYTES:
		return syscall_success_u32(region->pages * geometry->page_bytes);
	case INFO_PAGE:
		return syscall_success_u32(geometry->page_bytes);
	case INFO_WORD:
		return syscall_success_u32(geometry->word_bytes);
	case INFO_WRITES_PER_WORD:
		return syscall_success_u32(geometry->writes_per_word);
	default:
		return syscall_failure(E_INVAL);
	}
}

/* Hands the next piece of a process's command to the flash; E_OK: it is under way. */
static enum error raw_begin_piece(struct flash_geometry_driver *self, struct grant_entry *entry,
				  const struct flash_grant *state)
{
	uint32_t left = state->length - state->done;
	uint32_t part = left < sizeof(self->bytes) ? left : (uint32_t)sizeof(self->bytes);
	uint32_t at = state->offset + state->done;
	enum error error;

	if (state->command == FLASH_WRITE &&
	    allow_ro_read(entry, ALLOW_BUFFER, state->done, self->bytes, part) != E_OK)
		return E_RESERVE;
	if (state->command == FLASH_ERASE)
		error = self->flash->ops->erase(self->flash, at / self->flash->geometry.page_bytes);
	else if (state->command == FLASH_WRITE)
		error = self->flash->ops->write(self->flash, at, &self->slot, part);
	else
		error = self->flash->ops->read(self->flash, at, &self->slot, part);
	if (error != E_OK)
		return error;
	self->part = state->command == FLASH_ERASE ? state->length : part;
	self->served = grant_process(entry);
	self->busy = true;
	return E_OK;
}

/* Whether [offset, offset + length) is one that the command may be about. */
static enum error raw_check(const struct flash_geometry_driver *self,
			    const struct flash_region *region, uint32_t command,
			    const struct flash_grant *wanted)
{
	const struct flash_geometry *geometry = &self->flash->geometry;
	uint32_t size = region->pages * geometry->page_bytes;

	if (wanted->length == 0)
		return E_RESERVE;
	if (wanted->offset > size || wanted->length > size - wanted->offset)
		return E_INVAL;
	if (command == FLASH_WRITE && (wanted->offset % geometry->word_bytes != 0 ||
				       wanted->length % geometry->word_bytes != 0))
		return E_INVAL;
	if (command == FLASH_ERASE && wanted->offset % geometry->page_bytes != 0)
		return E_INVAL;
	return E_OK;
}

syscall_result flash_geometry_begin(struct flash_geometry_driver *self, struct process_id process,
				    enum flash_geometry_operation operation, uint32_t offset)
{
	const struct flash_region *region = region_of(self, process);
	uint32_t command = (uint32_t)operation;

	if (region == NULL)
		return syscall_failure(E_NOSUPPORT);

	GRANT_ENTER(entry, &self->driver, process);
	if (region == NULL || entry == NULL)
		return syscall_failure(E_NOMEM);

	struct flash_grant *state = GRANT_STATE(entry, struct flash_grant);
	struct flash_grant wanted = {.command = (uint8_t)command, .offset = offset};
	enum error error;

	if (state->command != 0)
		return syscall_failure(E_BUSY);
	wanted.length = command == FLASH_ERASE   ? self->flash->geometry.page_bytes
			: command == FLASH_WRITE ? (uint32_t)allow_ro_length(entry, ALLOW_BUFFER)
						 : (uint32_t)allow_rw_length(entry, ALLOW_BUFFER);
	error = raw_check(self, region, command, &wanted);
	wanted.offset += region->first_page * self->flash->geometry.page_bytes;
	if (error == E_OK && !self->busy)
		error = raw_begin_piece(self, entry, &wanted);
	if (error == E_OK)
		*state = wanted;
	return syscall_from_error(error);
}

static syscall_result flash_command(struct driver *driver, struct process_id process,
				    uint32_t number, uint32_t argument[2])
{
	struct flash_geometry_driver *self =
		CONTAINER_OF(driver, struct flash_geometry_driver, driver);
	const struct flash_region *region;

	if (number == FLASH_EXISTS)
		return syscall_success();
	region = region_of(self, process);
	if (number > FLASH_ERASE || region == NULL)
		return syscall_failure(E_NOSUPPORT);
	if (number == FLASH_INFO)
		return raw_info(self, region, argument[0]);
	return flash_geometry_begin(self, process, (enum flash_geometry_operation)number,
				    argument[0]);
}

static const struct driver_type flash_geometry_driver_type = {
	.command = flash_command,
	.grant = {.size = sizeof(struct flash_grant), .upcalls = 1, .allow_ro = 1, .allow_rw = 1},
};

static void raw_end(struct grant_entry *entry, struct flash_grant *state, enum error status)
{
	state->command = 0;
	upcall_schedule(entry, UPCALL_DONE, (uint32_t)status, state->done, 0);
}

static void raw_account(struct flash_geometry_driver *self, enum error status)
{
	GRANT_ENTER_EXISTING(entry, &self->driver, self->served);
	if (entry == NULL)
		return;

	struct flash_grant *state = GRANT_STATE(entry, struct flash_grant);

	if (state->command == 0)
		return;
	if (state->command == FLASH_READ && status == E_OK &&
	    allow_rw_write(entry, ALLOW_BUFFER, state->done, self->bytes, self->part) != E_OK)
		status = E_RESERVE;
	if (status == E_OK)
		state->done += self->part;
	if (status != E_OK || state->done == state->length)
		raw_end(entry, state, status);
}

/* True: a piece of this process is under way now. */
static bool raw_serve(struct flash_geometry_driver *self, struct process_id process)
{
	GRANT_ENTER_EXISTING(entry, &self->driver, process);
	if (entry == NULL)
		return false;

	struct flash_grant *state = GRANT_STATE(entry, struct flash_grant);

	if (state->command == 0)
		return false;

	enum error error = raw_begin_piece(self, entry, state);

	if (error != E_OK)
		raw_end(entry, state, error);
	return error == E_OK;
}

static void raw_finish(struct flash_geometry_driver *self, enum error status)
{
	struct grant_turn turn;

	self->busy = false;
	raw_account(self, status);
	for (size_t i = 0; i < sizeof(self->bytes); i++)
		self->bytes[i] = 0;
	turn = grant_turn_after(&self->driver, self->served);
	for (; !grant_turn_over(&turn); grant_turn_advance(&turn))
		if (raw_serve(self, turn.current))
			return;
}

static void raw_transferred(struct flash_client *client, uint8_t *buffer, enum error status)
{
	struct flash_geometry_driver *self =
		CONTAINER_OF(client, struct flash_geometry_driver, client);

	self->slot = buffer;
	raw_finish(self, status);
}

static void raw_erased(struct flash_client *client, enum error status)
{
	raw_finish(CONTAINER_OF(client, struct flash_geometry_driver, client), status);
}

static const struct flash_client_ops client_ops = {
	.read = raw_transferred,
	.written = raw_transferred,
	.erased = raw_erased,
};

void flash_geometry_driver_init(struct flash_geometry_driver *self,
				const struct flash_geometry_config *config)
{
	*self = (struct flash_geometry_driver){
		.driver = {.type = &flash_geometry_driver_type},
		.client = {.ops = &client_ops},
		.flash = config->flash,
		.regions = config->regions,
		.region_count = config->region_count,
	};
	self->slot = self->bytes;
	config->flash->client = &self->client;
}
