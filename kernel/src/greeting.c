/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "greeting.h"

#include "kernel/log.h"
#include "trusted/arch.h"
#include "trusted/board.h"
#include "trusted/linker.h"

#include <stddef.h>

enum { VALUE_MAX = 48 };

struct printable {
	char text[VALUE_MAX];
};

/* Copies the value of `key=` in the build record; empty where it is missing. */
static void build_value(const char *key, struct printable *value)
{
	size_t used = 0;

	value->text[0] = '\0';
	for (const char *line = linker_build_record; *line != '\0'; line++) {
		const char *k = key;

		while (*k != '\0' && *line == *k) {
			k++;
			line++;
		}
		if (*k == '\0') {
			while (*line > '\n' && used < sizeof(value->text) - 1)
				value->text[used++] = *line++;
			value->text[used] = '\0';
			return;
		}
		while (*line != '\n' && *line != '\0')
			line++;
		if (*line == '\0')
			return;
	}
}

void greeting_print(void)
{
	struct printable version, toolchain, flags;

	build_value("version=", &version);
	build_value("toolchain=", &toolchain);
	build_value("flags=", &flags);
	log_print("\r\nDetent %s on %s, %s, %s, flags %s\r\n", version.text, board.name,
		  arch_protection_name(), toolchain.text, flags.text);
}
