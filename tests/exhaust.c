// SPDX-License-Identifier: MIT
/* Tries functions of granit with every input up to a size: exhaust PART. Prints how many it were.
 */
#include <inttypes.h>
#include <linux/filter.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "helpers/exhaust.h"

static const struct part {
	const char *name;
	uint64_t (*try)(void);
} parts[] = {
	{"paths", exhaust_paths},   {"patterns", exhaust_patterns}, {"numbers", exhaust_numbers},
	{"bytes", exhaust_bytes},   {"mounts", exhaust_mounts},     {"elf", exhaust_elf},
	{"filter", exhaust_filter}, {"listener", exhaust_listener},
};

void exhaust_wrong(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	(void)vprintf(fmt, args);
	va_end(args);
	(void)printf("\n");
	exit(1);
}

int exhaust_next(char *s, const char *characters, size_t longest)
{
	size_t len = strlen(s), n = strlen(characters);

	for (size_t i = len; i > 0; i--) {
		size_t at = (size_t)(strchr(characters, s[i - 1]) - characters);

		if (at + 1 < n) {
			s[i - 1] = characters[at + 1];
			return 1;
		}
		s[i - 1] = characters[0];
	}
	if (len == longest)
		return 0;
	s[len] = characters[0];
	s[len + 1] = '\0';
	return 1;
}

static uint32_t word_at(const void *data, uint32_t offset)
{
	uint32_t word;

	if (offset % sizeof(word) || offset + sizeof(word) > 64)
		exhaust_wrong("the program reads at %" PRIu32, offset);
	memcpy(&word, (const char *)data + offset, sizeof(word));
	return word;
}

uint32_t exhaust_run(const struct sock_filter *program, size_t length, const void *data)
{
	uint32_t a = 0;

	for (size_t i = 0; i < length; i++) {
		const struct sock_filter *insn = &program[i];

		switch (insn->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			a = word_at(data, insn->k);
			break;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= insn->k;
			break;
		case BPF_JMP | BPF_JA:
			i += insn->k;
			break;
		case BPF_JMP | BPF_JEQ | BPF_K:
			i += a == insn->k ? insn->jt : insn->jf;
			break;
		case BPF_JMP | BPF_JSET | BPF_K:
			i += (a & insn->k) ? insn->jt : insn->jf;
			break;
		case BPF_RET | BPF_K:
			return insn->k;
		default:
			exhaust_wrong("instruction %zu is %#x", i, (unsigned int)insn->code);
		}
	}
	exhaust_wrong("the program of %zu instructions ends without a return", length);
}

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcmp(argv[1], parts[i].name) != 0)
			continue;
		(void)printf("%s: %" PRIu64 " cases\n", argv[1], parts[i].try());
		return 0;
	}
	(void)fprintf(stderr, "usage: exhaust PART\n");
	return 2;
}
