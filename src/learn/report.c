// SPDX-License-Identifier: MIT
/* What was learnt, as text to paste: what was seen, then the words of each tool. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "facts/names.h"
#include "learn/words.h"
#include "report/jsonwriter.h"
#include "sys/capnames.h"
#include "sys/clock.h"

enum { SHOWN_MOST = 64 /* records, of those that were seen */, WORD_ROOM = 2 * PATH_MAX + 256 };

/* ---- words */

/*
 * As one word of a shell's and of YAML alike: in single quotes where it has to be, in which nothing
 * means anything. A quote itself is shown as what is not printed is.
 */
static void add_word(struct text *out, const char *word)
{
	char shown[4 * WORD_ROOM];
	bool plain = true;
	struct text t;

	text_init(&t, shown, sizeof(shown));
	for (const char *s = word; *s; s++) {
		plain &= isalnum((unsigned char)*s) || strchr("/._-+@:=,", *s) != NULL;
		text_add_bytes(&t, *s == '\'' ? "\\047" : s, *s == '\'' ? 4 : 1);
	}
	text_add(out, plain ? "" : "'");
	text_add_name(out, shown);
	text_add(out, plain ? "" : "'");
}

static void take_word(void *arg, const char *option, const char *value)
{
	struct text *out = arg;
	char word[WORD_ROOM];
	struct text t;

	text_init(&t, word, sizeof(word));
	text_add_string(&t, option);
	text_add_string(&t, value ? "=" : "");
	text_add_string(&t, value ? value : "");
	text_add(out, " ");
	add_word(out, word);
}

/* In a Dockerfile, where each is a string of JSON. */
static void take_string(void *arg, const char *option, const char *value)
{
	struct json j = {.out = arg};

	json_begin_string(&j, NULL);
	json_add_piece(&j, option, strlen(option));
	json_add_piece(&j, value ? "=" : "", value ? 1 : 0);
	json_add_piece(&j, value ? value : "", value ? strlen(value) : 0);
	json_end_string(&j);
	text_add(j.out, ", ");
}

/* Returns whether there were any. */
static bool add_words(struct text *out, const struct learnt *n, const char *title,
		      words_function *words)
{
	const size_t from = out->len;
	size_t empty;

	text_add(out, "%s", title);
	empty = out->len;
	words(n, &(struct word_taker){take_word, out});
	if (out->len == empty)
		text_cut(out, from);
	else
		text_add(out, "\n");
	return out->len != from;
}

static void add_command_lines(struct text *out, const struct learnt *n)
{
	if (!add_words(out, n, "\ngranit:\n ", words_of_granit))
		text_add(out, "\ngranit:\n  nothing but a read-only root\n");
	(void)add_words(out, n, "  and with --profile=restricted:", words_of_restricted);
	(void)add_words(out, n, "  where Landlock is to hold it to that:", words_of_listen);
	(void)add_words(out, n, "\ndocker run:\n ", words_of_docker);
	(void)add_words(out, n, "\npodman run:\n ", words_of_podman);
	text_add(out, "\nDockerfile:\n  ENTRYPOINT [\"/granit\", ");
	words_of_granit(n, &(struct word_taker){take_string, out});
	text_add(out, "\"--\"]\n");
}

/* ---- Kubernetes */

typedef void add_place_function(struct text *out, const struct learnt *n, const struct place *p);

static void add_each(struct text *out, const struct learnt *n, const char *title,
		     add_place_function *add)
{
	bool any = false;

	for (size_t i = 0; i < n->places_count; i++) {
		if (!place_is_mounted(&n->places[i]))
			continue;
		text_add(out, "%s    - ", any ? "" : title);
		add(out, n, &n->places[i]);
		text_add(out, "\n");
		any = true;
	}
}

static void add_pod_mount(struct text *out, const struct learnt *n, const struct place *p)
{
	text_add(out, "{name: ");
	add_volume_name(out, n, p->seen->path);
	text_add(out, ", mountPath: ");
	add_word(out, p->seen->path);
	text_add(out, "}");
}

static void add_pod_volume(struct text *out, const struct learnt *n, const struct place *p)
{
	text_add(out, "{name: ");
	add_volume_name(out, n, p->seen->path);
	if (p->kind == PLACE_VOLUME)
		text_add(out, ", emptyDir: {}}");
	else
		text_add(out, ", emptyDir: {%ssizeLimit: %uMi}}",
			 p->kind == PLACE_TMPFS ? "medium: Memory, " : "", place_room(p));
}

static void add_pod_caps(struct text *out, uint64_t caps)
{
	text_add(out, ", add: [");
	for (; caps; caps &= caps - 1) {
		size_t from = out->len;

		caps_add_names(out, caps & -caps, 1);
		for (size_t i = from; i < out->len; i++)
			out->buf[i] = (char)toupper((unsigned char)out->buf[i]);
		text_add(out, caps & (caps - 1) ? "," : "]");
	}
}

static void add_kubernetes(struct text *out, const struct learnt *n)
{
	const unsigned int uid = geteuid(), gid = getegid();

	text_add(out,
		 "\nKubernetes, of the container:\n"
		 "  securityContext: {readOnlyRootFilesystem: true, allowPrivilegeEscalation: "
		 "false, runAsUser: %u, runAsGroup: %u, capabilities: {drop: [ALL]",
		 uid, gid);
	if (n->caps)
		add_pod_caps(out, n->caps);
	text_add(out, "}}\n");
	add_each(out, n, "  volumeMounts:\n", add_pod_mount);
	text_add(out, " of the pod:\n  securityContext: {fsGroup: %u}\n", gid);
	add_each(out, n, "  volumes:\n", add_pod_volume);
}

/* ---- what was seen */

static void add_record(struct text *out, const struct seen *s)
{
	text_add(out, "  ");
	add_word(out, s->path);
	text_add(out, ":%s%s", s->flags & SEEN_DIRECTORY ? " directory," : "",
		 !(s->flags & SEEN_EXISTED) ? " made"
		 : s->flags & SEEN_NAMES    ? " names changed"
					    : " changed");
	if (*s->by) {
		text_add(out, " by ");
		text_add_name(out, s->by);
	}
	if (s->flags & SEEN_GONE)
		text_add(out, ", removed again");
	else if (!(s->flags & SEEN_MISSING))
		text_add(out, ", mode %04o, owner %u:%u", (unsigned int)s->mode, s->uid, s->gid);
	if (s->size)
		text_add(out, ", %" PRIu64 " bytes", s->size);
	text_add(out, "%s\n",
		 s->flags & SEEN_DENIED ? "; denied to this user even on a writable root" : "");
}

static void add_seen(struct text *out, const struct learnt *n)
{
	size_t shown = 0, more = 0;

	text_add(out, "\nwritten:\n");
	for (size_t i = 0; i < n->seen_count; i++) {
		const struct seen *s = &n->seen[i];

		if (!(s->flags & (SEEN_NAMES | SEEN_CHANGED)))
			continue;
		if (shown == SHOWN_MOST)
			more++;
		else
			add_record(out, s), shown++;
	}
	if (more)
		text_add(out, "  and %zu more\n", more);
	if (!shown)
		text_add(out, "  nothing on the image's own mount\n");
	for (size_t i = 0; i < n->volumes_count; i++) {
		const struct learnt_volume *v = &n->volumes[i];

		text_add(out, "  ");
		add_word(out, v->point);
		text_add(out, v->written ? ": a volume, written\n"
			      : v->unread
				      ? ": a volume that was not scanned completely\n"
				      : ": a volume that was never written: it may be read-only\n");
	}
}

/* ---- what has to be said in words */

static void add_place_note(struct text *out, const struct place *p)
{
	const char *note = place_note(p);

	if (!note)
		return;
	text_add(out, "  ");
	add_word(out, p->seen->path);
	text_add(out, ": %s\n", note);
}

static void add_lacking(struct text *out, const struct seen *s)
{
	if (!seen_is_lacking(s))
		return;
	text_add(out, "  ");
	add_word(out, s->path);
	text_add(out, " is not there, and ");
	text_add_name(out, s->by);
	text_add(out,
		 " tried to create something in it: if it needs that, give it a mount there\n");
}

static void add_program_note(struct text *out, const struct learnt_program *p)
{
	if (p->is_link)
		return;
	text_add(out, "  ");
	add_word(out, p->path);
	text_add(out, " was started by ");
	text_add_name(out, p->by);
	text_add(out, "%s\n",
		 p->families & FAMILY_SHELL ? ": as it is, this image needs a shell" : "");
}

/* One of the image's own is there in any container of it. */
static void add_variable_note(struct text *out, const struct learnt_variable *v)
{
	if (!v->is_missing && !v->mount)
		return;
	text_add(out, "  ");
	text_add_shown(out, v->text, (size_t)(v->path - 1 - v->text));
	text_add(out, v->is_missing ? " names a file that is not there, "
				    : " names a file of a mount, which may be read-only: ");
	text_add_name(out, v->path);
	text_add(out, "\n");
}

static void add_became(struct text *out, const struct learnt *n, bool groups)
{
	const char *between = groups ? ", group " : "; its processes became user ";

	for (size_t i = 0; i < n->ids_count; i++) {
		if (n->ids[i].is_group != groups)
			continue;
		text_add(out, "%s%" PRIu32, between, n->ids[i].id);
		between = ", ";
	}
}

static void add_user_note(struct text *out, const struct learnt *n)
{
	text_add(out, "  the program is started as root, which restricted refuses: give the image "
		      "a USER of its own, and run it so once more");
	add_became(out, n, false);
	add_became(out, n, true);
	text_add(out, "\n");
}

static void add_decisions(struct text *out, const struct learnt *n)
{
	static const char title[] = "\nto decide:\n";
	size_t from = out->len;

	text_add(out, title);
	for (size_t i = 0; i < n->places_count; i++)
		add_place_note(out, &n->places[i]);
	for (size_t i = 0; i < n->seen_count; i++)
		add_lacking(out, &n->seen[i]);
	for (size_t i = 0; i < n->programs_count; i++)
		add_program_note(out, &n->programs[i]);
	if (n->words & DENY_IO_URING)
		text_add(out, "  io_uring was asked for, which restricted refuses: most programs "
			      "go on without it; one that does not needs --deny without that "
			      "word\n");
	for (size_t i = 0; i < n->variables_count; i++)
		add_variable_note(out, &n->variables[i]);
	if (geteuid() == 0)
		add_user_note(out, n);
	if (n->caps)
		text_add(out, "  --keep-caps is what user 0 used; which files it could access only "
			      "as user 0 cannot be seen: run it as another user\n");
	if (out->len == from + sizeof(title) - 1)
		text_cut(out, from);
}

/* ---- how much of it is known */

static void add_listener(struct text *out, const struct learnt *n)
{
	if (n->deaf) {
		text_add(out,
			 "granit: no listener: %s: %s; failed attempts, programs, ports and words "
			 "of --deny are not known\n",
			 n->deaf, strerror(n->deaf_error));
		return;
	}
	text_add(out, "granit: the listener heard all calls but those of 32-bit programs and "
		      "io_uring; set-id programs got no privileges\n");
	if (n->listener_died)
		text_add(out,
			 "granit: the listener was killed by signal %d: it heard only what came "
			 "before\n",
			 n->listener_died);
	if (n->unreadable) {
		text_add(out, "granit: %zu calls could not be read, the last one of ",
			 n->unreadable);
		text_add_name(out, n->unreadable_by);
		text_add(out, ", which changed its user: run once with --cap-add=SYS_PTRACE\n");
	}
}

static void add_walk(struct text *out, const struct learnt *n)
{
	if (n->root_read_only) {
		text_add(out,
			 "granit: the root filesystem is read-only: a run with a writable one "
			 "would add a walk%s\n",
			 n->deaf ? "; so this run says nothing of it" : "");
		return;
	}
	if (n->walk_error)
		text_add(out, "granit: the walk ended early: %s\n", strerror(-n->walk_error));
	else
		text_add(out, "granit: the walk compared the times of all files afterwards\n");
	if (n->blind)
		text_add(out, "granit: the walk could not read %zu directories\n", n->blind);
	if (n->before_full)
		text_add(out, "granit: the image has too many names to tell which were new\n");
}

static void add_text(struct text *out, const struct learnt *n)
{
	const int64_t ms = clock_ms() - n->start_ms;
	const uint64_t accepted = learn_accepted_since(n);

	text_add(out, "granit: learnt in %" PRId64 ".%" PRId64 " s", ms / 1000, ms % 1000 / 100);
	if (accepted != UINT64_MAX)
		text_add(out, ", accepting %" PRIu64 " TCP connection%s", accepted,
			 accepted == 1 ? "" : "s");
	text_add(out, "; this report has only what the program did\n");
	if (n->failed)
		text_add(out,
			 "granit: the program ended with status %d: what it would have done after "
			 "that is missing; fix the cause, and learn again\n",
			 n->failed);
	add_listener(out, n);
	add_walk(out, n);
	if (n->lost)
		text_add(out, "granit: %zu more paths were left out\n", n->lost);
	add_seen(out, n);
	add_command_lines(out, n);
	add_kubernetes(out, n);
	add_decisions(out, n);
}

void learn_report(struct text *out, const struct learnt *n)
{
	if (n->policy->format == FORMAT_JSON)
		learn_report_json(out, n);
	else
		add_text(out, n);
}
