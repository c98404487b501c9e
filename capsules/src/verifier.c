/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "capsules/verifier.h"

#include "abi/verifier.h"
#include "kernel/grant.h"
#include "lib/compiler.h"

enum state {
	VERIFIER_IDLE,
	VERIFIER_WAITING, /* for the process to be ready */
	VERIFIER_WORKING, /* the process has the operation */
	VERIFIER_TELLING, /* the client is to be told */
};

enum { ECDSA_HALF = 32, ED25519_KEY = 32, ED25519_SIGNATURE = 64 };

static void verifier_end(struct verifier *self, enum error status)
{
	self->status = status;
	self->state = VERIFIER_TELLING;
	deferred_set(&self->deferred);
}

static uint32_t put(struct grant_entry *entry, uint32_t at, const uint8_t *bytes, uint32_t length)
{
	if (allow_rw_write(entry, VERIFIER_BUFFER, at, bytes, length) != E_OK)
		return VERIFIER_BUFFER_SIZE + 1; /* none of what follows fits either */
	return at + length;
}

/* Puts what the operation works on into the shared buffer. */
static bool hand_over(struct verifier *self, struct grant_entry *entry)
{
	const struct public_key_request *request = &self->request;
	uint32_t at = 0;

	if (self->operation == VERIFIER_HASH_ADD)
		at = put(entry, 0, self->data, self->length);
	if (self->operation >= VERIFIER_ECDSA_P256) {
		at = put(entry, 0, request->digest,
			 self->operation == VERIFIER_ECDSA_P256 ? 32 : 64);
		at = put(entry, at, request->key, request->key_length);
		at = put(entry, at, request->signature, request->signature_length);
	}
	return at <= VERIFIER_BUFFER_SIZE;
}

/* Gives the process what waits, if both are ready. */
static void verifier_go_on(struct verifier *self)
{
	if (self->state != VERIFIER_WAITING || !self->ready)
		return;

	GRANT_ENTER_EXISTING(entry, &self->driver, helper_process(self->cap));
	self->ready = false;
	if (entry == NULL || !hand_over(self, entry) ||
	    upcall_schedule(entry, VERIFIER_UPCALL, self->operation, self->first, 0) != E_OK) {
		verifier_end(self, E_FAIL);
		return;
	}
	self->state = VERIFIER_WORKING;
}

/* The process has done the operation; the grant is entered. */
static void verifier_done(struct verifier *self, const struct grant_entry *entry, uint32_t result)
{
	enum error status = result == VERIFIER_OK ? E_OK : E_INVAL;

	if (self->operation == VERIFIER_HASH_FINISH &&
	    allow_rw_read(entry, VERIFIER_BUFFER, 0, self->result, self->result_length) != E_OK)
		status = E_FAIL;
	verifier_end(self, status);
}

static syscall_result verifier_command(struct driver *driver, struct process_id process,
				       uint32_t number, uint32_t argument[2])
{
	struct verifier *self = CONTAINER_OF(driver, struct verifier, driver);

	if (!process_id_equal(process, helper_process(self->cap)))
		return syscall_failure(E_NODEVICE);
	if (number != VERIFIER_READY)
		return number == 0 ? syscall_success() : syscall_failure(E_NOSUPPORT);

	GRANT_ENTER(entry, &self->driver, process);
	if (entry == NULL)
		return syscall_failure(E_NOMEM);
	if (self->state == VERIFIER_WORKING)
		verifier_done(self, entry, argument[0]);
	self->ready = true;
	deferred_set(&self->deferred);
	return syscall_success();
}

static void verifier_tell(struct verifier *self)
{
	enum error status = self->status;

	self->state = VERIFIER_IDLE;
	if (self->is_digest)
		self->digest.client->ops->done(self->digest.client, status);
	else
		self->public_key.client->ops->verified(self->public_key.client, status);
}

static void verifier_called(struct deferred *deferred)
{
	struct verifier *self = CONTAINER_OF(deferred, struct verifier, deferred);

	if (self->state == VERIFIER_TELLING)
		verifier_tell(self);
	verifier_go_on(self);
}

static void verifier_ended(struct helper_client *client)
{
	struct verifier *self = CONTAINER_OF(client, struct verifier, client);

	self->ready = false;
	if (self->state == VERIFIER_WAITING || self->state == VERIFIER_WORKING)
		verifier_end(self, E_FAIL);
}

/* Begins the operation, and the process if it does not run. */
static enum error verifier_begin(struct verifier *self, enum verifier_operation operation)
{
	enum error error = helper_start(self->cap, &self->client);

	if (error == E_OK)
		self->ready = false;
	else if (error != E_ALREADY)
		return error;
	self->operation = (uint8_t)operation;
	self->is_digest = operation <= VERIFIER_HASH_FINISH;
	self->state = VERIFIER_WAITING;
	deferred_set(&self->deferred);
	return E_OK;
}

/* ---- hil/digest.h ---- */

static enum error digest_start(struct digest *digest, enum digest_algorithm algorithm)
{
	struct verifier *self = CONTAINER_OF(digest, struct verifier, digest);

	if (self->state != VERIFIER_IDLE)
		return E_BUSY;

	enum error error = verifier_begin(self, VERIFIER_HASH_START);

	if (error != E_OK)
		return error; /* a hash that was begun before has the length that it had */
	self->result_length = (uint8_t)digest_size(algorithm);
	self->first = self->result_length * 8u;
	return E_OK;
}

static enum error digest_add(struct digest *digest, const uint8_t *data, size_t length)
{
	struct verifier *self = CONTAINER_OF(digest, struct verifier, digest);

	if (self->state != VERIFIER_IDLE)
		return E_BUSY;
	if (length == 0 || length > DIGEST_PIECE)
		return E_SIZE;
	self->data = data;
	self->length = (uint32_t)length;
	self->first = (uint32_t)length;
	return verifier_begin(self, VERIFIER_HASH_ADD);
}

static enum error digest_finish(struct digest *digest, uint8_t result[DIGEST_MAX])
{
	struct verifier *self = CONTAINER_OF(digest, struct verifier, digest);

	if (self->state != VERIFIER_IDLE)
		return E_BUSY;
	self->result = result;
	return verifier_begin(self, VERIFIER_HASH_FINISH);
}

static const struct digest_ops digest_ops = {
	.start = digest_start,
	.add = digest_add,
	.finish = digest_finish,
};

/* ---- hil/public_key.h ---- */

static bool lengths_are_right(const struct public_key_request *request)
{
	uint32_t key = request->key_length;
	uint32_t signature = request->signature_length;

	switch (request->kind) {
	case PUBLIC_KEY_ECDSA_P256:
		return key == 2 * ECDSA_HALF && signature == 2 * ECDSA_HALF;
	case PUBLIC_KEY_RSA:
		return (key == 384 || key == 512) && signature == key;
	default:
		return key == ED25519_KEY && signature == ED25519_SIGNATURE;
	}
}

static enum error public_key_verify(struct public_key *public_key,
				    const struct public_key_request *request)
{
	static const uint8_t operations[] = {
		[PUBLIC_KEY_ECDSA_P256] = VERIFIER_ECDSA_P256,
		[PUBLIC_KEY_RSA] = VERIFIER_RSA,
		[PUBLIC_KEY_ED25519] = VERIFIER_ED25519,
	};
	struct verifier *self = CONTAINER_OF(public_key, struct verifier, public_key);

	if (self->state != VERIFIER_IDLE)
		return E_BUSY;
	if (!lengths_are_right(request))
		return E_SIZE;
	self->request = *request;
	self->first = request->key_length;
	return verifier_begin(self, operations[request->kind]);
}

static const struct public_key_ops public_key_ops = {
	.verify = public_key_verify,
};

static const struct driver_type driver_type = {
	.command = verifier_command,
	.grant = {.upcalls = 1, .allow_rw = 1},
};

static const struct helper_client_ops client_ops = {
	.ended = verifier_ended,
};

static const struct deferred_ops deferred_ops = {
	.called = verifier_called,
};

void verifier_init(struct verifier *self, const struct cap_helper *cap)
{
	*self = (struct verifier){
		.driver = {.type = &driver_type},
		.digest = {.ops = &digest_ops},
		.public_key = {.ops = &public_key_ops},
		.client = {.ops = &client_ops},
		.deferred = {.ops = &deferred_ops},
		.cap = cap,
	};
}

void verifier_rest(struct verifier *self)
{
	self->state = VERIFIER_IDLE;
	self->ready = false;
	helper_stop(self->cap);
}
