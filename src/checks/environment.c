// SPDX-License-Identifier: MIT
/* What the deployer put into the environment. Values are never told: they may be secrets. */
#include <limits.h>
#include <string.h>

#include "checks/check.h"
#include "checks/environment.h"

/* The name's length when s is "NAME=value" and name, which may end in '*', stands for NAME; else 0.
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

/* The variable's name alone, fit to be shown. */
static const char *name_of(struct finding *f, const char *variable)
{
	return shown(f, told(f, "%.*s", (int)strcspn(variable, "="), variable));
}

/* Whether a file that the program's user may change is at path, of len bytes, as far as the mount
 * table tells. */
static bool is_on_writable_mount(const struct mount_table *t, const char *path, size_t len)
{
	char copy[PATH_MAX];
	const struct mount *m;

	for (; len > 1 && path[1] == '/'; len--)
		path++;
	if (len >= sizeof(copy)) /* no system call takes it */
		return false;
	memcpy(copy, path, len);
	copy[len] = '\0';
	m = mounts_by_path(t, copy);
	return m && (!m->read_only || m->twin);
}

/* A variable that makes programs load files, and what separates the paths in its value. */
struct hook {
	const char *name;
	const char *separators;
	const char *check; /* that objects to it */
};

#define ONE_PATH   ""
#define PATHS      ":"
#define OPTIONS    " \t\n:;,=\"'" /* paths stand among or behind other words */
#define PRELOADED  " \t\n:"
#define LIBRARIES  ":;\n" /* glibc takes the one, musl the other besides colons */
#define SEMICOLONS ";"

#define LOADER      "ld-preload"
#define INTERPRETER "env-interpreter-hooks"

/* Two are cut short, so that granit's own binary does not hold what interpreters are known by. */
static const struct hook hooks[] = {
	{"LD_PRELOAD", PRELOADED, LOADER},
	{"LD_LIBRARY_PATH", LIBRARIES, LOADER},
	{"LD_AUDIT", PATHS, LOADER},
	{"LD_DEBUG*", ONE_PATH, LOADER},
	{"GLIBC_TUNABLES", PATHS, LOADER},
	{"BASH_ENV", ONE_PATH, INTERPRETER},
	{"ENV", ONE_PATH, INTERPRETER},
	{"PYTHONSTARTUP", ONE_PATH, INTERPRETER},
	{"PYTHONPATH", PATHS, INTERPRETER},
	{"PERL5OPT", OPTIONS, INTERPRETER},
	{"PERL5LIB", PATHS, INTERPRETER},
	{"RUBYOPT", OPTIONS, INTERPRETER},
	{"RUBYLIB", PATHS, INTERPRETER},
	{"NODE_OPT*", OPTIONS, INTERPRETER},
	{"NODE_PATH", PATHS, INTERPRETER},
	{"LUA_INIT", OPTIONS, INTERPRETER},
	{"LUA_PAT*", SEMICOLONS, INTERPRETER},
	{"JAVA_TOOL_OPTIONS", OPTIONS, INTERPRETER},
	{"_JAVA_OPTIONS", OPTIONS, INTERPRETER},
	{"JDK_JAVA_OPTIONS", OPTIONS, INTERPRETER},
	{"PHPRC", ONE_PATH, INTERPRETER},
	{"PHP_INI_SCAN_DIR", PATHS, INTERPRETER},
	{"LOCPATH", PATHS, INTERPRETER},
	{"GCONV_PATH", PATHS, INTERPRETER},
};

static bool names_writable_file(const struct mount_table *t, const char *value,
				const char *separators)
{
	while (*value) {
		size_t len = strcspn(value, separators);
		const char *path = memchr(value, '/', len);

		if (path && is_on_writable_mount(t, path, len - (size_t)(path - value)))
			return true;
		value += len;
		value += strspn(value, separators);
	}
	return false;
}

const char *environment_objection(const struct mount_table *t, const char *variable)
{
	for (size_t i = 0; i < array_length(hooks); i++) {
		size_t len = match_name(variable, hooks[i].name);
		const char *value = variable + len + 1;

		if (!len)
			continue;
		if (!t->rows ? strchr(value, '/') != NULL
			     : names_writable_file(t, value, hooks[i].separators))
			return hooks[i].check;
	}
	return NULL;
}

bool environment_is_hook(const char *name)
{
	/* More of the loader's than are worth a finding each (ld.so(8)). */
	if (strncmp(name, "LD_", 3) == 0)
		return true;
	for (size_t i = 0; i < array_length(hooks); i++)
		if (text_matches(name, hooks[i].name))
			return true;
	return false;
}

/* Where it refuses, nothing is removed: nothing is started. */
static const char *what_is_done(const struct policy *p, const struct finding *f)
{
	return p->harden && f->levels.grave < LEVEL_FAIL ? "; granit removes it" : "";
}

static void judge_variable(const struct policy *p, const struct posture *s, struct finding *f,
			   const char *variable, const struct hook *h)
{
	size_t len = match_name(variable, h->name);

	if (!len || !variable[len + 1] || strcmp(h->check, f->check->id) != 0)
		return;
	if (names_writable_file(&s->mounts, variable + len + 1, h->separators))
		found_grave(f, NULL, "%s names a file on a writable mount%s", name_of(f, variable),
			    what_is_done(p, f));
	else
		found_note(f, "%s is set", name_of(f, variable));
}

static void judge_variables(const struct policy *p, const struct posture *s, struct finding *f)
{
	(void)found_trouble(f, &s->mounts_trouble);
	for (char *const *e = s->environment; e && *e; e++)
		for (size_t i = 0; i < array_length(hooks); i++)
			judge_variable(p, s, f, *e, &hooks[i]);
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

void judge_env_hooks(const struct policy *p, const struct posture *s, struct finding *f)
{
	judge_variables(p, s, f);
}

static void judge_path_entry(const struct posture *s, struct finding *f, const char *dir,
			     size_t len)
{
	if (len == 0 || dir[0] != '/')
		found_grave(f, NULL,
			    "PATH has a relative or empty entry: which program is started depends "
			    "on the working directory");
	else if (is_on_writable_mount(&s->mounts, dir, len))
		found_grave(f, NULL, "PATH has %s, which is on a writable mount",
			    shown(f, told(f, "%.*s", (int)len, dir)));
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

/* Whether the name has the word, between underscores or at its ends. */
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

	/* The place of a file is no secret. */
	if (len > 5 && strncmp(name + len - 5, "_FILE", 5) == 0)
		return false;
	for (size_t i = 0; i < array_length(words); i++)
		if (has_word(name, len, words[i]))
			return true;
	return false;
}

/* Beginnings that the makers of tokens chose to be recognised by. */
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
				found_grave(f, NULL, "%s leads to the credentials of the cloud",
					    name_of(f, *e));
}
