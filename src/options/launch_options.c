// SPDX-License-Identifier: MIT
/* What the options of src/launch do with their values. */
#include <errno.h>
#include <string.h>

#include "facts/hooks.h"
#include "options/values.h"
#include "sys/variables.h"

/* What is emptied was wanted, or there is nothing to do. */
void option_empty_wait_for(struct parse *p, const struct option_row *row)
{
	(void)row;
	if (p->policy->wanted)
		p->policy->wanted->waits.count = 0;
}

void option_empty_env_file(struct parse *p, const struct option_row *row)
{
	(void)row;
	if (p->policy->wanted)
		p->policy->wanted->env_files_count = 0;
}

void option_empty_secret(struct parse *p, const struct option_row *row)
{
	(void)row;
	if (p->policy->wanted)
		p->policy->wanted->secrets_count = 0;
}

struct wanted *option_wanted(struct parse *p)
{
	if (!p->policy->wanted)
		p->policy->wanted = arena_take(p->arena, 1, sizeof(*p->policy->wanted));
	return p->policy->wanted;
}

int option_add_env_file(struct parse *p, const struct option_row *row, const char *value)
{
	struct wanted *w = option_wanted(p);

	(void)row;
	if (!w)
		return -ENOMEM;
	if (*value != '/')
		return option_bad_value(p, value, "is not an absolute path");
	if (w->env_files_count == ENV_FILES_MOST)
		return option_bad_value(p, value, "is one too many");
	w->env_files[w->env_files_count++] = value;
	return 0;
}

/* "/run/secrets/NAME", where Docker, podman and Compose put them. */
static const char *usual_file(struct parse *p, const char *name)
{
	static const char dir[] = "/run/secrets/";
	char *path = arena_take(p->arena, sizeof(dir) + strlen(name), 1);

	if (path) {
		memcpy(path, dir, sizeof(dir) - 1);
		memcpy(path + sizeof(dir) - 1, name, strlen(name) + 1);
	}
	return path;
}

/* The row of the secret with this name, or a new one: the last option wins. */
static size_t find_secret(const struct wanted *w, const char *name)
{
	size_t i = 0;

	while (i < w->secrets_count && strcmp(w->secrets[i].name, name) != 0)
		i++;
	return i;
}

int option_add_secret(struct parse *p, const struct option_row *row, const char *value)
{
	struct wanted *w = option_wanted(p);
	char *name = arena_copy(p->arena, value);
	struct secret s = {.name = name};
	size_t len, i;

	(void)row;
	if (!w || !name)
		return -ENOMEM;
	len = variables_name_length(name);
	if (len == 0 || (name[len] && (name[len] != '=' || name[len + 1] != '/'))) {
		/* It may be the secret itself. */
		name[strcspn(name, "=")] = '\0';
		return option_bad_value(p, name,
					"is not NAME or NAME=/FILE, with the name of a variable "
					"(what stands behind '=' is not shown)");
	}
	s.file = name[len] ? name + len + 1 : usual_file(p, name);
	name[len] = '\0';
	if (!s.file)
		return -ENOMEM;
	if (hook_has_name(name))
		return option_bad_value(p, name, "makes programs load files: that is not a secret");
	i = find_secret(w, name);
	if (i == SECRETS_MOST)
		return option_bad_value(p, value, "is one too many");
	w->secrets[i] = s;
	w->secrets_count += i == w->secrets_count;
	return 0;
}

int option_set_secrets(struct parse *p, const struct option_row *row, const char *value)
{
	static const char *const words[] = {"off", "auto"};
	int i = option_find_word(p, value, "mode", words, array_length(words));
	struct wanted *w;

	(void)row;
	if (i < 0)
		return i;
	/* Nothing to turn off: without anything wanted, no process is made for it. */
	if (i == 0 && !p->policy->wanted)
		return 0;
	w = option_wanted(p);
	if (!w)
		return -ENOMEM;
	w->secrets_auto = i;
	return 0;
}
