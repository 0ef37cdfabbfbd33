// SPDX-License-Identifier: MIT
/* What granit says in its own name: lines on standard error, and the termination log. */
#include "report/say.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "report/report.h"
#include "sys/variables.h"

void say(struct log *l, const char *fmt, ...)
{
	char buf[PIPE_BUF];
	struct text t;
	va_list args;

	text_init(&t, buf, sizeof(buf) - 1);
	text_add(&t, "granit: ");
	va_start(args, fmt);
	text_add_v(&t, fmt, args);
	va_end(args);
	t.size++;
	text_add(&t, "\n");
	(void)log_write(l, &t);
}

/* The one variable that granit reads for itself. An empty one is none, as its page has it. */
bool is_colored(const struct policy *p, int fd)
{
	const char *unwanted = variable_value(environ, "NO_COLOR");

	return p->color == COLOR_AUTO && (!unwanted || !*unwanted) && isatty(fd);
}

static const char *why_not_written(int error)
{
	switch (error) {
	case EINVAL:
		return "it is not a regular file";
	case ELOOP:
		return "a part of the path is a symbolic link, which is not followed";
	case EMLINK:
		return "it has a second name (a hard link)";
	default:
		return strerror(error);
	}
}

void say_why(struct log *l, const struct policy *p, const struct text *message)
{
	int r = termination_log_write(p, message);
	char place[PATH_MAX];
	struct text t;

	if (r == 0)
		return;
	text_init(&t, place, sizeof(place));
	text_add_name(&t, p->termination_log ? p->termination_log : TERMINATION_LOG);
	say(l, "cannot write the termination log %s: %s; --termination-log=none turns it off",
	    place, why_not_written(-r));
}

void fail(struct log *l, const struct policy *p, const char *fmt, ...)
{
	char buf[PIPE_BUF];
	struct text t;
	va_list args;

	text_init(&t, buf, sizeof(buf));
	va_start(args, fmt);
	text_add_v(&t, fmt, args);
	va_end(args);
	say(l, "%s", buf);
	say_why(l, p, &t);
}
