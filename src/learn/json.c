// SPDX-License-Identifier: MIT
/* What was learnt, for programs: one document, described by doc/learn.schema.json. */
#include <ctype.h>
#include <string.h>
#include <unistd.h>

#include "facts/names.h"
#include "harden/deny.h"
#include "learn/words.h"
#include "report/jsonwriter.h"
#include "sys/capnames.h"
#include "sys/clock.h"

/* ---- how much of it is known */

static void add_text_of_error(struct json *j, const char *what, int error)
{
	char why[256];
	struct text t;

	text_init(&t, why, sizeof(why));
	text_add(&t, "%s%s%s", what, *what ? ": " : "", strerror(error));
	json_string(j, "unavailable", why);
}

static void add_listener_object(struct json *j, const struct learnt *n)
{
	json_open(j, NULL, '{');
	json_string(j, "name", "listener");
	if (n->deaf)
		add_text_of_error(j, n->deaf, n->deaf_error);
	else
		json_string(j, "unavailable", NULL);
	json_number(j, "unread_calls", n->unreadable);
	json_string(j, "unread_of", n->unreadable ? n->unreadable_by : NULL);
	json_number(j, "ended_by_signal", (uint64_t)n->listener_died);
	json_close(j, '{');
}

static void add_walk_object(struct json *j, const struct learnt *n)
{
	json_open(j, NULL, '{');
	json_string(j, "name", "walk");
	if (n->root_read_only)
		json_string(j, "unavailable", "the root is read-only");
	else if (n->walk_error)
		add_text_of_error(j, "", -n->walk_error);
	else
		json_string(j, "unavailable", NULL);
	json_number(j, "unread_directories", n->blind);
	json_bool(j, "knows_what_was_new", !n->before_full);
	json_close(j, '{');
}

static void add_observation(struct json *j, const struct learnt *n)
{
	const uint64_t accepted = learn_accepted_since(n);

	json_number(j, "milliseconds", (uint64_t)(clock_ms() - n->start_ms));
	json_number(j, "failed", (uint64_t)n->failed);
	if (accepted == UINT64_MAX)
		json_string(j, "accepted", NULL);
	else
		json_number(j, "accepted", accepted);
	json_open(j, "sources", '[');
	add_listener_object(j, n);
	add_walk_object(j, n);
	json_close(j, '[');
	json_number(j, "lost", n->lost);
}

/* ---- what was seen */

static void add_by(struct json *j, const char *by)
{
	json_string(j, "by", *by ? by : NULL);
}

static void add_owner(struct json *j, uint32_t bits, uint32_t uid, uint32_t gid)
{
	char mode[8];
	struct text t;

	text_init(&t, mode, sizeof(mode));
	text_add(&t, "%04o", bits);
	json_string(j, "mode", mode);
	json_number(j, "uid", uid);
	json_number(j, "gid", gid);
}

static void add_write(struct json *j, const struct seen *s)
{
	json_open(j, NULL, '{');
	json_string(j, "path", s->path);
	json_string(j, "kind", s->flags & SEEN_DIRECTORY ? "directory" : "file");
	add_by(j, s->by);
	json_number(j, "bytes", s->size);
	json_bool(j, "existed", s->flags & SEEN_EXISTED);
	json_bool(j, "names_changed", s->flags & SEEN_NAMES);
	json_bool(j, "not_permitted", s->flags & SEEN_DENIED);
	json_bool(j, "gone", s->flags & SEEN_GONE);
	json_bool(j, "in_vain", s->flags & SEEN_MISSING);
	if (!(s->flags & (SEEN_GONE | SEEN_MISSING)))
		add_owner(j, s->mode, s->uid, s->gid);
	json_close(j, '{');
}

static void add_writes(struct json *j, const struct learnt *n)
{
	json_open(j, "writes", '[');
	for (size_t i = 0; i < n->seen_count; i++)
		if (n->seen[i].flags & (SEEN_NAMES | SEEN_CHANGED))
			add_write(j, &n->seen[i]);
	json_close(j, '[');
	json_open(j, "missing_directories", '[');
	for (size_t i = 0; i < n->seen_count; i++) {
		if (!seen_is_lacking(&n->seen[i]))
			continue;
		json_open(j, NULL, '{');
		json_string(j, "path", n->seen[i].path);
		add_by(j, n->seen[i].by);
		json_close(j, '{');
	}
	json_close(j, '[');
}

static void add_volumes(struct json *j, const struct learnt *n)
{
	json_open(j, "volumes", '[');
	for (size_t i = 0; i < n->volumes_count; i++) {
		const struct learnt_volume *v = &n->volumes[i];

		json_open(j, NULL, '{');
		json_string(j, "path", v->point);
		json_bool(j, "written", v->written);
		json_bool(j, "exec", v->exec);
		json_bool(j, "all_seen", !v->unread);
		json_close(j, '{');
	}
	json_close(j, '[');
}

static void add_programs(struct json *j, const struct learnt *n)
{
	json_open(j, "programs", '[');
	for (size_t i = 0; i < n->programs_count; i++) {
		const struct learnt_program *p = &n->programs[i];

		json_open(j, NULL, '{');
		json_string(j, "path", p->path);
		add_by(j, p->by);
		json_bool(j, "shell", p->families & FAMILY_SHELL);
		json_bool(j, "link", p->is_link);
		json_close(j, '{');
	}
	json_close(j, '[');
}

static void add_ports(struct json *j, const struct learnt *n)
{
	json_open(j, "ports", '[');
	for (size_t i = 0; i < n->ports_count; i++) {
		json_open(j, NULL, '{');
		json_number(j, "number", n->ports[i].number);
		json_string(j, "protocol", n->ports[i].is_udp ? "udp" : "tcp");
		json_close(j, '{');
	}
	json_close(j, '[');
}

static void add_cap(struct json *j, uint64_t cap, int (*turn)(int))
{
	char name[64];
	struct text t;

	text_init(&t, name, sizeof(name));
	caps_add_names(&t, cap, 1);
	for (char *s = name; *s; s++)
		*s = (char)turn((unsigned char)*s);
	json_string(j, NULL, name);
}

static void add_became_list(struct json *j, const struct learnt *n, const char *key, bool groups)
{
	json_open(j, key, '[');
	for (size_t i = 0; i < n->ids_count; i++)
		if (n->ids[i].is_group == groups)
			json_number(j, NULL, n->ids[i].id);
	json_close(j, '[');
}

static void add_privileges_used(struct json *j, const struct learnt *n)
{
	json_open(j, "denials_used", '[');
	for (size_t i = 0; i < DENIALS; i++)
		if (n->words & denials[i].bit)
			json_string(j, NULL, denials[i].name);
	json_close(j, '[');
	json_open(j, "capabilities", '[');
	for (uint64_t caps = n->caps; caps; caps &= caps - 1)
		add_cap(j, caps & -caps, tolower);
	json_close(j, '[');
	json_number(j, "uid", geteuid());
	json_number(j, "gid", getegid());
	json_open(j, "became", '{');
	add_became_list(j, n, "uids", false);
	add_became_list(j, n, "gids", true);
	json_close(j, '{');
}

static void add_variables(struct json *j, const struct learnt *n)
{
	json_open(j, "file_variables", '[');
	for (size_t i = 0; i < n->variables_count; i++) {
		const struct learnt_variable *v = &n->variables[i];

		json_open(j, NULL, '{');
		json_begin_string(j, "name");
		json_add_piece(j, v->text, (size_t)(v->path - 1 - v->text));
		json_end_string(j);
		json_string(j, "path", v->path);
		json_bool(j, "missing", v->is_missing);
		json_bool(j, "mounted", v->mount != NULL);
		json_close(j, '{');
	}
	json_close(j, '[');
}

/* ---- what it comes to */

static void add_place_object(struct json *j, const struct place *p)
{
	static const char *const kinds[] = {
		[PLACE_TMPFS] = "tmpfs",   [PLACE_FILLED] = "volume", [PLACE_FILE] = "file",
		[PLACE_NAMES] = "names",   [PLACE_CACHE] = "cache",   [PLACE_SAME] = "unchanged",
		[PLACE_VOLUME] = "volume",
	};

	json_open(j, NULL, '{');
	json_string(j, "path", p->seen->path);
	json_string(j, "kind", kinds[p->kind]);
	json_bool(j, "exec", p->exec);
	json_bool(j, "ask_if_it_outlives", p->outlives);
	add_owner(j, p->seen->mode, p->uid, p->gid);
	json_number(j, "size_mib", place_room(p));
	json_string(j, "note", place_note(p));
	json_close(j, '{');
}

static void add_places(struct json *j, const struct learnt *n)
{
	json_open(j, "places", '[');
	for (size_t i = 0; i < n->places_count; i++)
		add_place_object(j, &n->places[i]);
	json_close(j, '[');
}

/* An option of granit's is one word, one of the engines' two. */
static void take_joined(void *arg, const char *option, const char *value)
{
	struct json *j = arg;

	json_begin_string(j, NULL);
	json_add_piece(j, option, strlen(option));
	json_add_piece(j, "=", value ? 1 : 0);
	json_add_piece(j, value ? value : "", value ? strlen(value) : 0);
	json_end_string(j);
}

static void take_two(void *arg, const char *option, const char *value)
{
	json_string(arg, NULL, option);
	if (value)
		json_string(arg, NULL, value);
}

static void add_word_lists(struct json *j, const struct learnt *n)
{
	static const struct {
		const char *key;
		words_function *words;
		void (*take)(void *, const char *, const char *);
	} lines[] = {
		{"options", words_of_granit, take_joined},
		{"restricted", words_of_restricted, take_joined},
		{"listen", words_of_listen, take_joined},
		{"docker", words_of_docker, take_two},
		{"podman", words_of_podman, take_two},
	};

	for (size_t i = 0; i < array_length(lines); i++) {
		json_open(j, lines[i].key, '[');
		lines[i].words(n, &(struct word_taker){lines[i].take, j});
		json_close(j, '[');
	}
}

/* ---- Kubernetes: members of the container, and of the pod */

static void add_volume_key(struct json *j, const struct learnt *n, const struct place *p)
{
	char name[64];
	struct text t;

	text_init(&t, name, sizeof(name));
	add_volume_name(&t, n, p->seen->path);
	json_string(j, "name", name);
}

static void add_container(struct json *j, const struct learnt *n)
{
	json_open(j, "container", '{');
	json_open(j, "securityContext", '{');
	json_bool(j, "readOnlyRootFilesystem", true);
	json_bool(j, "allowPrivilegeEscalation", false);
	json_number(j, "runAsUser", geteuid());
	json_number(j, "runAsGroup", getegid());
	json_open(j, "capabilities", '{');
	json_open(j, "drop", '[');
	json_string(j, NULL, "ALL");
	json_close(j, '[');
	if (n->caps) {
		json_open(j, "add", '[');
		for (uint64_t caps = n->caps; caps; caps &= caps - 1)
			add_cap(j, caps & -caps, toupper);
		json_close(j, '[');
	}
	json_close(j, '{');
	json_close(j, '{');
	json_open(j, "volumeMounts", '[');
	for (size_t i = 0; i < n->places_count; i++) {
		if (!place_is_mounted(&n->places[i]))
			continue;
		json_open(j, NULL, '{');
		add_volume_key(j, n, &n->places[i]);
		json_string(j, "mountPath", n->places[i].seen->path);
		json_close(j, '{');
	}
	json_close(j, '[');
	json_close(j, '{');
}

static void add_pod_volume_object(struct json *j, const struct learnt *n, const struct place *p)
{
	char room[32];
	struct text t;

	text_init(&t, room, sizeof(room));
	text_add(&t, "%uMi", place_room(p));
	json_open(j, NULL, '{');
	add_volume_key(j, n, p);
	json_open(j, "emptyDir", '{');
	if (p->kind == PLACE_TMPFS)
		json_string(j, "medium", "Memory");
	if (p->kind != PLACE_VOLUME)
		json_string(j, "sizeLimit", room);
	json_close(j, '{');
	json_close(j, '{');
}

static void add_kubernetes_object(struct json *j, const struct learnt *n)
{
	json_open(j, "kubernetes", '{');
	add_container(j, n);
	json_open(j, "pod", '{');
	json_open(j, "securityContext", '{');
	json_number(j, "fsGroup", getegid());
	json_close(j, '{');
	json_open(j, "volumes", '[');
	for (size_t i = 0; i < n->places_count; i++)
		if (place_is_mounted(&n->places[i]))
			add_pod_volume_object(j, n, &n->places[i]);
	json_close(j, '[');
	json_close(j, '{');
	json_close(j, '{');
}

void learn_report_json(struct text *out, const struct learnt *n)
{
	struct json j = {.out = out};

	json_open(&j, NULL, '{');
	json_string(&j, "granit", GRANIT_VERSION);
	json_string(&j, "mode", "learn");
	json_string(&j, "program", n->policy->program[0]);
	json_open(&j, "learn", '{');
	add_observation(&j, n);
	add_writes(&j, n);
	add_volumes(&j, n);
	add_programs(&j, n);
	add_ports(&j, n);
	add_privileges_used(&j, n);
	add_variables(&j, n);
	add_places(&j, n);
	json_close(&j, '{');
	add_word_lists(&j, n);
	add_kubernetes_object(&j, n);
	json_close(&j, '{');
	text_add(out, "\n");
}
