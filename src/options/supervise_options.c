// SPDX-License-Identifier: MIT
/* Options about signals, exit statuses and time. */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "options/values.h"
#include "sys/signame.h"

int option_read_signal(struct parse *p, const char *name)
{
	int signal = signal_by_name(name);

	if (signal > 0)
		return signal;
	return option_find_word(p, name, "signal", signal_names, (size_t)signal_names_count);
}

int option_add_rewrite(struct parse *p, const struct option_row *row, const char *value)
{
	char *from = arena_copy(p->arena, value), *to;
	int was, is = 0;

	(void)row;
	if (!from)
		return -ENOMEM;
	to = strchr(from, ':');
	if (!to)
		return option_bad_value(p, value, "is not FROM:TO, as in TERM:QUIT; TO 0 drops it");
	*to++ = '\0';
	was = option_read_signal(p, from);
	if (was < 0)
		return was;
	if (was == SIGKILL || was == SIGSTOP || was == SIGCHLD)
		return option_bad_value(
			p, value, "names a signal that is never forwarded: KILL, STOP or CHLD");
	if (strcmp(to, "0") != 0)
		is = option_read_signal(p, to);
	if (is < 0)
		return is;
	p->policy->rewrite[was] = (short)(is ? is : SIGNAL_DROPPED);
	return 0;
}

int option_set_parent_death(struct parse *p, const struct option_row *row, const char *value)
{
	int signal = option_read_signal(p, value);

	(void)row;
	if (signal < 0)
		return signal;
	p->policy->parent_death = signal;
	return 0;
}

/* "3", or "3-5". */
static int add_statuses(struct parse *p, char *range)
{
	char *last = strchr(range, '-');
	uint64_t from, to;

	if (last)
		*last++ = '\0';
	if (text_to_uint(range, UINT8_MAX, &from) < 0 ||
	    text_to_uint(last ? last : range, UINT8_MAX, &to) < 0 || to < from)
		return -EINVAL;
	for (; from <= to; from++)
		p->policy->remap[from / 64] |= UINT64_C(1) << (from % 64);
	return 0;
}

int option_add_remap(struct parse *p, const struct option_row *row, const char *value)
{
	char *list = arena_copy(p->arena, value), *range;

	(void)row;
	if (!list)
		return -ENOMEM;
	while ((range = text_next_word(&list)) != NULL)
		if (add_statuses(p, range) < 0)
			return option_bad_value(p, value,
						"is not an exit status: a number from 0 to 255, a "
						"range as in 1-3, or a list");
	return 0;
}

int option_read_time(struct parse *p, const char *value, int64_t *ret_ms)
{
	uint64_t nanoseconds;

	if (text_to_time(value, &nanoseconds) < 0)
		return option_bad_value(p, value, "is not a time, as in 500ms, 10s, 2m");
	*ret_ms = (int64_t)(nanoseconds / 1000000);
	return 0;
}

/* Sets the time of the policy at the row's offset. */
int option_set_time(struct parse *p, const struct option_row *row, const char *value)
{
	int64_t ms;

	if (option_read_time(p, value, &ms) < 0)
		return -EINVAL;
	memcpy((char *)p->policy + row->argument, &ms, sizeof(ms));
	return 0;
}
