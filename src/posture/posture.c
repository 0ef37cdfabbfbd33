// SPDX-License-Identifier: MIT
/* Gathers the facts that the checks need, in order. */
#include "posture/posture.h"

#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>

#include "facts/lookup.h"
#include "facts/mountid.h"
#include "facts/procfile.h"
#include "facts/settle.h"
#include "facts/volumes.h"
#include "facts/way.h"
#include "posture/platform.h"
#include "posture/script.h"
#include "sys/events.h"
#include "sys/sys.h"
#include "sys/variables.h"

/* ---- /proc */

/*
 * A /proc that is no procfs, or a file bound over one of its own, would tell what somebody wants us
 * to believe. So the type is asked of the kernel, and no mount may lie on the way to the file.
 */
static int open_proc(struct trouble *t)
{
	int fd = proc_open();

	if (fd >= 0)
		return fd;
	*t = (struct trouble){.tried = "use", .what = "/proc", .error = -fd};
	if (fd == -EMEDIUMTYPE) {
		t->error = 0;
		t->why = "it is not a procfs";
	}
	return -1;
}

/* The whole of an open file as text in the arena, or NULL with *t set. */
static char *read_open_file(int fd, const char *path, struct arena *a, struct trouble *t)
{
	size_t room, n;
	char *text = arena_rest(a, &room);
	int r = fd;

	*t = (struct trouble){.tried = "read", .what = path};
	if (fd >= 0)
		r = text ? text_read(fd, text, room - 1, &n) : -ENOMEM;
	if (r < 0) {
		t->error = r == -EFBIG ? ENOMEM : -r;
		if (fd == -EXDEV)
			t->why = "something is mounted over it";
		return NULL;
	}
	text[n] = '\0';
	arena_keep(a, text, n + 1);
	t->tried = NULL;
	return text;
}

static void gather_mounts(int fd, struct arena *a, struct posture *ret)
{
	struct trouble *t = &ret->mounts_trouble;
	char *text = read_open_file(fd, "/proc/self/mountinfo", a, t);
	size_t line;
	int r;

	if (!text)
		return;
	r = mounts_parse(text, a, &ret->mounts, &line);
	if (r < 0)
		*t = (struct trouble){.tried = "understand",
				      .what = "/proc/self/mountinfo",
				      .error = -r,
				      .why = r == -EINVAL ? "a line lacks fields" : NULL};
}

static void settle_mounts(struct posture *s, uint64_t root, struct arena *a)
{
	int r = mounts_settle(&s->mounts, root, a);

	if (r == 0)
		return;
	s->mounts = (struct mount_table){0};
	s->mounts_trouble = (struct trouble){
		.tried = "relate the rows of", .what = "/proc/self/mountinfo", .error = -r};
}

static void gather_status(int proc, struct arena *a, struct posture *ret)
{
	cleanup_fd int fd = proc_file_open(proc, "self/status");
	struct trouble *t = &ret->status_trouble;
	char *text = read_open_file(fd, "/proc/self/status", a, t);

	if (text && status_parse(text, &ret->status, &t->why) < 0)
		*t = (struct trouble){.tried = "understand",
				      .what = "/proc/self/status",
				      .error = EINVAL,
				      .why = t->why};
	/* Linux before 4.10, and gVisor, have no such line. */
	if (ret->status.no_new_privs < 0)
		ret->status.no_new_privs = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
	/* libcap-ng learns how many capabilities the kernel has; their names depend on it. */
	capng_clear(CAPNG_SELECT_ALL);
}

/* ---- the root directory */

/*
 * A name that is not there is renamed to itself, which changes nothing whatever the answer; the
 * kernel asks whether the mount is read-only before it looks for the name. gVisor knows no
 * O_TMPFILE.
 */
static int try_to_rename(int root)
{
	static const char name[] = ".granit-is-not-there";

	return renameat(root, name, root, name) < 0 ? errno : 0;
}

static void gather_root(int root, int error, int proc, struct root_facts *ret)
{
	enum { FLAGS_ARE_VALID = 0x20 }; /* ST_VALID: Linux since 2.6.36; gVisor has no flags */
	struct statvfs fs;

	if (root < 0 || fstatvfs(root, &fs) < 0) {
		ret->trouble = (struct trouble){
			.tried = "look at", .what = "/", .error = root < 0 ? error : errno};
		return;
	}
	ret->probe_error = try_to_rename(root);
	ret->is_flag_untold = !(fs.f_flag & FLAGS_ARE_VALID);
	ret->flag_read_only =
		ret->is_flag_untold ? ret->probe_error == EROFS : fs.f_flag & ST_RDONLY;
	ret->has_mount_id = mount_id(proc, root, &ret->mount_id) == 0;
}

/* gVisor tells of no file which mount it is on. What lies on top at "/" is what there is to say. */
static void name_root(const struct mount_table *t, struct root_facts *ret)
{
	if (ret->has_mount_id || ret->trouble.tried)
		return;
	ret->mount_id = mounts_top_at_root(t);
	ret->has_mount_id = ret->is_by_table = ret->mount_id != 0;
}

/* ---- what lies at the mount points */

static void look_at_volumes(const struct policy *p, const struct posture *s)
{
	const struct mount_table *t = &s->mounts;
	uid_t user = p->user ? s->account.uid : geteuid();

	if (policy_passes_bars(p))
		user = 0;
	for (size_t i = 0; i < t->count; i++)
		volume_look(&t->rows[i], t->root, user);
}

static void look_at_mapping(struct arena *a, struct posture *s)
{
	const struct mount *m = mounts_by_id(&s->mounts, s->mounts.root);

	if (m)
		device_mapping_read(m->device, a, &s->root_mapping);
}

/* ---- the rest */

/* What nobody has looked at is not there, rather than there and empty. */
static void forget_files(struct posture *s)
{
	for (size_t i = 0; i < array_length(s->files); i++)
		s->files[i].error = ENODATA;
	for (size_t i = 0; i < array_length(s->paths); i++)
		s->paths[i].error = ENODATA;
	s->root_mapping.error = ENODATA;
}

static void gather_programs(const struct policy *p, int root, struct arena *a, struct posture *ret)
{
	struct image_request q = {
		.root = root,
		.path = ret->path,
		.program = ret->app.place,
		.arguments = p->program ? p->program + 1 : NULL,
		.policy = p,
		.mounts = &ret->mounts,
		.allow = p->allow.paths,
		.allow_count = p->allow.count,
		.full = p->scan == SCAN_FULL,
		.keeps_out = posture_expects_landlock(p, ret),
		.budget = p->scan_budget,
	};

	if (!p->root && declared_for_programs(p) && declared_add_places(p, &ret->mounts, a, &q) < 0)
		ret->programs.out_of_memory = true;
	else if (p->scan != SCAN_OFF)
		image_look(&q, a, &ret->programs);
}

/* Ranges of the tables in smallfiles.h. */
static const struct {
	unsigned int fact;
	enum small_file first, last;
} file_ranges[] = {
	{FACT_CORE_PATTERN, FILE_CORE_PATTERN, FILE_CORE_PATTERN},
	{FACT_LSM, FILE_APPARMOR, FILE_LSM_LABEL},
	{FACT_CGROUP, FILE_MEMORY_MAX, FILE_V1_PIDS},
	{FACT_IMAGE_NOTES, FILE_BUILD_EPOCH, FILE_SHELLS},
	{FACT_SYSCTLS, FILE_SYSCTL_FIRST, FILE_SYSCTL_LAST},
};

static const struct {
	unsigned int fact;
	enum known_path first, last;
} path_ranges[] = {
	{FACT_TOKENS, PATH_SA_TOKEN, PATH_AZURE_TOKEN},
	{FACT_RUNTIME, PATH_DOCKERENV, PATH_CONTAINERENV},
	{FACT_LOADERS, PATH_LD_PRELOAD, PATH_LOADER_LAST},
};

static void gather_files(unsigned int needs, int root, struct arena *a, struct posture *ret)
{
	for (size_t i = 0; i < array_length(file_ranges); i++)
		if (needs & file_ranges[i].fact)
			small_files_read(root, file_ranges[i].first, file_ranges[i].last, a,
					 ret->files);
	if (needs & FACT_CGROUP && root < 0)
		group_limits_read(a, ret->files);
	/* Not without need: the first call looks for the vDSO. */
	if (!ret->files[FILE_BUILD_EPOCH].error)
		ret->now = time(NULL);
	for (size_t i = 0; i < array_length(path_ranges); i++)
		if (needs & path_ranges[i].fact)
			known_paths_look(root, path_ranges[i].first, path_ranges[i].last,
					 ret->paths);
}

static void gather_process(const struct policy *p, unsigned int needs, int proc, struct arena *a,
			   struct posture *ret)
{
	if (needs & FACT_CWD)
		cwd_look(a, &ret->cwd);
	if (needs & FACT_APP && p->program) {
		app_look(p->program, ret->path, proc, a, &ret->app);
		loaders_look(ret->app.path, p->deny & DENY_WX_MEMORY, a, &ret->loaders);
	}
	for (int fd = 0; needs & FACT_TERMINAL && fd < 3; fd++)
		ret->terminal[fd] = isatty(fd);
	if (needs & FACT_RLIMITS &&
	    (getrlimit(RLIMIT_CORE, &ret->core) < 0 || getrlimit(RLIMIT_NOFILE, &ret->nofile) < 0))
		ret->core = ret->nofile = (struct rlimit){RLIM_INFINITY, RLIM_INFINITY};
}

static void gather_leads(const struct policy *p, struct arena *a, struct posture *ret)
{
	struct lead *leads = NULL;

	for (char *const *e = ret->environment; ret->mounts.rows && e && *e; e++)
		leads_add(&leads, &ret->mounts, *e, policy_passes_bars(p), a);
	ret->leads = leads;
}

static void gather_host(unsigned int needs, int proc, struct arena *a, struct posture *ret)
{
	if (needs & FACT_NAMESPACES)
		namespaces_look(proc, ret->namespaces);
	if (needs & FACT_HIDDEN)
		hidden_paths_look(ret->hidden);
	if (needs & FACT_PLACES)
		kernel_places_look(ret->absent);
	if (needs & FACT_DEVICES)
		devices_list(a, &ret->devices);
	if (needs & FACT_NETWORK)
		ret->host_interface = host_interface(a);
	if (needs & FACT_LANDLOCK)
		ret->landlock_abi = landlock_abi();
}

int posture_gather_image(const struct policy *p, unsigned int needs, struct arena *a,
			 struct posture *ret)
{
	cleanup_fd int root = openat(AT_FDCWD, p->root, O_PATH | O_DIRECTORY | O_CLOEXEC);

	*ret = (struct posture){.mounts_fd = -1, .events_fd = -1, .seal.program = -1};
	forget_files(ret);
	if (root < 0)
		return -errno;
	if (needs & FACT_PROGRAMS)
		gather_programs(p, root, a, ret);
	if (needs & FACT_SEAL)
		seal_verify(&(struct seal_request){.policy = p, .root = root}, a, &ret->seal);
	gather_files(needs & FACTS_OF_IMAGE, root, a, ret);
	return 0;
}

/* What tells the runtime's own mounts from those that cover the image; what will be started. */
enum {
	FACTS_OF_FOREIGN = FACT_ROOT | FACT_MOUNTS | FACT_VOLUMES | FACT_APP | FACT_PROGRAMS |
			   FACT_LOADERS | FACT_LANDLOCK,
};

enum { FACTS_OF_SEAL = FACT_ROOT | FACT_MOUNTS | FACT_VOLUMES | FACT_APP };

static void gather_seal(const struct policy *p, int root, struct arena *a, struct posture *ret)
{
	const struct seal_request q = {
		.policy = p,
		.root = root,
		.mounts = &ret->mounts,
		.program = ret->app.place,
		.keep_program = p->mode == MODE_RUN && exec_keeps_name(),
	};

	seal_verify(&q, a, &ret->seal);
}

static bool is_to_be_watched(const struct policy *p)
{
	return (p->mode == MODE_RUN || p->mode == MODE_PAUSE) && !p->exec && p->watch != WATCH_OFF;
}

/*
 * Each poll, that of EPOLL_CTL_ADD too, takes the news of a change with it (mounts_poll() in
 * fs/proc_namespace.c). So the table is read behind it: what came before is in there, what comes
 * later will be told.
 */
static void begin_to_watch(int mounts, struct posture *ret)
{
	int r;

	ret->events_fd = events_open();
	if (ret->events_fd < 0)
		return;
	r = events_add(ret->events_fd, mounts, EPOLLPRI | EPOLLERR, EVENT_MOUNTS);
	if (r == 0)
		return;
	(void)close(ret->events_fd);
	ret->events_fd = r;
}

/* The mount point of a writable mount that the configuration file is reached through, or NULL. */
static const char *find_config_way(const struct policy *p, int proc, const struct posture *s)
{
	const struct mount *m = NULL;

	if (s->mounts.rows)
		m = way_through_writable(&s->mounts, proc, p->config.path);
	return m ? m->point : NULL;
}

/* With what the facts that are needed need themselves. */
static unsigned int with_their_needs(const struct policy *p, unsigned int needs)
{
	if (needs & FACT_SEAL)
		needs |= FACTS_OF_SEAL;
	if (needs & FACT_PROGRAMS && p->scan != SCAN_OFF)
		needs |= FACT_APP | FACT_LANDLOCK | (declared_for_programs(p) ? FACT_MOUNTS : 0);
	if (needs & FACT_FOREIGN)
		needs |= FACTS_OF_FOREIGN;
	if (needs & FACT_CONFIG && p->config.path)
		needs |= FACT_ROOT | FACT_MOUNTS;
	return needs;
}

/* Facts that come from /proc, or cannot do without. */
enum {
	FACTS_OF_PROC = FACT_ROOT | FACT_MOUNTS | FACT_VOLUMES | FACT_STATUS | FACT_FDS | FACT_APP |
			FACT_NAMESPACES,
};

static void gather_all(const struct policy *p, unsigned int needs, struct arena *a,
		       struct posture *ret)
{
	cleanup_fd int root = -1, proc = -1, mounts = -1;

	if (needs & FACTS_OF_PROC) {
		proc = open_proc(&ret->mounts_trouble);
		ret->status_trouble = ret->fds.trouble = ret->mounts_trouble;
	}
	/* Before anything else is open. */
	if (proc >= 0 && needs & FACT_FDS)
		fds_list(proc, a, &ret->fds);
	if (proc >= 0 && needs & (FACT_MOUNTS | FACT_VOLUMES)) {
		mounts = proc_file_open(proc, "self/mountinfo");
		if (mounts >= 0 && is_to_be_watched(p))
			begin_to_watch(mounts, ret);
		gather_mounts(mounts, a, ret);
	}
	if (proc >= 0 && needs & FACT_STATUS)
		gather_status(proc, a, ret);
	if (needs & FACT_ROOT) {
		root = openat(AT_FDCWD, "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
		gather_root(root, root < 0 ? errno : 0, proc, &ret->root);
		name_root(&ret->mounts, &ret->root);
	}
	ret->in_gvisor = is_in_gvisor(&ret->root, &ret->mounts);
	settle_mounts(ret, ret->root.mount_id, a);
	if (needs & FACT_VOLUMES)
		look_at_volumes(p, ret);
	if (needs & FACT_MAPPING)
		look_at_mapping(a, ret);
	if (needs & FACT_DECLARED)
		declared_look(p, ret->declared);
	if (needs & FACT_ENVIRONMENT)
		gather_leads(p, a, ret);
	if (needs & FACT_CONFIG && p->config.path)
		ret->config_way = find_config_way(p, proc, ret);
	gather_process(p, needs, proc, a, ret);
	gather_host(needs, proc, a, ret);
	gather_files(needs, -1, a, ret);
	if (needs & FACT_PROGRAMS)
		gather_programs(p, -1, a, ret);
	if (needs & FACT_APP && p->program && !ret->app.error)
		script_look(p->program, &ret->app, &ret->programs, proc, a, &ret->script);
	if (needs & FACT_FOREIGN)
		foreign_look(p, a, ret);
	if (needs & FACT_SEAL)
		gather_seal(p, root, a, ret);
	if (ret->events_fd >= 0)
		ret->mounts_fd = take_fd(&mounts);
}

int posture_gather(const struct policy *p, unsigned int needs, char *const *environment,
		   const struct account *account, struct arena *a, struct posture *ret)
{
	struct sight other = {0};

	*ret = (struct posture){.environment = environment,
				.mounts_fd = -1,
				.events_fd = -1,
				.seal.program = -1,
				.path = variable_value(environment, "PATH"),
				.pid = getpid()};
	forget_files(ret);
	needs = with_their_needs(p, needs);
	if (!account) {
		gather_all(p, needs, a, ret);
		return 0;
	}
	ret->account = *account;
	other = account_sight(&ret->account);
	sight_begin(&other);
	gather_all(p, needs, a, ret);
	if (needs & FACT_DECLARED)
		declared_ask_for(p, &other, ret->declared);
	ret->is_half_blind = sight_was_denied();
	return sight_end();
}

void posture_look_again(uint64_t root, struct arena *a, struct posture *ret)
{
	cleanup_fd int proc = -1, mounts = -1;

	*ret = (struct posture){.is_second_look = true,
				.mounts_fd = -1,
				.events_fd = -1,
				.root = {.has_mount_id = root != 0, .mount_id = root},
				.environment = environ};
	forget_files(ret);
	proc = open_proc(&ret->mounts_trouble);
	if (proc >= 0) {
		mounts = proc_file_open(proc, "self/mountinfo");
		gather_mounts(mounts, a, ret);
		namespaces_look(proc, ret->namespaces);
	}
	ret->in_gvisor = is_in_gvisor(&ret->root, &ret->mounts);
	settle_mounts(ret, root, a);
	kernel_places_look(ret->absent);
}

void posture_look_at(struct posture *s, struct mount *m)
{
	cleanup_fd int root = -1;

	/* Process 1 is the program's user by then. */
	volume_look(m, s->mounts.root, geteuid());
	if (!s->mounts.root || m->id != s->mounts.root)
		return;
	root = openat(AT_FDCWD, "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	gather_root(root, root < 0 ? errno : 0, -1, &s->root);
	s->root.has_mount_id = true;
	s->root.mount_id = s->mounts.root;
}
