// SPDX-License-Identifier: MIT
/* Writes granit's own messages to standard error and to the termination log. */
#include "report/say.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "report/report.h"

void say(const char *fmt, ...)
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
	(void)text_write(&t, STDERR_FILENO);
}

void say_why(const struct policy *p, const struct text *message)
{
	int r = termination_log_write(p, message);

	if (r < 0)
		say("cannot write the termination log %s: %s; --termination-log=none does without",
		    p->termination_log ? p->termination_log : TERMINATION_LOG, strerror(-r));
}

void fail(const struct policy *p, const char *fmt, ...)
{
	char buf[PIPE_BUF];
	struct text t;
	va_list args;

	text_init(&t, buf, sizeof(buf));
	va_start(args, fmt);
	text_add_v(&t, fmt, args);
	va_end(args);
	say("%s", buf);
	say_why(p, &t);
}
