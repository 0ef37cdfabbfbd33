// SPDX-License-Identifier: MIT
/* The help text, from the option table. */
#include <string.h>

#include "harden/deny.h"
#include "options/options.h"

/* Wide enough for most options; a longer one gets a line of its own. */
enum { HELP_COLUMN = 27 };

static void add_wrapped(struct text *out, const char *words)
{
	size_t column = HELP_COLUMN;

	while (*words) {
		size_t len = strcspn(words, " ");

		text_add_word(out, words, len, &column, HELP_COLUMN);
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
	if (left.len >= HELP_COLUMN)
		text_add(out, "%s\n%*s", buf, HELP_COLUMN, "");
	else
		text_add(out, "%-*s", HELP_COLUMN, buf);
	text_init(&help, words, sizeof(words));
	fill_in(&help, row->help);
	add_wrapped(out, words);
}

void option_explain(struct text *out, const struct option_row *row)
{
	add_option(out, row);
	if (row->place == OPTION_ANYWHERE)
		text_add(out, "\nIn /etc/granit.conf: %s%s%s\n", row->name, row->value ? " = " : "",
			 row->value ? row->value : "");
	else
		text_add(out, "\nOn the command line only.\n");
	if (row->judges)
		text_add(out, "A --check by exec takes it over from process 1.\n");
	text_add(out, "Documentation: granit(1)\n");
}

static const char usage[] =
	"usage: granit [OPTION]... [--] PROGRAM [ARG]...\n"
	"       granit --check [--root=DIR] [OPTION]...\n"
	"       granit --seal=DIR [OPTION]...\n"
#if GRANIT_TOOLS
	"       granit --learn[=FILE] [OPTION]... [--] PROGRAM [ARG]...\n"
	"       granit --probe=TARGET | --sleep=TIME | --kill=SIGNAL\n"
#endif
	"       granit --pause [OPTION]...\n"
	"       granit --list-checks | --explain=NAME | --help | --license | --version\n"
	"\n"
	"Verify that the container is immutable, harden the process, start PROGRAM,\n"
	"forward signals to it and reap orphans. As in a Dockerfile:\n"
	"\n"
	"  ENTRYPOINT [\"/granit\", \"--writable=/data\", \"--\", \"/app\"]\n";

static const char behind[] =
	"\nExit status: that of PROGRAM, or 128+N if signal N killed it; 78 refused to\n"
	"start; 125 granit failed; 126 PROGRAM cannot be executed; 127 it was not found.\n"
	"Documentation: granit(1), granit.conf(5), doc/ in the source.\n";

void options_help(struct text *out)
{
	const char *group = NULL;
	const struct option_row *row;

	text_add(out, "%s", usage);
	for (size_t i = 0; (row = option_at(i)) != NULL; i++) {
		if (option_group(i) != group) {
			text_add(out, "\n");
			text_add_colored(out, TEXT_HEADING, "%s:", option_group(i));
			text_add(out, "\n");
		}
		group = option_group(i);
		add_option(out, row);
	}
	text_add(out, "%s", behind);
}
