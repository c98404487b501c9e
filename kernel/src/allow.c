/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A capsule's access to what processes share. The table is looked at anew for
 * every copy, so that nothing a process took back is ever touched, and the copy
 * goes with the process's own rights.
 */
#include "grant_private.h"
#include "process.h"

static size_t length_of(const struct grant_entry *entry, enum allow_kind kind, uint32_t number)
{
	const struct user_slice *slice = grant_shared(entry, kind, number);

	return slice == NULL ? 0 : slice->length;
}

size_t allow_ro_length(const struct grant_entry *entry, uint32_t number)
{
	return length_of(entry, ALLOW_RO, number);
}

size_t allow_rw_length(const struct grant_entry *entry, uint32_t number)
{
	return length_of(entry, ALLOW_RW, number);
}

size_t allow_ur_length(const struct grant_entry *entry, uint32_t number)
{
	return length_of(entry, ALLOW_UR, number);
}

struct span {
	size_t offset, length;
};

/* The address of a part of what is shared, in `address`. */
static enum error locate(const struct user_slice *slice, struct span span, uptr_t *address)
{
	if (slice == NULL)
		return E_INVAL;
	if (span.offset > slice->length || span.length > slice->length - span.offset)
		return E_SIZE;
	*address = slice->base + (uint32_t)span.offset;
	return E_OK;
}

static enum error read_slice(const struct grant_entry *entry, const struct user_slice *slice,
			     void *destination, struct span span)
{
	uptr_t address;
	enum error error = locate(slice, span, &address);

	if (error != E_OK)
		return error;
	return process_read(entry->process, destination, address, span.length) ? E_OK : E_FAIL;
}

static enum error write_slice(const struct grant_entry *entry, const struct user_slice *slice,
			      const void *source, struct span span)
{
	uptr_t address;
	enum error error = locate(slice, span, &address);

	if (error != E_OK)
		return error;
	return process_write(entry->process, address, source, span.length) ? E_OK : E_FAIL;
}

enum error allow_ro_read(const struct grant_entry *entry, uint32_t number, size_t offset,
			 void *destination, size_t length)
{
	return read_slice(entry, grant_shared(entry, ALLOW_RO, number), destination,
			  (struct span){offset, length});
}

enum error allow_rw_read(const struct grant_entry *entry, uint32_t number, size_t offset,
			 void *destination, size_t length)
{
	return read_slice(entry, grant_shared(entry, ALLOW_RW, number), destination,
			  (struct span){offset, length});
}

enum error allow_rw_write(const struct grant_entry *entry, uint32_t number, size_t offset,
			  const void *source, size_t length)
{
	return write_slice(entry, grant_shared(entry, ALLOW_RW, number), source,
			   (struct span){offset, length});
}

enum error allow_ur_write(const struct grant_entry *entry, uint32_t number, size_t offset,
			  const void *source, size_t length)
{
	return write_slice(entry, grant_shared(entry, ALLOW_UR, number), source,
			   (struct span){offset, length});
}

enum { PIECE = 128 /* bytes that cross the kernel at a time */ };

/* From one process's address to another's, each mapped in turn. */
struct crossing {
	struct process *from, *to;
	uptr_t source, target;
};

static bool copy_piece(const struct crossing *crossing, size_t length)
{
	uint8_t piece[PIECE];

	(void)process_visit(crossing->from);
	if (!arch_user_read(piece, crossing->source, length))
		return false;
	(void)process_visit(crossing->to);
	return arch_user_write(crossing->target, piece, length);
}

static enum error cross(struct crossing *crossing, size_t length)
{
	struct process *before = process_mapped;
	bool copied = true;

	while (length != 0 && copied) {
		size_t part = length < PIECE ? length : PIECE;

		copied = copy_piece(crossing, part);
		crossing->source += (uint32_t)part;
		crossing->target += (uint32_t)part;
		length -= part;
	}
	(void)process_visit(before);
	return copied ? E_OK : E_FAIL;
}

enum error allow_copy(const struct allow_end *from, const struct allow_end *to, size_t length)
{
	const struct user_slice *out = grant_shared(from->entry, ALLOW_RO, from->number);
	const struct user_slice *in = grant_shared(to->entry, ALLOW_RW, to->number);
	struct crossing crossing = {.from = from->entry->process, .to = to->entry->process};
	enum error error = locate(out, (struct span){0, length}, &crossing.source);

	if (error == E_OK)
		error = locate(in, (struct span){0, length}, &crossing.target);
	return error == E_OK ? cross(&crossing, length) : error;
}
