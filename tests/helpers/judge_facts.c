/* SPDX-License-Identifier: MIT */
/* Made-up facts: a function for each kind of them. */
#include "judge_facts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "facts/runtime_mounts.h"
#include "facts/settle.h"
#include "words.h"

enum { TEXT = 1 << 21 };

struct made made = {.options = {(char *)"granit", (char *)"--config=none"}, .option_count = 2};

static char mountinfo[TEXT], status_text[TEXT];
static char *environment[WORDS];
static size_t environment_count;
static struct program *last_program;

__attribute__((noreturn)) void judge_fail(const char *what, const char *line)
{
	fprintf(stderr, "judge: %s: %s\n", what, line);
	exit(2);
}

/* ---- one function a kind of fact */

static void add_mount(char *value)
{
	size_t len = strlen(mountinfo);

	(void)snprintf(mountinfo + len, sizeof(mountinfo) - len, "%s\n", value);
}

/* A whole table, as it stands in a file. */
static void read_mounts(char *path)
{
	size_t len = strlen(mountinfo);
	FILE *file = fopen(path, "re");

	if (!file)
		judge_fail("cannot open", path);
	len += fread(mountinfo + len, 1, sizeof(mountinfo) - len - 1, file);
	mountinfo[len] = '\0';
	(void)fclose(file);
}

static void drop_mount(char *id)
{
	char start[32];
	char *line = mountinfo, *end;

	(void)snprintf(start, sizeof(start), "%s ", id);
	while (strncmp(line, start, strlen(start)) != 0) {
		line = strchr(line, '\n');
		if (!line++)
			judge_fail("no such mount", id);
	}
	end = strchr(line, '\n') + 1;
	memmove(line, end, strlen(end) + 1);
}

static void set_status(char *value)
{
	char *text = value, *key = part(&text), *old = strstr(status_text, key);

	if (old && (old == status_text || old[-1] == '\n')) {
		char *end = strchr(old, '\n') + 1;

		memmove(old, end, strlen(end) + 1);
	}
	if (*text)
		sprintf(status_text + strlen(status_text), "%s:%s\n", key, text);
}

static void set_root(char *value)
{
	made.posture.root.flag_read_only = strcmp(part(&value), "ro") == 0;
	made.posture.root.probe_error = fact_error(part(&value));
	/* none: the kernel does not tell the mount's id. */
	made.posture.root.is_by_table = strcmp(value, "none") == 0;
	made.posture.root.has_mount_id = !made.posture.root.is_by_table;
	if (made.posture.root.has_mount_id)
		made.posture.root.mount_id = (uint64_t)fact_number(part(&value));
}

static void set_mapping(char *value)
{
	made.posture.root_mapping = (struct small_file_facts){.text = value};
}

static void set_gvisor(char *value)
{
	made.posture.in_gvisor = strcmp(value, "yes") == 0;
}

static void set_declared(char *value)
{
	size_t i = (size_t)fact_number(part(&value));

	made.posture.declared[i].error = fact_error(part(&value));
}

static void add_fd(char *value)
{
	struct inherited_fd *fd = &made.posture.fds.fds[made.posture.fds.count++];
	const char *mode;

	fd->fd = (int)fact_number(part(&value));
	mode = part(&value);
	fd->mode = strcmp(mode, "dir") == 0   ? S_IFDIR
		   : strcmp(mode, "reg") == 0 ? S_IFREG
		   : strcmp(mode, "chr") == 0 ? S_IFCHR
		   : strcmp(mode, "blk") == 0 ? S_IFBLK
					      : S_IFIFO;
	fd->open_mode = strcmp(part(&value), "w") == 0 ? O_WRONLY : O_RDONLY;
	fd->has_mount_id = true;
	fd->mount_id = (uint64_t)fact_number(part(&value));
	fd->target = value;
}

static void set_cwd(char *value)
{
	made.posture.cwd = (struct cwd_facts){0};
	if (*value == '!')
		made.posture.cwd.error = fact_error(value + 1);
	else
		made.posture.cwd.path = value;
}

/* PATH:ERROR-OF-WRITING:DIRECTORY:LINKAGE; DIRECTORY: one that can be written, 0 for some, or an
 * errno. */
static void set_app(char *value)
{
	const char *dir, *linkage;

	made.posture.app.path = made.posture.app.place = made.posture.app.real = part(&value);
	made.posture.app.write_error = fact_error(part(&value));
	dir = part(&value);
	made.posture.app.loose_dir = *dir == '/'            ? dir
				     : fact_error(dir) == 0 ? "its directory"
							    : NULL;
	linkage = part(&value);
	made.posture.app.linkage = strcmp(linkage, "dynamic") == 0  ? LINKAGE_DYNAMIC
				   : strcmp(linkage, "static") == 0 ? LINKAGE_STATIC
								    : LINKAGE_UNKNOWN;
}

/* NAME:own, NAME:host, or the errno of looking at it. */
static void set_namespace(char *value)
{
	static const char *const names[NS_COUNT] = {
		[NS_PID] = "pid", [NS_IPC] = "ipc",       [NS_UTS] = "uts",
		[NS_NET] = "net", [NS_CGROUP] = "cgroup", [NS_USER] = "user",
	};
	const char *name = part(&value);
	struct namespace_facts ns = {0};

	if (strcmp(value, "own") == 0)
		ns.is = NAMESPACE_OWN;
	else if (strcmp(value, "host") == 0)
		ns.is = NAMESPACE_HOST;
	else
		ns.error = fact_error(value);
	for (size_t i = 0; i < NS_COUNT; i++)
		if (strcmp(names[i], name) == 0)
			made.posture.namespaces[i] = ns;
}

/* open: it can be read; null, empty: it is hidden; or the errno of looking at it. */
static void set_hidden(char *value)
{
	const char *path = part(&value);

	for (size_t i = 0; i < hidden_paths_count; i++) {
		struct hidden_facts *h = &made.posture.hidden[i];

		if (strcmp(hidden_paths[i].path, path) != 0)
			continue;
		*h = (struct hidden_facts){
			.is_null = strcmp(value, "null") == 0,
			.is_empty = strcmp(value, "empty") == 0,
		};
		if (!h->is_null && !h->is_empty && strcmp(value, "open") != 0)
			h->error = fact_error(value);
	}
}

static void set_absent(char *value)
{
	for (size_t i = 0; i < PLACE_COUNT; i++)
		if (strcmp(kernel_places[i], value) == 0)
			made.posture.absent[i] = true;
}

static void add_device(char *value)
{
	struct device *d = calloc(1, sizeof(*d));

	if (!d)
		judge_fail("no memory", value);
	d->path = part(&value);
	d->is_block = strcmp(part(&value), "b") == 0;
	d->major = (unsigned int)fact_number(part(&value));
	d->minor = (unsigned int)fact_number(part(&value));
	d->next = made.posture.devices.devices;
	made.posture.devices.devices = d;
}

static void set_interface(char *value)
{
	made.posture.host_interface = value;
}

static void set_landlock(char *value)
{
	made.posture.landlock_abi = (int)fact_number(value);
}

static void set_terminal(char *value)
{
	made.posture.terminal[fact_number(value)] = true;
}

static void set_limits(char *value)
{
	made.posture.core.rlim_cur = (rlim_t)fact_number(part(&value));
	made.posture.nofile.rlim_cur = (rlim_t)fact_number(part(&value));
}

static void set_file(char *value)
{
	size_t i = (size_t)fact_number(part(&value));

	made.posture.files[i] = (struct small_file_facts){.text = value};
}

static void set_path(char *value)
{
	size_t i = (size_t)fact_number(part(&value));

	made.posture.paths[i] = (struct known_path_facts){.size = fact_number(part(&value))};
}

static void add_program(char *value)
{
	struct program *p = calloc(1, sizeof(*p));

	if (!p)
		judge_fail("no memory", value);
	p->path = part(&value);
	p->families = (unsigned int)fact_number(part(&value));
	p->content = (unsigned int)fact_number(part(&value));
	p->marks = (unsigned int)fact_number(part(&value));
	p->links = (unsigned int)fact_number(part(&value));
	p->dangling = strcmp(value ? value : "", "dangling") == 0;
	if (last_program)
		last_program->next = p;
	else
		made.posture.programs.programs = p;
	last_program = p;
}

static void set_budget(char *value)
{
	made.posture.programs.out_of_budget = value;
}

static void set_pid(char *value)
{
	made.posture.pid = (pid_t)fact_number(value);
}

static void add_environment(char *value)
{
	environment[environment_count++] = value;
	if (strncmp(value, "PATH=", 5) == 0)
		made.posture.path = value + 5;
}

static void add_option(char *value)
{
	made.options[made.option_count++] = value;
}

static char *mount_facts[WORDS]; /* applied when the table is there */
static size_t mount_fact_count;

static void add_mount_fact(char *value)
{
	mount_facts[mount_fact_count++] = value;
}

/* PATH:MODE:UID:MOUNT, mount ro or rw. */
static void set_config(char *value)
{
	made.config.path = part(&value);
	made.config.mode = (mode_t)fact_number(part(&value));
	made.config.owner = (uid_t)fact_number(part(&value));
	made.config.read_only_mount = strcmp(value, "ro") == 0;
}

static void set_trouble(char *value)
{
	const struct trouble t = {.tried = "read", .what = "/proc/self/made-up", .error = EACCES};
	const char *which = value;

	if (strcmp(which, "mounts") == 0)
		made.posture.mounts_trouble = t;
	else if (strcmp(which, "status") == 0)
		made.posture.status_trouble = t;
	else if (strcmp(which, "root") == 0)
		made.posture.root.trouble = t;
	else if (strcmp(which, "fds") == 0)
		made.posture.fds.trouble = t;
	else if (strcmp(which, "programs") == 0)
		made.posture.programs.out_of_memory = true;
	else if (strcmp(which, "links") == 0)
		made.posture.programs.links_lost = true;
	else
		made.posture.devices.trouble = t;
}

/* "plan=[PATH:...]": prints Landlock's rules, and which of the paths, entries all, may start. */
static void set_plan(char *value)
{
	made.plan = value;
}

static const struct {
	const char *key;
	void (*set)(char *value);
} facts[] = {
	{"mount", add_mount},
	{"unmount", drop_mount},
	{"status", set_status},
	{"root", set_root},
	{"gvisor", set_gvisor},
	{"mapping", set_mapping},
	{"declared", set_declared},
	{"fd", add_fd},
	{"cwd", set_cwd},
	{"app", set_app},
	{"namespace", set_namespace},
	{"hidden", set_hidden},
	{"device", add_device},
	{"interface", set_interface},
	{"landlock", set_landlock},
	{"foreign", add_foreign},
	{"terminal", set_terminal},
	{"limits", set_limits},
	{"file", set_file},
	{"path", set_path},
	{"program", add_program},
	{"blind", add_blind},
	{"budget", set_budget},
	{"pid", set_pid},
	{"env", add_environment},
	{"option", add_option},
	{"at", add_mount_fact},
	{"trouble", set_trouble},
	{"mountinfo", read_mounts},
	{"config", set_config},
	{"absent", set_absent},
	{"plan", set_plan},
	{"seal", add_seal},
	{"seal-broken", set_seal_broken},
};

void facts_read(const char *path)
{
	char line[8192];
	FILE *file = fopen(path, "re");

	if (!file)
		judge_fail("cannot open", path);
	while (fgets(line, sizeof(line), file)) {
		char *value = strchr(line, '=');
		size_t i = 0;

		line[strcspn(line, "\n")] = '\0';
		if (!*line || *line == '#')
			continue;
		if (!value)
			judge_fail("no fact", line);
		*value++ = '\0';
		while (i < array_length(facts) && strcmp(facts[i].key, line) != 0)
			i++;
		if (i == array_length(facts))
			judge_fail("no such fact", line);
		facts[i].set(strdup(value)); /* kept to the end */
	}
	(void)fclose(file);
}

/* "fixed" is a file too. */
static enum mount_kind mount_kind_named(const char *name)
{
	static const struct {
		const char *name;
		enum mount_kind kind;
	} kinds[] = {
		{"socket", MOUNT_SOCKET}, {"file", MOUNT_FILE}, {"fixed", MOUNT_FILE},
		{"other", MOUNT_OTHER},   {"pipe", MOUNT_PIPE},
	};

	for (size_t i = 0; i < array_length(kinds); i++)
		if (strcmp(name, kinds[i].name) == 0)
			return kinds[i].kind;
	return MOUNT_DIRECTORY;
}

/* "at=ID:KIND[:SOCKET]": what lies at a mount point; a directory may be a part of a system. */
static void apply_mount_fact(char *value)
{
	static const char *const parts[PART_COUNT] = {
		[PART_NONE] = "dir", [PART_ROOT] = "system",     [PART_ETC] = "etc",
		[PART_RUN] = "run",  [PART_KUBELET] = "kubelet",
	};
	uint64_t id = (uint64_t)fact_number(part(&value));
	const char *kind = part(&value);

	for (size_t i = 0; i < made.posture.mounts.count; i++) {
		struct mount *m = &made.posture.mounts.rows[i];

		if (m->id != id)
			continue;
		m->fixed = strcmp(kind, "fixed") == 0;
		m->elsewhere = strcmp(kind, "elsewhere") == 0;
		m->kind = mount_kind_named(kind);
		for (size_t n = 0; n < PART_COUNT; n++)
			if (strcmp(kind, parts[n]) == 0)
				m->part = (enum system_part)n;
		m->socket = value;
		m->of_runtime =
			m->of_runtime && mount_is_made_by_runtime(m) && m->part == PART_NONE;
	}
}

void facts_settle(struct arena *a)
{
	const char *missing;
	char where[32];
	size_t line;

	made.posture.environment = environment;
	if (!made.posture.mounts_trouble.tried &&
	    mounts_parse(mountinfo, a, &made.posture.mounts, &line) < 0) {
		(void)snprintf(where, sizeof(where), "line %zu", line);
		judge_fail("mountinfo is wrong", where);
	}
	if (!made.posture.status_trouble.tried &&
	    status_parse(status_text, &made.posture.status, &missing) < 0)
		judge_fail("status lacks", missing);
	if (made.posture.root.is_by_table) {
		made.posture.root.mount_id = mounts_top_at_root(&made.posture.mounts);
		made.posture.root.has_mount_id = made.posture.root.mount_id != 0;
	}
	if (mounts_settle(&made.posture.mounts, made.posture.root.mount_id, a) < 0)
		judge_fail("no memory", "mounts");
	made.posture.now = time(NULL);
	for (size_t i = 0; i < mount_fact_count; i++)
		apply_mount_fact(mount_facts[i]);
}
