// SPDX-License-Identifier: MIT
/* The ports of --listen and --connect. */
#include <errno.h>
#include <string.h>

#include "options/values.h"

static int add_port(struct parse *p, struct ports *ports, const char *word)
{
	static const char udp[] = "udp:", tcp[] = "tcp:";
	bool is_udp = strncmp(word, udp, strlen(udp)) == 0;
	bool is_named = is_udp || strncmp(word, tcp, strlen(tcp)) == 0;
	uint64_t number;

	if (text_to_uint(word + (is_named ? strlen(udp) : 0), UINT16_MAX, &number) < 0)
		return option_bad_value(p, word, "is not a port, as in 8080 or udp:53");
	if (ports->count == POLICY_PORTS) {
		text_add(p->err, "names more than %d ports", POLICY_PORTS);
		return -EINVAL;
	}
	ports->list[ports->count++] = (struct port){.number = (uint16_t)number, .udp = is_udp};
	return 0;
}

int option_add_ports(struct parse *p, const struct option_row *row, const char *value)
{
	struct ports *ports = (void *)((char *)p->policy + row->argument);
	char *words = arena_copy(p->arena, value), *word;
	int r = 0;

	if (!words)
		return -ENOMEM;
	while (r == 0 && (word = text_next_word(&words)) != NULL)
		r = add_port(p, ports, word);
	return r;
}
