// SPDX-License-Identifier: MIT
/* What was learnt, as text to paste: what was seen, then the words of each tool. */
#include <ctype.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#include "facts/names.h"
#include "harden/deny.h"
#include "learn/learnt.h"
#include "sys/capnames.h"
#include "sys/clock.h"

enum { SHOWN_MOST = 64 /* records, of those that were seen */ };

uint64_t learn_accepted(void)
{
	char buf[8192];
	cleanup_fd int fd = open("/proc/self/net/snmp", O_RDONLY | O_CLOEXEC);
	char *line;
	size_t len;

	if (fd < 0 || text_read(fd, buf, sizeof(buf), &len) < 0)
		return UINT64_MAX;
	/* The second line is the numbers of the first one's words; the sixth is PassiveOpens. */
	line = strstr(buf, "\nTcp: ");
	line = line ? strstr(line + 1, "\nTcp: ") : NULL;
	if (!line)
		return UINT64_MAX;
	for (int i = 0; line && i < 6; i++)
		line = strchr(line + 1, ' ');
	return line ? strtoull(line + 1, NULL, 10) : UINT64_MAX;
}

/* ---- words */

/* As one word of a shell's, of YAML and of JSON alike: quoted where it has to be. */
static void add_word(struct text *out, const char *path)
{
	bool plain = true;

	for (const char *s = path; *s; s++)
		plain &= isalnum((unsigned char)*s) || strchr("/._-+@", *s) != NULL;
	text_add(out, plain ? "" : "\"");
	text_add_name(out, path);
	text_add(out, plain ? "" : "\"");
}

/* The path as a name for a volume: small letters, digits and dashes (RFC 1123). */
static void add_volume_name(struct text *out, const char *path)
{
	for (path += *path == '/'; *path; path++)
		text_add(out, "%c",
			 isalnum((unsigned char)*path) ? tolower((unsigned char)*path) : '-');
}

/* In MiB: twice what was seen, and no less than 16. */
static unsigned int room_for(const struct place *p)
{
	unsigned int mib = 16;

	while (mib < 1 << 20 && ((uint64_t)mib << 20) < 2 * p->size)
		mib *= 2;
	return mib;
}

/* Kinds of places, a bit each. */
enum { TMPFS = 1 << PLACE_TMPFS, FILLED = 1 << PLACE_FILLED, MOUNTED = TMPFS | FILLED };

typedef void add_place_function(struct text *out, const struct place *p);

/* Each of these kinds, with what stands before all of them, between two and behind the last. */
static void add_each(struct text *out, const struct learnt *n, unsigned int kinds,
		     const char *before, const char *between, const char *behind,
		     add_place_function *add)
{
	bool any = false;

	for (size_t i = 0; i < n->places_count; i++) {
		if (!(kinds >> n->places[i].kind & 1))
			continue;
		text_add(out, "%s", any ? between : before);
		add(out, &n->places[i]);
		any = true;
	}
	text_add(out, "%s", any ? behind : "");
}

/* ---- granit's own */

static void add_cap_names(struct text *out, uint64_t caps)
{
	size_t from = out->len, to = from;

	caps_add_names(out, caps, 64);
	for (size_t i = from; i < out->len; i++)
		if (out->buf[i] != ' ')
			out->buf[to++] = out->buf[i];
	text_cut(out, to);
}

/* Each followed by end. */
static void add_options(struct text *out, const struct learnt *n, const char *start,
			const char *end)
{
	for (size_t i = 0; i < n->places_count; i++) {
		const struct place *p = &n->places[i];

		if (!(MOUNTED >> p->kind & 1))
			continue;
		text_add(out, "%s--writable=", start);
		add_word(out, p->seen->path);
		text_add(out, "%s%s", p->exec ? ":exec" : "", end);
	}
	for (size_t i = 0; i < n->volumes_count; i++) {
		const struct learnt_volume *v = &n->volumes[i];

		if (!v->written && !v->unread)
			continue;
		text_add(out, "%s--writable=", start);
		add_word(out, v->point);
		text_add(out, "%s%s", v->exec ? ":exec" : "", end);
	}
	for (size_t i = 0; i < n->programs_count; i++) {
		text_add(out, "%s--allow=", start);
		add_word(out, n->programs[i].path);
		text_add(out, "%s", end);
	}
	if (n->caps) {
		text_add(out, "%s--keep-caps=", start);
		add_cap_names(out, n->caps);
		text_add(out, "%s", end);
	}
}

/* Those that a kernel or the program's own asking decides about are no advice. */
static void add_denials(struct text *out, unsigned int left)
{
	bool any = false;

	for (size_t i = 0; i < DENIALS; i++) {
		if (!(left & denials[i].bit))
			continue;
		text_add(out, "%s%s", any ? "," : " --deny=", denials[i].name);
		any = true;
	}
}

static void add_granit(struct text *out, const struct learnt *n)
{
	bool any = false;

	size_t from;

	text_add(out, "\ngranit:\n ");
	from = out->len;
	add_options(out, n, " ", "");
	text_add(out, out->len == from ? " nothing but a read-only root\n" : "\n");
	if (n->words) {
		text_add(out, "  and with --profile=restricted: --deny=none");
		add_denials(out, DENY_ALL & ~(n->words | DENY_EXEC_SCRIPTS));
		text_add(out, "\n");
	}
	for (size_t i = 0; i < n->ports_count; i++) {
		text_add(out, "%s%s%u",
			 any ? "," : "  where Landlock is to hold it to that: --listen=",
			 n->ports[i].listens ? "" : "udp:", (unsigned int)n->ports[i].number);
		any = true;
	}
	text_add(out, any ? "\n" : "");
}

/* ---- the tools' */

static void add_tmpfs_options(struct text *out, const struct place *p, bool with_owner)
{
	text_add(out, "%s,mode=%04o,", p->exec ? "exec" : "noexec", (unsigned int)p->seen->mode);
	if (with_owner)
		text_add(out, "uid=%u,gid=%u,", p->seen->uid, p->seen->gid);
	text_add(out, "size=%um", room_for(p));
}

static void add_docker_tmpfs(struct text *out, const struct place *p)
{
	add_word(out, p->seen->path);
	text_add(out, ":");
	add_tmpfs_options(out, p, true);
}

/* podman knows no uid=, which is root's then; or with U that of the container's user. */
static void add_podman_tmpfs(struct text *out, const struct place *p)
{
	add_word(out, p->seen->path);
	text_add(out, p->seen->uid == geteuid() && p->seen->uid ? ":U," : ":");
	add_tmpfs_options(out, p, false);
}

static void add_named_volume(struct text *out, const struct place *p)
{
	add_volume_name(out, p->seen->path);
	text_add(out, ":");
	add_word(out, p->seen->path);
}

/* One at a time: Docker takes no list. */
static void add_engine_caps(struct text *out, uint64_t caps)
{
	text_add(out, " --cap-drop=all");
	for (; caps; caps &= caps - 1) {
		text_add(out, " --cap-add=");
		caps_add_names(out, caps & -caps, 1);
	}
}

static void add_engines(struct text *out, const struct learnt *n)
{
	static const char tmpfs[] = " --tmpfs=", volume[] = " --volume=";

	text_add(out, "\ndocker run:\n  --read-only");
	add_engine_caps(out, n->caps);
	add_each(out, n, TMPFS, tmpfs, tmpfs, "", add_docker_tmpfs);
	add_each(out, n, FILLED, volume, volume, "", add_named_volume);
	text_add(out, "\n\npodman run:\n  --read-only --read-only-tmpfs=false");
	add_engine_caps(out, n->caps);
	add_each(out, n, TMPFS, tmpfs, tmpfs, "", add_podman_tmpfs);
	add_each(out, n, FILLED, volume, volume, "", add_named_volume);
	text_add(out, "\n\ncompose.yaml, of the service:\n  read_only: true\n");
	add_each(out, n, TMPFS, "  tmpfs:\n    - ", "\n    - ", "\n", add_docker_tmpfs);
	add_each(out, n, FILLED, "  volumes:\n    - ", "\n    - ", "\n", add_named_volume);
}

static void add_pod_mount(struct text *out, const struct place *p)
{
	text_add(out, "{name: ");
	add_volume_name(out, p->seen->path);
	text_add(out, ", mountPath: ");
	add_word(out, p->seen->path);
	text_add(out, "}");
}

static void add_pod_volume(struct text *out, const struct place *p)
{
	text_add(out, "{name: ");
	add_volume_name(out, p->seen->path);
	text_add(out, ", emptyDir: {%ssizeLimit: %uMi}}",
		 p->kind == PLACE_TMPFS ? "medium: Memory, " : "", room_for(p));
}

static void add_kubernetes(struct text *out, const struct learnt *n)
{
	const unsigned int uid = geteuid(), gid = getegid();

	text_add(out,
		 "\nKubernetes, of the container:\n"
		 "  securityContext: {readOnlyRootFilesystem: true, allowPrivilegeEscalation: "
		 "false, runAsUser: %u, runAsGroup: %u, capabilities: {drop: [ALL]",
		 uid, gid);
	if (n->caps) {
		size_t from;

		text_add(out, ", add: [");
		from = out->len;
		add_cap_names(out, n->caps);
		for (size_t i = from; i < out->len; i++)
			out->buf[i] = (char)toupper((unsigned char)out->buf[i]);
		text_add(out, "]");
	}
	text_add(out, "}}\n");
	add_each(out, n, MOUNTED, "  volumeMounts:\n    - ", "\n    - ", "\n", add_pod_mount);
	text_add(out, " of the pod:\n  securityContext: {fsGroup: %u}\n", gid);
	add_each(out, n, MOUNTED, "  volumes:\n    - ", "\n    - ", "\n", add_pod_volume);
}

static void add_ecs_tmpfs(struct text *out, const struct place *p)
{
	text_add(out, "{\"containerPath\": \"");
	text_add_name(out, p->seen->path);
	text_add(out,
		 "\", \"size\": %u, \"mountOptions\": [\"%s\", \"mode=%04o\", \"uid=%u\", "
		 "\"gid=%u\"]}",
		 room_for(p), p->exec ? "exec" : "noexec", (unsigned int)p->seen->mode,
		 p->seen->uid, p->seen->gid);
}

static void add_ecs(struct text *out, const struct learnt *n)
{
	text_add(out, "\nECS, of the container definition:\n  \"readonlyRootFilesystem\": true");
	add_each(out, n, TMPFS, ", \"linuxParameters\": {\"tmpfs\": [", ", ", "]}", add_ecs_tmpfs);
	text_add(out, "\n\nDockerfile:\n  ENTRYPOINT [\"/granit\", ");
	add_options(out, n, "\"", "\", ");
	text_add(out, "\"--\"]\n");
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

static const char *note_of(const struct place *p)
{
	switch (p->kind) {
	case PLACE_FILLED:
		return ": files of the image lie there, which an empty mount would hide: a named "
		       "volume, which Docker and podman fill; in a pod an init container copies "
		       "them first";
	case PLACE_FILE:
		return ": one file in a directory that must not be writable: have the program "
		       "write elsewhere, or make the file a link to a writable place; if it is "
		       "always the same, write it when the image is built";
	case PLACE_NAMES:
		return ": files came and went there, and it must not be writable: have the program "
		       "do that elsewhere";
	default:
		return p->outlives ? ": use a volume instead of the tmpfs if it must outlive the "
				     "container"
				   : NULL;
	}
}

static void add_place_note(struct text *out, const struct place *p)
{
	const char *note = note_of(p);

	if (!note)
		return;
	text_add(out, "  ");
	add_word(out, p->seen->path);
	text_add(out, "%s\n", note);
}

static void add_lacking(struct text *out, const struct seen *s)
{
	/* Made since, or gone again. */
	if (!(s->flags & SEEN_LACKING) || !(s->flags & (SEEN_MISSING | SEEN_GONE)))
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

void learn_report(struct text *out, const struct learnt *n)
{
	uint64_t accepted = learn_accepted();
	int64_t ms = clock_ms() - n->start_ms;

	text_add(out, "granit: learnt in %" PRId64 ".%" PRId64 " s", ms / 1000, ms % 1000 / 100);
	if (accepted != UINT64_MAX && n->accepted != UINT64_MAX)
		text_add(out, ", accepting %" PRIu64 " TCP connection%s", accepted - n->accepted,
			 accepted - n->accepted == 1 ? "" : "s");
	text_add(out, "; this report has only what the program did\n");
	add_listener(out, n);
	add_walk(out, n);
	if (n->lost)
		text_add(out, "granit: %zu more paths were left out\n", n->lost);
	add_seen(out, n);
	add_granit(out, n);
	add_engines(out, n);
	add_kubernetes(out, n);
	add_ecs(out, n);
	add_decisions(out, n);
}
