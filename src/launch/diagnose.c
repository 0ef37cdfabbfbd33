// SPDX-License-Identifier: MIT
/* Finds out why a program could not be executed, and says so. */
#include "launch/diagnose.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "facts/loader.h"
#include "sys/capnames.h"
#include "sys/elfhead.h"
#include "sys/script.h"
#include "sys/sys.h"

enum { HEAD = 4096 };

/* ---- machines */

static const struct {
	uint16_t number;
	const char *name; /* as container platforms are called */
} machines[] = {
	{EM_X86_64, "amd64"}, {EM_AARCH64, "arm64"}, {EM_ARM, "arm"},
	{EM_386, "386"},      {EM_RISCV, "riscv64"}, {EM_PPC64, "ppc64le"},
	{EM_S390, "s390x"},   {EM_MIPS, "mips"},     {258, "loong64"}, /* EM_LOONGARCH */
};

#if defined(__x86_64__)
enum { NATIVE = EM_X86_64, COMPAT = EM_386 };
#elif defined(__i386__)
enum { NATIVE = EM_386, COMPAT = EM_386 };
#elif defined(__aarch64__)
enum { NATIVE = EM_AARCH64, COMPAT = EM_ARM };
#elif defined(__arm__)
enum { NATIVE = EM_ARM, COMPAT = EM_ARM };
#elif defined(__riscv)
enum { NATIVE = EM_RISCV, COMPAT = EM_RISCV };
#elif defined(__powerpc64__)
enum { NATIVE = EM_PPC64, COMPAT = EM_PPC };
#elif defined(__s390x__)
enum { NATIVE = EM_S390, COMPAT = EM_S390 };
#else
enum { NATIVE = EM_NONE, COMPAT = EM_NONE };
#endif

static const char *machine_name(uint16_t number)
{
	for (size_t i = 0; i < array_length(machines); i++)
		if (machines[i].number == number)
			return machines[i].name;
	return "another machine";
}

/* ---- what the file's start tells */

static void add_missing(struct text *out, const char *what, const char *path)
{
	text_add(out, "%s ", what);
	text_add_name(out, path);
}

/* The loader that an ELF program names; false: none. */
static bool find_loader(const struct elf_head *h, char loader[PATH_MAX])
{
	for (size_t i = 0; i < h->count; i++) {
		struct elf_segment s = elf_segment(h, i);

		if (s.type != PT_INTERP || s.size == 0 || s.size > PATH_MAX || s.offset > h->size ||
		    s.size > h->size - s.offset)
			continue;
		memcpy(loader, h->bytes + s.offset, (size_t)s.size);
		loader[s.size - 1] = '\0';
		return true;
	}
	return false;
}

static bool explain_elf(const uint8_t *head, size_t n, int error, struct text *out)
{
	char loader[PATH_MAX];
	struct elf_head h = {0};
	int r = elf_read_head(head, n, &h);

	if (!elf_is(head, n))
		return false;
	if (error == ENOEXEC && h.machine && h.machine != NATIVE && h.machine != COMPAT) {
		text_add(out,
			 "it is a program for %s, and this is %s: build or pull the image for "
			 "this platform (--platform)",
			 machine_name(h.machine), machine_name(NATIVE));
		return true;
	}
	if (error == ENOENT && r == 0 && find_loader(&h, loader) && access(loader, F_OK) < 0) {
		add_missing(out, "it is dynamically linked, and its loader", loader);
		text_add(out, " is not in the image: copy it and the libraries, or link the "
			      "program statically");
		return true;
	}
	return false;
}

static bool explain_script(const uint8_t *head, size_t n, int error, struct text *out)
{
	char interpreter[PATH_MAX];
	size_t len;

	if (error == ENOEXEC && n >= 5 && memcmp(head, "\xef\xbb\xbf#!", 5) == 0) {
		text_add(out,
			 "it begins with a UTF-8 byte-order mark, which hides its #! line: save "
			 "it without");
		return true;
	}
	if (!script_interpreter(head, n, interpreter, sizeof(interpreter))) {
		if (error == ENOEXEC && !elf_is(head, n))
			text_add(out, "it is neither a program nor a script with a #! line");
		return error == ENOEXEC && !elf_is(head, n);
	}
	if (access(interpreter, F_OK) == 0)
		return false;
	len = strlen(interpreter);
	/* Made on Windows: the name ends in what nobody sees. */
	if (len && interpreter[len - 1] == '\r') {
		text_add(out, "its first line ends with a carriage return: save it with Unix line "
			      "endings");
		return true;
	}
	add_missing(out, "its first line names", interpreter);
	text_add(out, ", which is not in the image: an image without a shell starts programs, not "
		      "scripts");
	return true;
}

/* ---- what the inode tells */

static bool explain_file(const char *path, const struct stat *st, int error, struct text *out)
{
	struct statvfs fs;

	if (S_ISDIR(st->st_mode)) {
		text_add(out, "it is a directory");
		return true;
	}
	if (error != EACCES)
		return false;
	if (!S_ISREG(st->st_mode)) {
		text_add(out, "it is not a regular file");
		return true;
	}
	if (statvfs(path, &fs) == 0 && fs.f_flag & ST_NOEXEC) {
		text_add(out, "it is on a noexec mount: nothing can be started from there");
		return true;
	}
	if (sys_access(AT_FDCWD, path, X_OK) == 0)
		return false;
	text_add(out,
		 "its mode is %03o and it belongs to %u:%u, so user %u may not: COPY "
		 "--chmod=0555",
		 (unsigned int)(st->st_mode & 07777), (unsigned int)st->st_uid,
		 (unsigned int)st->st_gid, (unsigned int)geteuid());
	return true;
}

/* capabilities(7): with the effective flag, those that the bounding set lacks are an error. */
static uint64_t file_caps(const char *path)
{
	struct vfs_ns_cap_data data = {0};
	ssize_t n = getxattr(path, "security.capability", &data, sizeof(data));
	uint64_t set = 0;

	if (n < 0 || (size_t)n < XATTR_CAPS_SZ_2)
		return 0;
	for (unsigned int i = 0; i < VFS_CAP_U32_2; i++)
		set |= (uint64_t)le32toh(data.data[i].permitted) << (32 * i);
	return set;
}

static uint64_t caps_without_bounding(uint64_t set)
{
	for (unsigned long cap = 0; cap < 64; cap++)
		if (set >> cap & 1 && prctl(PR_CAPBSET_READ, cap, 0, 0, 0) == 1)
			set &= ~(UINT64_C(1) << cap);
	return set;
}

/* As --keep-caps takes them. */
static void add_caps_list(struct text *out, uint64_t caps)
{
	const char *comma = "";

	for (unsigned int cap = 0; cap < 64; cap++) {
		if (!(caps >> cap & 1))
			continue;
		text_add(out, "%s", comma);
		caps_add_names(out, UINT64_C(1) << cap, 1);
		comma = ",";
	}
}

static bool explain_caps(const char *path, int error, struct text *out)
{
	uint64_t caps = error == EPERM ? file_caps(path) : 0, lacking = caps_without_bounding(caps);

	if (!lacking)
		return false;
	text_add(out, "it has file capabilities that it may not get (");
	add_caps_list(out, lacking);
	text_add(out, "): --keep-caps=");
	add_caps_list(out, caps);
	text_add(out, ", and --cap-add if the runtime dropped them; or remove them: setcap -r in "
		      "the image");
	return true;
}

static bool explain_content(const char *path, int error, struct text *out)
{
	cleanup_fd int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	uint8_t head[HEAD + 1];
	ssize_t n = fd < 0 ? -1 : read(fd, head, HEAD);

	if (n < 0)
		return false;
	head[n] = '\0';
	return explain_elf(head, (size_t)n, error, out) ||
	       explain_script(head, (size_t)n, error, out);
}

/* ENOENT of a name that is nowhere. */
static void explain_absence(const char *name, int error, struct text *out)
{
	if (strchr(name, '/'))
		text_add(out, "%s", strerror(error));
	else
		text_add(out, "it is in no directory of PATH%s",
			 access(name, F_OK) == 0 ? "; the working directory has one: ./NAME" : "");
	if (strcmp(name, "/bin/sh") == 0)
		text_add(out, "; CMD or ENTRYPOINT in shell form needs a shell: use the JSON form, "
			      "[\"PROGRAM\", \"ARG\"]");
	if (strchr(name, ' '))
		text_add(out,
			 "; a whole command line as one word needs a shell: use the JSON form, "
			 "[\"PROGRAM\", \"ARG\"]");
}

/* The program, or what the kernel runs it with. */
static void explain_landlock(const char *path, struct text *out)
{
	cleanup_fd int root = openat(AT_FDCWD, "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	char file[PATH_MAX];

	if (!program_part_elsewhere(root, path, file))
		return;
	text_add(out, ": ");
	text_add_name(out, file);
	text_add(out, " is on a volume, and Landlock starts programs from the image only: "
		      "--exec-from=PATH, or --writable=PATH:exec if it can be written");
}

void diagnose(const char *name, const char *path, int error, bool landlock, struct text *out)
{
	struct stat st;
	/* A name that was found has the directory before it. */
	bool is_there = (strchr(path, '/') || error != ENOENT) && stat(path, &st) == 0;

	text_add(out, is_there || (error != ENOENT && error != ENOTDIR) ? "cannot execute "
									: "cannot find ");
	text_add_name(out, path);
	text_add(out, ": ");
	if (!is_there) {
		if (error == ENOENT || error == ENOTDIR)
			explain_absence(name, error, out);
		else
			text_add(out, "%s", strerror(error));
		return;
	}
	if (explain_file(path, &st, error, out) || explain_caps(path, error, out) ||
	    explain_content(path, error, out))
		return;
	text_add(out, "%s", strerror(error));
	/* Nothing that the file says forbids it. */
	if (error == EACCES && landlock)
		explain_landlock(path, out);
}
