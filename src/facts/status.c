// SPDX-License-Identifier: MIT
/* Parses /proc/PID/status. */
#include "facts/status.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The text behind "NAME:" at the start of a line from here on; NULL: there is no such line. */
static const char *find_line(const char *status, const char *name)
{
	while (*status) {
		const char *n = name;

		while (*n && *status == *n) {
			status++;
			n++;
		}
		if (!*n && *status == ':')
			return status + 1;
		while (*status && *status++ != '\n')
			;
	}
	return NULL;
}

/* A text that is searched for lines, most often in the kernel's order. */
struct lines {
	const char *all, *rest;
};

static const char *line_value(struct lines *l, const char *name)
{
	const char *value = find_line(l->rest, name);

	if (!value)
		value = find_line(l->all, name);
	if (value)
		l->rest = strchrnul(value, '\n');
	return value;
}

static int parse_ids(struct lines *status, const char *name, uint32_t ret[4])
{
	const char *value = line_value(status, name);
	char *end;

	if (!value)
		return -EINVAL;
	for (int i = 0; i < 4; i++) {
		ret[i] = (uint32_t)strtoul(value, &end, 10);
		if (end == value)
			return -EINVAL;
		value = end;
	}
	return 0;
}

static const char *const cap_lines[CAP_SET_COUNT] = {
	[CAP_SET_PERMITTED] = "CapPrm", [CAP_SET_INHERITABLE] = "CapInh",
	[CAP_SET_EFFECTIVE] = "CapEff", [CAP_SET_BOUNDING] = "CapBnd",
	[CAP_SET_AMBIENT] = "CapAmb",
};

static bool has_group_root(struct lines *status)
{
	const char *value = line_value(status, "Groups");
	char *end;

	for (; value && *value != '\n'; value = end) {
		unsigned long id = strtoul(value, &end, 10);

		/* The list ends in a blank; strtoul(3) would continue on the next line. */
		if (end == value || memchr(value, '\n', (size_t)(end - value)))
			break;
		if (id == 0)
			return true;
	}
	return false;
}

int status_parse(const char *status, struct status *ret, const char **ret_missing)
{
	struct status s = {.no_new_privs = -1, .seccomp = -1};
	struct lines lines = {.all = status, .rest = status};
	const char *value;

	*ret_missing = "Uid";
	if (parse_ids(&lines, "Uid", s.uid) < 0)
		return -EINVAL;
	*ret_missing = "Gid";
	if (parse_ids(&lines, "Gid", s.gid) < 0)
		return -EINVAL;
	s.group_root = has_group_root(&lines);
	for (int i = 0; i < CAP_SET_COUNT; i++) {
		char *end;

		*ret_missing = cap_lines[i];
		value = line_value(&lines, cap_lines[i]);
		if (!value && i == CAP_SET_AMBIENT)
			continue; /* kernels before 4.3 have no such set */
		if (!value)
			return -EINVAL;
		s.caps[i] = strtoull(value, &end, 16);
		if (end == value)
			return -EINVAL;
	}
	value = line_value(&lines, "NoNewPrivs");
	if (value)
		s.no_new_privs = strtoul(value, NULL, 10) != 0;
	value = line_value(&lines, "Seccomp");
	if (value)
		s.seccomp = (int)strtoul(value, NULL, 10);
	*ret = s;
	return 0;
}
