// SPDX-License-Identifier: MIT
/* What the deployer put into the environment. Values are never told: they may be secrets. */
#include <string.h>

#include "checks/check.h"

/* The name's length when s is "NAME=value" and NAME, which may end in '*', is among names; else 0.
 */
static size_t match_name(const char *s, const char *const *names, size_t n)
{
	size_t len = strcspn(s, "=");

	if (!s[len])
		return 0;
	for (size_t i = 0; i < n; i++) {
		size_t want = strlen(names[i]);
		bool open_end = names[i][want - 1] == '*';

		if (open_end ? len >= want - 1 && strncmp(s, names[i], want - 1) == 0
			     : len == want && strncmp(s, names[i], len) == 0)
			return len;
	}
	return 0;
}

/* The variable's name alone, fit to be shown. */
static const char *name_of(struct finding *f, const char *variable)
{
	return shown(f, told(f, "%.*s", (int)strcspn(variable, "="), variable));
}

/* Whether a file that the program's user may change is at path, as far as the mount table tells. */
static bool is_on_writable_mount(const struct posture *s, const char *path)
{
	const struct mount *m = mounts_by_path(&s->mounts, path);

	return m && !m->read_only;
}

/* Whether a value names a file that could be changed: the first path in it decides. */
static bool names_writable_file(const struct posture *s, const char *value)
{
	char path[256];
	const char *start = strchr(value, '/');
	size_t len;

	if (!start)
		return false;
	len = strcspn(start, ": \t;,\"'");
	if (len >= sizeof(path))
		return true;
	memcpy(path, start, len);
	path[len] = '\0';
	return is_on_writable_mount(s, path);
}

static void judge_variables(const struct posture *s, struct finding *f, const char *const *names,
			    size_t n)
{
	for (char *const *e = s->environment; e && *e; e++) {
		size_t len = match_name(*e, names, n);
		const char *value = *e + len + 1;

		if (!len || !*value)
			continue;
		if (names_writable_file(s, value))
			found_grave(f, NULL, "%s names a file on a writable mount", name_of(f, *e));
		else
			found_note(f, "%s is set", name_of(f, *e));
	}
}

void judge_ld_preload(const struct policy *p, const struct posture *s, struct finding *f)
{
	static const char *const names[] = {
		"LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "LD_DEBUG*", "GLIBC_TUNABLES",
	};
	const struct known_path_facts *file = &s->paths[PATH_LD_PRELOAD];

	(void)p;
	if (!file->error && file->size > 0)
		found_grave(f, known_path_name(PATH_LD_PRELOAD),
			    "%s loads a library into every dynamic program",
			    known_path_name(PATH_LD_PRELOAD));
	judge_variables(s, f, names, array_length(names));
}

void judge_env_hooks(const struct policy *p, const struct posture *s, struct finding *f)
{
	/* Two are cut short, so that granit's own binary does not hold what interpreters are known
	 * by. */
	static const char *const names[] = {
		"BASH_ENV", "ENV",        "PYTHONSTARTUP",     "PYTHONPATH",       "PERL5OPT",
		"PERL5LIB", "RUBYOPT",    "RUBYLIB",           "NODE_OPT*",        "NODE_PATH",
		"LUA_INIT", "LUA_PAT*",   "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS",    "PHPRC",
		"LOCPATH",  "GCONV_PATH", "JDK_JAVA_OPTIONS",  "PHP_INI_SCAN_DIR",
	};

	(void)p;
	judge_variables(s, f, names, array_length(names));
}

void judge_path_sane(const struct policy *p, const struct posture *s, struct finding *f)
{
	(void)p;
	for (const char *dir = s->path, *end; dir; dir = *end ? end + 1 : NULL) {
		char path[256];
		size_t len;

		end = strchrnul(dir, ':');
		len = (size_t)(end - dir);
		if (len == 0 || dir[0] != '/') {
			found_grave(f, NULL,
				    "PATH has a relative or empty entry: which program is "
				    "started depends on the working directory");
			continue;
		}
		if (len >= sizeof(path))
			continue;
		memcpy(path, dir, len);
		path[len] = '\0';
		if (is_on_writable_mount(s, path))
			found_grave(f, NULL, "PATH has %s, which is on a writable mount",
				    shown(f, path));
	}
}

/* ---- secrets */

/* Whether the name has the word, between underscores or at its ends. */
static bool has_word(const char *name, size_t len, const char *word)
{
	size_t want = strlen(word);

	for (size_t i = 0; i + want <= len; i++)
		if (strncmp(name + i, word, want) == 0 && (i == 0 || name[i - 1] == '_') &&
		    (i + want == len || name[i + want] == '_'))
			return true;
	return false;
}

static bool is_secret_name(const char *name, size_t len)
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

		if (*value && (is_secret_name(*e, len) || is_secret_value(value)))
			found_grave(f, NULL, "%s looks like a secret", name_of(f, *e));
	}
}

void judge_metadata_service(const struct policy *p, const struct posture *s, struct finding *f)
{
	static const char *const names[] = {"ECS_CONTAINER_METADATA_URI*",
					    "AWS_CONTAINER_CREDENTIALS_*"};

	(void)p;
	for (char *const *e = s->environment; e && *e; e++) {
		size_t len = match_name(*e, names, array_length(names));

		if (len)
			found_grave(f, NULL, "%s leads to the credentials of the cloud",
				    name_of(f, *e));
	}
}
