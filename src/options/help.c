// SPDX-License-Identifier: MIT
/* Prints the help text from the option table. */
#include <string.h>

#include "harden/deny.h"
#include "options/options.h"

/* Wide enough for the longest option; a longer one gets a line of its own. */
enum { HELP_COLUMN = 27, HELP_WIDTH = 92 };

/* Adds words up to the width, then continues below the column where they began. */
static void add_wrapped(struct text *out, const char *words)
{
	size_t at = HELP_COLUMN;

	while (*words) {
		size_t len = strcspn(words, " ");

		if (at + len > HELP_WIDTH) {
			text_add(out, "\n%*s", HELP_COLUMN, "");
			at = HELP_COLUMN;
		}
		text_add(out, "%.*s%s", (int)len, words, words[len] ? " " : "");
		at += len + 1;
		words += len + (words[len] == ' ');
	}
	text_add(out, "\n");
}

/* Replaces {} by the words of --deny, which have a table of their own. */
static void fill_in(struct text *out, const char *help)
{
	const char *gap = strstr(help, "{}");

	text_add(out, "%.*s", gap ? (int)(gap - help) : (int)strlen(help), help);
	if (!gap)
		return;
	for (size_t i = 0; i < array_length(denials); i++)
		text_add(out, "%s%s", i ? ", " : "", denials[i].name);
	text_add(out, "%s", gap + 2);
}

static void add_option(struct text *out, const struct option_row *row)
{
	char buf[64], words[256];
	struct text left, help;

	text_init(&left, buf, sizeof(buf));
	if (row->letter)
		text_add(&left, "  -%c, ", row->letter);
	else
		text_add(&left, "      ");
	text_add(&left, "--%s", row->name);
	if (row->value)
		text_add(&left, row->may_lack_value ? "[=%s]" : "=%s", row->value);
	text_add(out, "%-*s", HELP_COLUMN, buf);
	if (left.len >= HELP_COLUMN)
		text_add(out, "\n%*s", HELP_COLUMN, "");
	text_init(&help, words, sizeof(words));
	fill_in(&help, row->help);
	add_wrapped(out, words);
}

void options_help(struct text *out)
{
	const struct option_row *row;

	text_add(out,
		 "usage: granit [OPTION]... [--] PROGRAM [ARG]...   verify, harden, start "
		 "PROGRAM, supervise it\n"
		 "       granit --check [OPTION]...               verify and report\n"
		 "       granit --probe=TARGET...                 is it healthy? 0 yes, 1 no\n\n");
	for (size_t i = 0; (row = option_at(i)) != NULL; i++)
		add_option(out, row);
	text_add(out, "\nExit status: PROGRAM's own, or 128+N when signal N killed it. Without a "
		      "start: 78 "
		      "refused,\na check at level fail did not pass; 125 granit could not do its "
		      "work; 126 "
		      "PROGRAM cannot\nbe executed; 127 PROGRAM was not found.\n");
}
