// SPDX-License-Identifier: MIT
/*
 * Judges what was added to a sealed image. A list of what interpreters run is never complete, so a
 * file is grave unless it is known to be data: what is not known may be code.
 */
#include "seal/extra.h"

#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "facts/foreign.h"
#include "facts/runtime_mounts.h"
#include "policy/policy.h"
#include "seal/code.h"
#include "seal/own.h"
#include "sys/sys.h"

/* Not anywhere in /proc: /proc/self/root and cwd lead out of it again. */
static bool is_link_to_mounts(const struct comparison *c, const struct tree_name *n)
{
	static const char *const targets[] = {"/proc/mounts", "/proc/self/mounts", "../proc/mounts",
					      "../proc/self/mounts"};
	char target[32];
	ssize_t len = readlinkat(c->root, n->path, target, sizeof(target) - 1);

	if (len < 0)
		return false;
	target[len] = '\0';
	return is_one_of(target, targets);
}

/* Empty files, and a link to the mount table. */
static bool is_made_by_runtime(const struct comparison *c, const struct tree_name *n)
{
	if (S_ISREG(n->st.mode))
		return n->st.size == 0 && file_is_made_by_runtime(n->path + 1);
	return S_ISLNK(n->st.mode) && strcmp(n->path, "./etc/mtab") == 0 && is_link_to_mounts(c, n);
}

/* ld.so.preload, ld.so.cache, php.ini: settings, though they end like what is loaded. */
static bool is_settings(const char *path)
{
	const char *name = text_last_part(path), *dot = strrchr(name, '.');

	return is_in_etc(path) &&
	       (strncmp(name, "ld.so.", 6) == 0 || (dot && strcmp(dot, ".ini") == 0));
}

static bool is_program(const struct comparison *c, const struct tree_name *n)
{
	cleanup_fd int fd = -1;
	char head[PROGRAM_HEAD];
	ssize_t got;

	if (n->st.mode & 0111 || (has_program_ending(n->path) && !is_settings(n->path)) ||
	    (!is_in_etc(n->path) && has_settings_ending(n->path)))
		return true;
	fd = tree_open(c->root, n->path);
	got = fd < 0 ? -1 : pread(fd, head, sizeof(head), 0);
	/* It may be anything. */
	return got < 0 || is_program_head(head, (size_t)got, n->st.size);
}

/*
 * An engine makes empty files to mount on. Where a writable root has a path that --writable
 * declares, the program may have stored there what it likes, and has to start again.
 */
static bool is_harmless(const struct comparison *c, const struct tree_name *n)
{
	return n->st.size == 0 || is_known_data(n->path) ||
	       path_is_declared(c->policy, n->path + 1, false);
}

static enum seal_kind kind_of_file(const struct comparison *c, const struct tree_name *n,
				   const char **ret_what)
{
	*ret_what = "a program";
	if (is_program(c, n))
		return SEAL_EXTRA_PROGRAM;
	*ret_what = seal_is_own(c->policy, n->path) ? NULL : "what it says is obeyed";
	if (!*ret_what || is_in_etc(n->path))
		return SEAL_EXTRA_PROGRAM;
	*ret_what = "a file";
	if (is_harmless(c, n))
		return SEAL_EXTRA_PLAIN;
	*ret_what = "a file that is not known to be data";
	return SEAL_EXTRA_PROGRAM;
}

enum seal_kind extra_kind(const struct comparison *c, const struct tree_name *n,
			  const char **ret_what)
{
	if (is_made_by_runtime(c, n)) {
		*ret_what = "made by the runtime";
		return SEAL_BY_RUNTIME;
	}
	switch (seal_type_of(n->st.mode)) {
	case SEAL_DIR:
		*ret_what = "a directory";
		return SEAL_EXTRA_PLAIN;
	case SEAL_FILE:
		return kind_of_file(c, n, ret_what);
	case SEAL_LINK: /* a link counts as its target */
		*ret_what = "a link";
		return SEAL_EXTRA_PROGRAM;
	case SEAL_CHAR:
	case SEAL_BLOCK:
		*ret_what = "a device";
		return SEAL_EXTRA_PROGRAM;
	default: /* whoever opens it gets what another one says */
		*ret_what = "a pipe or socket";
		return SEAL_EXTRA_PROGRAM;
	}
}
