/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What the fuzz targets share: reading the input as a script. */
#ifndef FUZZ_H
#define FUZZ_H

#include "state.h"

struct fuzz_input {
	const uint8_t *bytes;
	size_t left;
};

/*
 * 0 where the input is used up. One in a full expression: compilers take the arguments
 * of a call in different orders, and an input must mean the same to all of them.
 */
uint8_t fuzz_u8(struct fuzz_input *input);
uint16_t fuzz_u16(struct fuzz_input *input);
uint32_t fuzz_u32(struct fuzz_input *input);

/* An application of `size` bytes, at least 40, mostly whole. */
void fuzz_application(struct fuzz_input *input, uint8_t *to, uint32_t size);

/* Any number, but often one at an edge of the process's memory. */
uint32_t fuzz_value(struct fuzz_input *input, struct host_app *app);

/* A driver number, most times one that the board has. */
uint32_t fuzz_driver(struct fuzz_input *input);

/* What a command has just given the process, a handle perhaps, is among later values. */
void fuzz_keep(const struct host_app *app);

/* Bytes from the start of the process's RAM; nothing happens where it does not reach so far. */
void fuzz_put(struct host_app *app, uint32_t offset, const void *bytes, size_t length);

/* The process writes bytes of the input to its RAM: to the first 2 kB of it. */
void fuzz_poke(struct fuzz_input *input, struct host_app *app);

/* The process makes a system call of this class with arguments from the input. */
void fuzz_call(struct fuzz_input *input, struct host_app *app, uint32_t class_number,
	       uint32_t driver);

/* Something happens: time passes, a key comes, an operator acts, a device fails. */
void fuzz_event(struct fuzz_input *input, struct host_app *app);

/* First of all: the probe driver does what its commands say: upcalls, copies, grants. */
void fuzz_probe(void);

/* Whether the kernel goes on. */
bool fuzz_alive(void);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

#endif
