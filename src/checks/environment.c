// SPDX-License-Identifier: MIT
/* What the deployer put into the environment. Values are never told: they may be secrets. */
#include <string.h>

#include "checks/check.h"
#include "checks/environment.h"
#include "facts/hooks.h"
#include "facts/leads.h"
#include "facts/scan.h"
#include "posture/script.h"
#include "sys/text.h"
#include "sys/variables.h"

/*
 * The length of the name in s, "NAME=value", if name matches it; name may end in '*'. 0: it does
 * not match.
 */
static size_t match_name(const char *s, const char *name)
{
	size_t len = 0;

	while (s[len] == name[len] && s[len] && s[len] != '=')
		len++;
	if (name[len] == '*')
		len += strcspn(s + len, "=");
	else if (name[len])
		return 0;
	return s[len] == '=' ? len : 0;
}

/* The name of the variable, fit to be shown. */
static const char *name_of(struct finding *f, const char *variable)
{
	return shown(f, told(f, "%.*s", (int)strcspn(variable, "="), variable));
}

/* What is wrong with where a path leads. */
enum way {
	WAY_SAFE,
	WAY_WRITABLE,
	WAY_RELATIVE,
	WAY_UNKNOWN, /* taken for writable */
};

static enum lead_end end_of(const struct lead *leads, const char *path)
{
	while (leads && leads->path != path)
		leads = leads->next;
	return leads ? leads->end : LEAD_BY_TEXT;
}

static bool has_part_up(const char *path, size_t len)
{
	for (size_t i = 0; i + 2 <= len; i++)
		if (memcmp(path + i, "..", 2) == 0 && (i == 0 || path[i - 1] == '/') &&
		    (i + 2 == len || path[i + 2] == '/'))
			return true;
	return false;
}

/* Of an absolute path, by the mount table and where its links were seen to lead. */
static enum way way_of(const struct mount_table *t, const struct lead *leads, const char *path,
		       size_t len)
{
	const struct mount *m = lead_mount(t, path, len);
	enum lead_end end = end_of(leads, path);

	if (m && (!m->read_only || lead_is_open(t, m, path, len, end)))
		return WAY_WRITABLE;
	if (end == LEAD_LEAVES || (end == LEAD_BY_TEXT && has_part_up(path, len)))
		return WAY_UNKNOWN;
	return WAY_SAFE;
}

/* The worst that the variable's words name. */
static enum way way_of_variable(const struct mount_table *t, const struct lead *leads,
				const char *variable, const struct hook *h)
{
	const char *value = variable + h->name_len + 1;
	struct hook_word w;

	if (!*value)
		return WAY_SAFE;
	while (hook_next_word(h, &value, &w)) {
		enum way way = w.kind == WORD_RELATIVE  ? WAY_RELATIVE
			       : w.kind == WORD_VARYING ? WAY_UNKNOWN
			       : !t->rows               ? WAY_WRITABLE
							: way_of(t, leads, w.path, w.len);

		if (way != WAY_SAFE)
			return way;
	}
	return WAY_SAFE;
}

static const char *check_of(const struct hook *h)
{
	static const char *const checks[] = {
		[HOOK_NONE] = NULL,
		[HOOK_LOADER] = "ld-preload",
		[HOOK_INTERPRETER] = "env-interpreter-hooks",
	};

	return checks[hook_kind(h)];
}

const char *environment_objection(const struct mount_table *t, const struct lead *leads,
				  const char *variable)
{
	const struct hook h = hook_of(variable);

	return h.group && way_of_variable(t, leads, variable, &h) != WAY_SAFE ? check_of(&h) : NULL;
}

/* Where the check refuses nothing is removed: nothing is started. */
static const char *what_is_done(const struct policy *p, const struct finding *f)
{
	return p->harden && f->levels.grave < LEVEL_FAIL ? "; granit removes it" : "";
}

static void judge_variable(const struct policy *p, const struct posture *s, struct finding *f,
			   const char *variable)
{
	static const char *const ways[] = {
		[WAY_WRITABLE] = "names a file on a writable mount",
		[WAY_RELATIVE] = "has a relative or empty entry: what it names depends on the "
				 "working directory",
		[WAY_UNKNOWN] = "names a file through links, \"..\" or \"$\" that may leave its "
				"read-only mount",
	};
	const struct hook h = hook_of(variable);
	enum way way;

	if (!h.group || !variable[h.name_len + 1] || strcmp(check_of(&h), f->check->id) != 0)
		return;
	/* Without a table all is unknown, which has been told. */
	way = s->mounts.rows ? way_of_variable(&s->mounts, s->leads, variable, &h) : WAY_SAFE;
	if (way == WAY_SAFE)
		found_note(f, "%s is set", name_of(f, variable));
	else
		found_grave(f, NULL, "%s %s%s", name_of(f, variable), ways[way],
			    what_is_done(p, f));
}

static void judge_variables(const struct policy *p, const struct posture *s, struct finding *f)
{
	(void)found_trouble(f, &s->mounts_trouble);
	for (char *const *e = s->environment; e && *e; e++)
		judge_variable(p, s, f, *e);
}

void judge_ld_preload(const struct policy *p, const struct posture *s, struct finding *f)
{
	const struct known_path_facts *file = &s->paths[PATH_LD_PRELOAD];

	if (!file->error && file->size > 0)
		found_grave(f, known_path_name(PATH_LD_PRELOAD),
			    "%s loads a library into every dynamic program",
			    known_path_name(PATH_LD_PRELOAD));
	judge_variables(p, s, f);
}

/* What looks for code in the home directory, which honest containers have on a volume. */
static const struct home_reader {
	const char *name; /* of programs: how it begins */
	unsigned int content;
	const char *unless; /* a variable that keeps it from there; or NULL */
	const char *what;
} home_readers[] = {
	{"python", CONTENT_PYTHON, "PYTHONNOUSERSITE",
	 "Python runs what lies in .local/lib there, unless PYTHONNOUSERSITE=1 is set"},
	{"node", CONTENT_NODE, NULL, "Node.js takes modules from .node_modules there"},
};

static bool is_reader(const struct home_reader *r, const struct posture *s, const char *path)
{
	return path && (strncmp(text_last_part(path), r->name, strlen(r->name)) == 0 ||
			content_of(path, &s->programs) & r->content);
}

static bool reads_home(const struct home_reader *r, const struct posture *s)
{
	if (r->unless && variable_value(s->environment, r->unless))
		return false;
	for (size_t i = 0; i < s->loaders.count; i++)
		if (is_reader(r, s, s->loaders.of[i].path))
			return true;
	return is_reader(r, s, s->app.place);
}

/* Not removed: without it the program does not find its own files. */
static void judge_home(const struct posture *s, struct finding *f)
{
	const char *home = variable_value(s->environment, "HOME");
	const struct mount *m =
		home && *home == '/' && s->mounts.rows ? mounts_by_path(&s->mounts, home) : NULL;

	/* A writable root has a check of its own; a tmpfs is empty when the program starts. */
	if (!m || m->read_only || mount_is_root(&s->mounts, m) || strcmp(m->fstype, "tmpfs") == 0)
		return;
	for (size_t i = 0; i < array_length(home_readers); i++)
		if (reads_home(&home_readers[i], s))
			found_lesser(f, NULL, "HOME is on a writable volume: %s",
				     home_readers[i].what);
}

void judge_env_hooks(const struct policy *p, const struct posture *s, struct finding *f)
{
	judge_variables(p, s, f);
	judge_home(s, f);
}

static enum way way_of_entry(const struct mount_table *t, const struct lead *leads, const char *dir,
			     size_t len)
{
	return len == 0 || dir[0] != '/' ? WAY_RELATIVE : way_of(t, leads, dir, len);
}

const char *environment_path_objection(const struct mount_table *t, const struct lead *leads,
				       const char *path)
{
	for (const char *dir = path, *end; dir; dir = *end ? end + 1 : NULL) {
		end = strchrnul(dir, ':');
		if (way_of_entry(t, leads, dir, (size_t)(end - dir)) != WAY_SAFE)
			return "path-sane";
	}
	return NULL;
}

static void judge_path_entry(const struct posture *s, struct finding *f, const char *dir,
			     size_t len)
{
	const char *name = shown(f, told(f, "%.*s", (int)len, dir));

	switch (way_of_entry(&s->mounts, s->leads, dir, len)) {
	case WAY_RELATIVE:
		found_grave(f, NULL,
			    "PATH has a relative or empty entry: which program is started depends "
			    "on the working directory");
		break;
	case WAY_WRITABLE:
		/* A writable root is reported once, by its own check. */
		if (mount_is_root(&s->mounts, lead_mount(&s->mounts, dir, len)))
			found_note(f, "PATH has %s, on the root filesystem, which is writable",
				   name);
		else
			found_grave(f, NULL, "PATH has %s, which is on a writable mount", name);
		break;
	case WAY_UNKNOWN:
		found_grave(f, NULL,
			    "PATH has %s, which leads through links or \"..\" to more than one "
			    "read-only mount",
			    name);
		break;
	default:
		break;
	}
}

void judge_path_sane(const struct policy *p, const struct posture *s, struct finding *f)
{
	(void)p;
	(void)found_trouble(f, &s->mounts_trouble);
	for (const char *dir = s->path, *end; dir; dir = *end ? end + 1 : NULL) {
		end = strchrnul(dir, ':');
		judge_path_entry(s, f, dir, (size_t)(end - dir));
	}
}

/* ---- secrets */

/* Whether the name contains the word, between underscores or at either end. */
static bool has_word(const char *name, size_t len, const char *word)
{
	size_t want = strlen(word);

	for (size_t i = 0; i + want <= len; i++)
		if ((i == 0 || name[i - 1] == '_') && strncmp(name + i, word, want) == 0 &&
		    (i + want == len || name[i + want] == '_'))
			return true;
	return false;
}

static bool is_secret_variable(const char *name, size_t len)
{
	static const char *const words[] = {
		"PASS",    "PASSWD",      "PASSWORD",   "SECRET",      "TOKEN", "APIKEY",
		"API_KEY", "PRIVATE_KEY", "CREDENTIAL", "CREDENTIALS", "DSN",
	};

	/* The path of a file is no secret. */
	if (len > 5 && strncmp(name + len - 5, "_FILE", 5) == 0)
		return false;
	for (size_t i = 0; i < array_length(words); i++)
		if (has_word(name, len, words[i]))
			return true;
	return false;
}

/* Prefixes that issuers of tokens chose for recognition. */
static bool is_secret_value(const char *value)
{
	static const char *const starts[] = {
		"AKIA", "ghp_", "gho_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "-----BEGIN ",
	};
	const char *at, *slashes;

	for (size_t i = 0; i < array_length(starts); i++)
		if (strncmp(value, starts[i], strlen(starts[i])) == 0)
			return true;
	/* scheme://user:password@host */
	slashes = strstr(value, "://");
	at = slashes ? strchr(slashes, '@') : NULL;
	return at && memchr(slashes + 3, ':', (size_t)(at - slashes - 3)) &&
	       !memchr(slashes + 3, '/', (size_t)(at - slashes - 3));
}

void judge_env_secrets(const struct policy *p, const struct posture *s, struct finding *f)
{
	(void)p;
	for (char *const *e = s->environment; e && *e; e++) {
		size_t len = strcspn(*e, "=");
		const char *value = (*e)[len] ? *e + len + 1 : "";

		if (*value && (is_secret_variable(*e, len) || is_secret_value(value)))
			found_grave(f, NULL, "%s looks like a secret", name_of(f, *e));
	}
}

void judge_metadata_service(const struct policy *p, const struct posture *s, struct finding *f)
{
	static const char *const names[] = {"ECS_CONTAINER_METADATA_URI*",
					    "AWS_CONTAINER_CREDENTIALS_*"};

	(void)p;
	for (char *const *e = s->environment; e && *e; e++)
		for (size_t i = 0; i < array_length(names); i++)
			if (match_name(*e, names[i]))
				found_grave(f, NULL, "%s leads to cloud credentials",
					    name_of(f, *e));
}
