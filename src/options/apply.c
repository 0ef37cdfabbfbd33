// SPDX-License-Identifier: MIT
/* Applies one option. What the command line says outvotes what the file has said before. */
#include <errno.h>
#include <string.h>

#include "options/values.h"

static bool *said_here(struct parse *p, const struct option_row *row)
{
	size_t i = 0;

	while (option_at(i) != row)
		i++;
	return &p->here[i];
}

static bool can_be_emptied(const struct option_row *row)
{
	return row->field.size || row->empty;
}

static void empty_option(struct parse *p, const struct option_row *row)
{
	if (row->empty)
		row->empty(p, row);
	else
		memset((char *)p->policy + row->field.at, row->field.fresh, row->field.size);
}

/* Those of the file do not count; with all, nor does what the command line said so far. */
static void drop_settings(struct parse *p, const struct option_row *row, bool all)
{
	for (size_t i = 0; i < p->settings_count; i++) {
		struct setting *s = &p->settings[i];

		if ((all || s->line) && strcmp(s->name, row->name) == 0)
			s->dropped = true;
	}
}

/* Takes back what is replaced. Returns whether the value is none, which leaves nothing to set. */
static bool replace_option(struct parse *p, const struct option_row *row, const char *value)
{
	bool is_none = can_be_emptied(row) && !row->has_own_none && strcmp(value, "none") == 0;
	bool is_first = false;

	if (!p->file) {
		is_first = !*said_here(p, row);
		*said_here(p, row) = true;
	}
	/* Not by what is remembered of the file: a long one has more than there is room for. */
	if (can_be_emptied(row) && (is_none || (is_first && !row->adds)))
		empty_option(p, row);
	if (is_none || (!p->file && !row->adds))
		drop_settings(p, row, is_none);
	return is_none;
}

void option_forget_file_levels(struct parse *p)
{
	const struct option_row *row;

	option_empty_levels_of_file(p);
	option_forget_file_core(p->policy);
	for (size_t i = 0; (row = option_at(i)) != NULL; i++) {
		if (!row->is_of_profile)
			continue;
		drop_settings(p, row, false);
		if (!row->adds && !p->here[i])
			empty_option(p, row);
	}
}

/* ---- for the report */

static bool lists_word(const char *words, const char *word, size_t len)
{
	for (const char *at = words; (at = strstr(at, word)) != NULL; at++)
		if ((at == words || strchr(", \t", at[-1])) &&
		    (!at[len] || strchr(", \t", at[len])))
			return true;
	return false;
}

bool option_lowers(const struct policy *p, const struct option_row *row, const char *value)
{
	if (!row->lowers || (value && strcmp(value, "no") == 0))
		return false;
	/* Less than another default. */
	if (value && strcmp(value, "quick") == 0)
		return p->root;
	if (value && strcmp(value, "auto") == 0)
		return p->profile == PROFILE_RESTRICTED;
	/* Of limits: core files hold what the program knows, and are off unless somebody says more.
	 */
	if (value && strncmp(value, "core=", 5) == 0)
		return value[5 + strspn(value + 5, "0:")] != '\0';
	if (strcmp(row->lowers, "*") == 0)
		return !value || strcmp(value, "none") != 0;
	if (!value)
		return false;
	if (strcmp(row->lowers, "none") == 0)
		return lists_word(value, "none", strlen("none"));
	return lists_word(row->lowers, value, strlen(value));
}

/* Where it is full, what lowers takes the place of what does not. NULL: there is none. */
static struct setting *place(struct parse *p, bool lowers)
{
	if (p->settings_count < PARSE_SETTINGS)
		return &p->settings[p->settings_count++];
	p->settings_omitted++;
	for (size_t i = 0; lowers && i < PARSE_SETTINGS; i++)
		if (!p->settings[i].lowers)
			return &p->settings[i];
	return NULL;
}

static void remember(struct parse *p, const struct option_row *row, const char *value)
{
	bool lowers = option_lowers(p->policy, row, value);
	struct setting *s = place(p, lowers);

	if (s)
		*s = (struct setting){.name = row->name,
				      .value = value,
				      .line = p->file ? p->line : 0,
				      .of_init = p->of_init && !p->file,
				      .lowers = lowers};
}

/* ---- one option */

static void add_place(struct parse *p, const char *what)
{
	text_add_name(p->err, p->file);
	text_add(p->err, ":%zu:%zu: %s: ", p->line, p->column, what);
}

bool option_is_switch(const struct option_row *row)
{
	return !row->value && row->set != option_set_mode;
}

int option_read_switch(const char **value)
{
	if (*value && strcmp(*value, "yes") == 0)
		*value = NULL;
	return !*value || strcmp(*value, "no") == 0 ? 0 : -EINVAL;
}

/* What stands in a file that is not everybody's may be a secret, and the file none of options. */
static void hide_value(struct parse *p, size_t from)
{
	text_cut(p->err, from);
	text_add(p->err, "invalid value, not shown because the file is not world-readable");
}

int option_apply(struct parse *p, const struct option_row *row, const char *value)
{
	size_t said;
	int r;

	if (p->file)
		add_place(p, row->name);
	else
		text_add(p->err, "--%s: ", row->name);
	said = p->err->len;
	r = replace_option(p, row, value) ? 0 : row->set(p, row, value);
	if (r == -ENOMEM)
		text_add(p->err, "not enough memory for its value");
	else if (r < 0 && p->file && p->hides)
		hide_value(p, said);
	if (r < 0)
		return -EINVAL;
	text_init(p->err, p->err->buf, p->err->size);
	remember(p, row, value);
	return 0;
}
