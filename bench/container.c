/*
 * Run a program as PID 1 of a read-only container, without an engine: what `docker run --read-only`
 * sets up, as far as an init can see it. Inits that are compared are all started by the same one,
 * or inside it.
 *
 *	container [-m minimal|docker] [-v VOLUMES] [-c CPU] [-p PIDFILE] ROOT PROGRAM [ARG]...
 *
 * ROOT needs the folders proc, dev and sys, and for volumes mnt; it is not changed. PIDFILE gets
 * the program's pid as seen from outside.
 * minimal: the root, /proc with its read-only parts, /dev.
 * docker: every mount, mask and filter of a Docker container, on an overlay.
 * VOLUMES: so many read-only mounts below /mnt, as a cluster's drivers leave them.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

#include "bench.h"

const char *const tool = "container";

/* The fourteen capabilities that Docker and podman leave a root user. */
static const uint64_t kept_caps = 0xa80425fb;

static const char *const env[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root",
	"HOSTNAME=bench", NULL};

enum { SAFE = MS_NOSUID | MS_NODEV | MS_NOEXEC };

/* Paths are relative to the new root, in which the process stands. */
struct mount_row {
	const char *path, *type;
	unsigned long flags;
	const char *data;
	bool optional; /* depends on the kernel's configuration */
};

static const struct mount_row minimal_mounts[] = {
	{"proc", "proc", SAFE, NULL, false},
	{"dev", "tmpfs", MS_NOSUID | MS_STRICTATIME, "mode=755,size=65536k", false},
	{.path = NULL},
};

static const struct mount_row docker_mounts[] = {
	{"dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620", false},
	{"dev/shm", "tmpfs", SAFE, "mode=1777,size=65536k", false},
	{"dev/mqueue", "mqueue", SAFE, NULL, true},
	{"sys", "sysfs", SAFE | MS_RDONLY, NULL, false},
	{"sys/fs/cgroup", "cgroup2", SAFE | MS_RDONLY, NULL, true},
	{.path = NULL},
};

struct device {
	const char *path;
	unsigned int major, minor;
};

static const struct device null_device = {"dev/null", 1, 3};

static const struct device docker_devices[] = {
	{"dev/zero", 1, 5},    {"dev/full", 1, 7}, {"dev/random", 1, 8},
	{"dev/urandom", 1, 9}, {"dev/tty", 5, 0},  {NULL, 0, 0},
};

static const char *const docker_links[][2] = {
	{"dev/ptmx", "pts/ptmx"},          {"dev/fd", "/proc/self/fd"},
	{"dev/stdin", "/proc/self/fd/0"},  {"dev/stdout", "/proc/self/fd/1"},
	{"dev/stderr", "/proc/self/fd/2"}, {NULL, NULL}};

static const char *const readonly_paths[] = {
	"proc/bus", "proc/fs", "proc/irq", "proc/sys", "proc/sysrq-trigger", NULL};

static const char *const masked_paths[] = {
	"proc/acpi",
	"proc/asound",
	"proc/interrupts",
	"proc/kcore",
	"proc/keys",
	"proc/latency_stats",
	"proc/sched_debug",
	"proc/scsi",
	"proc/timer_list",
	"proc/timer_stats",
	"sys/firmware",
	"sys/devices/virtual/powercap",
	NULL,
};

static const char *const network_files[] = {"etc/hostname", "etc/hosts", "etc/resolv.conf", NULL};

static void mount_rows(const struct mount_row *rows)
{
	for (; rows->path; rows++) {
		/* Those below /dev are made here; a missing one elsewhere fails at the mount. */
		mkdir(rows->path, 0755);
		if (mount(rows->type, rows->path, rows->type, rows->flags, rows->data) < 0 &&
		    !rows->optional)
			die("cannot mount %s on /%s", rows->type, rows->path);
	}
}

/* A bind mount takes its read-only flag in a second step only. */
static void bind_readonly(const char *from, const char *to, unsigned long flags)
{
	if (mount(from, to, NULL, MS_BIND, NULL) < 0 ||
	    mount(NULL, to, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY | flags, NULL) < 0)
		die("cannot bind %s read-only on /%s", from, to);
}

static void make_device(const struct device *dev)
{
	char host[64];
	int fd;

	if (mknod(dev->path, S_IFCHR | 0666, makedev(dev->major, dev->minor)) == 0) {
		if (chmod(dev->path, 0666) < 0)
			die("cannot open up /%s", dev->path);
		return;
	}
	/* As runtimes do where nodes cannot be made: the host's, and a row in the mount table. */
	snprintf(host, sizeof(host), "/%s", dev->path);
	fd = open(dev->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0 || mount(host, dev->path, NULL, MS_BIND, NULL) < 0)
		die("cannot make /%s", dev->path);
	close(fd);
}

static void mask_paths(void)
{
	for (const char *const *path = masked_paths; *path; path++) {
		struct stat st;

		if (stat(*path, &st) < 0)
			continue;
		if (S_ISDIR(st.st_mode)) {
			if (mount("tmpfs", *path, "tmpfs", MS_RDONLY, "size=0k,nr_inodes=2") < 0)
				die("cannot mask /%s", *path);
		} else if (mount("/dev/null", *path, NULL, MS_BIND, NULL) < 0) {
			die("cannot mask /%s", *path);
		}
	}
}

/*
 * Docker's root is an overlay: a writable superblock behind a read-only mount, and dearer look-ups
 * than a plain folder has. Its upper folder lives in a tmpfs that is out of sight as soon as the
 * root is changed.
 */
static void overlay_root(const char *root)
{
	char data[4096 * 3];

	if (chdir(root) < 0)
		die("cannot enter %s", root);
	if (mount("tmpfs", "dev", "tmpfs", 0, NULL) < 0 || mkdir("dev/upper", 0755) < 0 ||
	    mkdir("dev/work", 0755) < 0 || mkdir("dev/merged", 0755) < 0)
		die("cannot prepare an overlay over %s", root);
	snprintf(data, sizeof(data), "lowerdir=%s,upperdir=%s/dev/upper,workdir=%s/dev/work", root,
		 root, root);
	if (mount("overlay", "dev/merged", "overlay", 0, data) < 0)
		die("cannot mount an overlay over %s", root);
	if (chdir("dev/merged") < 0)
		die("cannot enter the overlay over %s", root);
}

static void bind_root(const char *root)
{
	if (mount(root, root, NULL, MS_BIND, NULL) < 0)
		die("cannot bind %s on itself", root);
	if (chdir(root) < 0)
		die("cannot enter %s", root);
}

/* Folders of one file system, as a host's are. */
static void mount_volumes(unsigned int count)
{
	if (!count)
		return;
	if (mount("tmpfs", "mnt", "tmpfs", SAFE, "mode=755") < 0)
		die("cannot mount a tmpfs on /mnt");
	for (unsigned int i = 0; i < count; i++) {
		char path[32];

		snprintf(path, sizeof(path), "mnt/volume-%u", i);
		if (mkdir(path, 0755) < 0)
			die("cannot make /%s", path);
		bind_readonly(path, path, SAFE);
	}
	if (mount(NULL, "mnt", NULL, MS_REMOUNT | MS_RDONLY | SAFE, NULL) < 0)
		die("cannot make /mnt read-only");
}

/* As every runtime does. */
static void bring_loopback_up(void)
{
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, (int)SIOCSIFFLAGS, &request) < 0)
		die("cannot bring the loopback up");
	close(fd);
}

struct plan {
	const char *pidfile;
	unsigned int volumes;
	bool docker;
};

static void build_root(const char *root, const struct plan *plan)
{
	const bool docker = plan->docker;

	/* Nothing of this may reach the machine's own mount table. */
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		die("cannot make the mounts private");
	if (docker)
		overlay_root(root);
	else
		bind_root(root);

	mount_rows(minimal_mounts);
	make_device(&null_device);
	if (docker) {
		mount_rows(docker_mounts);
		for (const struct device *dev = docker_devices; dev->path; dev++)
			make_device(dev);
		for (size_t i = 0; docker_links[i][0]; i++)
			if (symlink(docker_links[i][1], docker_links[i][0]) < 0)
				die("cannot link /%s", docker_links[i][0]);
		for (const char *const *file = network_files; *file; file++)
			if (access(*file, F_OK) == 0)
				bind_readonly(*file, *file, 0);
	}
	for (const char *const *path = readonly_paths; *path; path++)
		if (access(*path, F_OK) == 0)
			bind_readonly(*path, *path, SAFE);
	if (docker)
		mask_paths();
	mount_volumes(plan->volumes);

	/* New root over old root, then the old one away: unlike a chroot this has no way back. */
	if (syscall(SYS_pivot_root, ".", ".") < 0)
		die("pivot_root to %s", root);
	if (umount2(".", MNT_DETACH) < 0)
		die("cannot detach the old root");
	if (chdir("/") < 0)
		die("cannot enter the new root");
	if (mount(NULL, "/", NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL) < 0)
		die("cannot make the root read-only");
}

/* Stands for Docker's: an init sees that there is one, and each of its system calls pays for it. */
static void install_filter(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_kexec_load, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = {.len = sizeof(code) / sizeof(code[0]), .filter = code};

	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) < 0)
		die("cannot install a seccomp filter");
}

static void drop_caps(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {0};

	for (unsigned long cap = 0; cap < 64; cap++) {
		if (kept_caps >> cap & 1)
			continue;
		/* EINVAL: above the last capability this kernel knows. */
		if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0 && errno != EINVAL)
			die("cannot drop capability %lu from the bounding set", cap);
	}
	data[0].effective = data[0].permitted = (uint32_t)kept_caps;
	data[1].effective = data[1].permitted = (uint32_t)(kept_caps >> 32);
	if (syscall(SYS_capset, &head, data) < 0)
		die("cannot reduce the capabilities");
}

static void write_pid(const char *file, pid_t pid)
{
	FILE *f = fopen(file, "we");

	if (!f || fprintf(f, "%d\n", (int)pid) < 0 || fclose(f) != 0)
		die("cannot write the pid to %s", file);
}

static bool parse_options(int argc, char **argv, struct plan *ret)
{
	int opt;

	while ((opt = getopt(argc, argv, "+m:v:c:p:")) != -1) {
		switch (opt) {
		case 'm':
			ret->docker = strcmp(optarg, "docker") == 0;
			if (!ret->docker && strcmp(optarg, "minimal") != 0)
				die_usage("-m: '%s' is neither minimal nor docker", optarg);
			break;
		case 'v':
			ret->volumes = parse_number("-v", optarg);
			break;
		case 'c':
			pin_to(parse_number("-c", optarg));
			break;
		case 'p':
			ret->pidfile = optarg;
			break;
		default:
			return false;
		}
	}
	if (argc - optind < 2)
		die_usage("usage: container [-m minimal|docker] [-v VOLUMES] [-c CPU] [-p PIDFILE] "
			  "ROOT PROGRAM [ARG]...");
	return true;
}

int main(int argc, char **argv)
{
	struct plan plan = {0};
	char *root;
	int status, gate[2];
	pid_t pid;

	if (!parse_options(argc, argv, &plan))
		return EXIT_FAILURE;
	root = realpath(argv[optind], NULL);
	if (!root)
		die("cannot find %s", argv[optind]);

	if (unshare(CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET | CLONE_NEWCGROUP) <
	    0)
		die("cannot make namespaces (root is needed)");
	if (pipe2(gate, O_CLOEXEC) < 0)
		die("pipe");
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0) {
		/* An interrupted benchmark leaves no container: it dies with its first process. */
		char byte;

		close(gate[1]);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* A verifying init takes an inherited descriptor for a leak of the host. */
		syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC);
		/* Here and not above: pivot_root moves every process of the mount namespace. */
		if (unshare(CLONE_NEWNS) < 0)
			die("cannot make a mount namespace");
		bring_loopback_up();
		build_root(root, &plan);
		if (plan.docker)
			install_filter();
		drop_caps();
		if (read(gate[0], &byte, 1) != 1)
			_exit(EXIT_FAILURE);
		execve(argv[optind + 1], argv + optind + 1, (char **)env);
		die("cannot run %s inside %s", argv[optind + 1], root);
	}
	close(gate[0]);
	if (plan.pidfile)
		write_pid(plan.pidfile, pid);
	/* Without this byte the child takes the launcher for dead, and ends. */
	if (write(gate[1], "", 1) != 1)
		die("cannot start the program");

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			die("waitpid");
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
