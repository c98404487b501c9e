/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What compiled C++ calls that is not in the source: the names are those of the
 * Itanium C++ ABI (section 3.2.6 and chapter 5). A program in C has none of it.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "detent/compiler.h"

/* How size_t is written in a name: `unsigned int`, in host tests `unsigned long`. */
#if SIZE_MAX > UINT32_MAX
#define SIZE_LETTER "m"
#else
#define SIZE_LETTER "j"
#endif

NORETURN void __cxa_pure_virtual(void);
void *cxx_new(size_t size) __asm__("_Znw" SIZE_LETTER);
void *cxx_new_array(size_t size) __asm__("_Zna" SIZE_LETTER);
void cxx_delete(void *object) __asm__("_ZdlPv");
void cxx_delete_sized(void *object, size_t size) __asm__("_ZdlPv" SIZE_LETTER);
void cxx_delete_array(void *object) __asm__("_ZdaPv");
void cxx_delete_array_sized(void *object, size_t size) __asm__("_ZdaPv" SIZE_LETTER);

/* A virtual function was called in the constructor of the class that leaves it open. */
NORETURN void __cxa_pure_virtual(void)
{
	abort();
}

/* There are no exceptions, and nobody may get a null pointer from `new`. */
void *cxx_new(size_t size)
{
	void *object = malloc(size > 0 ? size : 1);

	if (!object)
		abort();
	return object;
}

void *cxx_new_array(size_t size)
{
	return cxx_new(size);
}

void cxx_delete(void *object)
{
	free(object);
}

void cxx_delete_sized(void *object, size_t size)
{
	(void)size;
	free(object);
}

void cxx_delete_array(void *object)
{
	free(object);
}

void cxx_delete_array_sized(void *object, size_t size)
{
	(void)size;
	free(object);
}
