// SPDX-License-Identifier: MIT
/* --secret and --secrets: what a file holds, as a variable of the program's alone. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "facts/hooks.h"
#include "launch/prepare.h"
#include "sys/regular.h"
#include "sys/sys.h"

/* ---- NAME_FILE */

/*
 * Variables that end like those which stand for a secret's file, but which programs read
 * themselves: as the place of what they are to trust, to write or to be told by. Left alone.
 */
static const char *const left_alone[] = {
	/* certificates and their keys: OpenSSL's, and the usual names for a server's own */
	"*CERT_FILE",
	"*CERTIFICATE_FILE",
	"*CA_FILE",
	"*CA_BUNDLE_FILE",
	"*TLS_KEY_FILE",
	"*SSL_KEY_FILE",
	"*CERT_KEY_FILE",
	/* tokens of the cloud, which are changed while the program runs */
	"AWS_*",
	"AZURE_*",
	"GOOGLE_*",
	"CLOUDSDK_*",
	"VAULT_*",
	/* what is no secret */
	"ENV_FILE",
	"*CONFIG_FILE",
	"*LOG_FILE",
	"*LOGGING_FILE",
	"*PID_FILE",
	"*LOCK_FILE",
	"*SOCKET_FILE",
	"*DATA_FILE",
	"*DB_FILE",
	"*DATABASE_FILE",
};

static const char suffix[] = "_FILE";

/* The length of NAME where variable is NAME_FILE=/PATH and stands for a secret; else 0. */
static size_t stands_for(const char *variable)
{
	size_t len = strcspn(variable, "="), end = sizeof(suffix) - 1;
	char name[256];

	if (len <= end || len >= sizeof(name) || variable[len] != '=' || variable[len + 1] != '/' ||
	    variables_name_length(variable) != len ||
	    strncmp(variable + len - end, suffix, end) != 0)
		return 0;
	memcpy(name, variable, len);
	name[len] = '\0';
	for (size_t i = 0; i < array_length(left_alone); i++)
		if (text_matches(name, left_alone[i]))
			return 0;
	return len - end;
}

/* ---- files */

/* "NAME=" and what the file holds, into the arena. Returns 0 or -errno. */
static int read_secret(const struct secret *s, struct arena *a, char **ret)
{
	cleanup_fd int fd = regular_file_open(s->file);
	size_t room, n, len = strlen(s->name) + 1;
	int r;

	if (fd < 0)
		return fd;
	*ret = arena_rest(a, &room);
	if (!*ret || room < VARIABLE_BYTES + 1)
		return -ENOMEM;
	memcpy(*ret, s->name, len - 1);
	(*ret)[len - 1] = '=';
	/* One byte more than it may be, for the newline that does not count. */
	r = text_read(fd, *ret + len, VARIABLE_BYTES + 1 - len, &n);
	if (r < 0)
		return r;
	if (n && (*ret)[len + n - 1] == '\n')
		n--;
	if (len + n >= VARIABLE_BYTES)
		return -EFBIG;
	if (memchr(*ret + len, '\0', n))
		return -EILSEQ;
	(*ret)[len + n] = '\0';
	arena_keep(a, *ret, len + n + 1);
	return 0;
}

static void explain_secret(const struct secret *s, int error, struct text *err)
{
	text_add(err, "the secret %s cannot be read from ", s->name);
	text_add_name(err, s->file);
	switch (error) {
	case -EILSEQ:
		text_add(err, ": it has a NUL byte, which no variable can hold");
		break;
	case -EFBIG:
		text_add(err, ": it is longer than the 128 kB that a variable can hold");
		break;
	case -EINVAL:
		text_add(err, ": it is not a regular file");
		break;
	case -EACCES:
		text_add(err,
			 ": %s; it is read as the program's user (%u:%u): set its owner or mode "
			 "where the secret is mounted",
			 strerror(-error), (unsigned int)geteuid(), (unsigned int)getegid());
		break;
	case -ENOENT:
		text_add(err, ": %s; mount it there, or ", strerror(-error));
		if (s->by_variable)
			text_add(err, "--unset-env=%s%s if it is not a secret", s->name, suffix);
		else
			text_add(err, "say where: --secret=%s=/FILE", s->name);
		break;
	default:
		text_add(err, ": %s", strerror(-error));
	}
}

static int take_secret(const struct secret *s, struct arena *a, struct variables *v,
		       struct text *err)
{
	const char *old = variable_value(v->list, s->name);
	char *variable;
	int r;

	/* Empty is what a manifest's author leaves it to be filled. */
	if (old && *old) {
		text_add(err,
			 "the secret %s is also an environment variable: remove one of the two",
			 s->name);
		return -EINVAL;
	}
	r = read_secret(s, a, &variable);
	if (r < 0) {
		explain_secret(s, r, err);
		return r;
	}
	r = variables_put(v, variable);
	if (r < 0)
		text_add(err, "there are too many variables");
	return r;
}

/* ---- all of them */

/* The secret that variable stands for, which is NAME_FILE with a NAME of len bytes. */
static int name_secret(const char *variable, size_t len, struct arena *a, struct secret *ret,
		       struct text *err)
{
	char *name = arena_take(a, len + 1, 1);

	if (!name) {
		text_add(err, "--secrets: not enough memory for a name");
		return -ENOMEM;
	}
	memcpy(name, variable, len);
	name[len] = '\0';
	*ret = (struct secret){
		.name = name, .file = strchr(variable, '=') + 1, .by_variable = true};
	if (!hook_has_name(name))
		return 0;
	text_add(err,
		 "--secrets: %s%s is set, but %s makes programs load files: that is not a secret",
		 name, suffix, name);
	return -EINVAL;
}

static int take_file_variables(struct arena *a, struct variables *v, struct text *err)
{
	struct secret *found = arena_take(a, v->count, sizeof(*found));
	size_t count = 0;
	int r = found ? 0 : -ENOMEM;

	if (r < 0)
		text_add(err, "--secrets: not enough memory for a list");
	/* All of them first: what a file holds must not be taken for the place of another. */
	for (size_t i = 0; r == 0 && i < v->count; i++) {
		size_t len = stands_for(v->list[i]);

		if (len)
			r = name_secret(v->list[i], len, a, &found[count++], err);
	}
	for (size_t i = 0; r == 0 && i < count; i++) {
		const char *variable = found[i].file - strlen(found[i].name) - sizeof(suffix);

		variables_remove(v, variable, strcspn(variable, "="));
		r = take_secret(&found[i], a, v, err);
	}
	return r;
}

int secrets_read(const struct wanted *w, struct arena *a, struct variables *v, struct text *err)
{
	int r = w->secrets_auto ? take_file_variables(a, v, err) : 0;

	for (size_t i = 0; r == 0 && i < w->secrets_count; i++)
		r = take_secret(&w->secrets[i], a, v, err);
	return r;
}
