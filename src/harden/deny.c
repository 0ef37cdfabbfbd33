// SPDX-License-Identifier: MIT
/*
 * What --deny takes away. Words that stand for system calls are done by one filter, and tried
 * afterwards, with arguments that would do nothing if the call were let through.
 */
#include "harden/deny.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/securebits.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/shm.h>

#include "harden/filter.h"
#include "harden/harden.h"
#include "sys/sys.h"

#ifndef PR_SET_MDWE /* since 6.3 */
#define PR_SET_MDWE              65
#define PR_GET_MDWE              66
#define PR_MDWE_REFUSE_EXEC_GAIN 1
#endif
#ifndef SECBIT_EXEC_RESTRICT_FILE /* since 6.14 */
#define SECBIT_EXEC_RESTRICT_FILE           (1 << 8)
#define SECBIT_EXEC_RESTRICT_FILE_LOCKED    (1 << 9)
#define SECBIT_EXEC_DENY_INTERACTIVE        (1 << 10)
#define SECBIT_EXEC_DENY_INTERACTIVE_LOCKED (1 << 11)
#endif
#ifndef __NR_io_uring_setup
#define __NR_io_uring_setup 425 /* one number for all architectures */
#endif

/*
 * PR_SET_MDWE(2const): memory that was writable cannot become executable, nor be both. Inherited
 * over fork and execve unless PR_MDWE_NO_INHERIT is set; that bit, once there, cannot be taken back
 * (EPERM), so what is read back has to be the one bit alone.
 */
static int set_mdwe(struct harden *h)
{
	if (prctl(PR_GET_MDWE, 0, 0, 0, 0) == PR_MDWE_REFUSE_EXEC_GAIN)
		return 0;
	if (prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) < 0)
		return step_failed(h, errno,
				   "wx-memory: prctl(PR_SET_MDWE), which needs Linux 6.3 or newer; "
				   "with an older one name only the other words: --deny=WORD,...");
	return step_holds(h, prctl(PR_GET_MDWE, 0, 0, 0, 0) == PR_MDWE_REFUSE_EXEC_GAIN,
			  "wx-memory: prctl(PR_GET_MDWE) does not say 1 afterwards");
}

/* Where the kernel does not drop it at execve(2), as riscv64's and s390x's do not. */
static int drop_implied_exec(struct harden *h)
{
	const unsigned long ask = 0xffffffff, bit = READ_IMPLIES_EXEC;
	long now = syscall(SYS_personality, ask);

	/* A runtime's filter lets nobody ask, nor set it then. */
	if (now < 0 || !((unsigned long)now & bit))
		return 0;
	if (syscall(SYS_personality, (unsigned long)now & ~bit) < 0)
		return step_failed(h, errno,
				   "wx-memory: personality(2), to drop READ_IMPLIES_EXEC");
	return step_holds(h, !((unsigned long)syscall(SYS_personality, ask) & bit),
			  "wx-memory: READ_IMPLIES_EXEC is still set");
}

/* Returns 0 when the call that gave result was refused with that error, as the filter does. */
static int expect_refusal(struct harden *h, long result, int error, const char *otherwise)
{
	return step_holds(h, result < 0 && errno == error, otherwise);
}

/* What the program brings is made by execve(2), which asks neither MDWE nor a filter. */
static int tell_open_memory(struct harden *h)
{
	const struct loader_files *l = &h->posture->loaders;
	char buf[PATH_MAX + 256], *failure;
	struct text t;

	if (!l->open_memory)
		return 0;
	text_init(&t, buf, sizeof(buf));
	text_add(&t, "wx-memory: ");
	text_add_name(&t, l->open);
	text_add(&t, " has %s", l->open_memory);
	if (!(h->policy->deny_named & DENY_WX_MEMORY)) {
		text_add(h->lacks, "%s%s", h->lacks->len ? "; " : "", buf);
		return 0;
	}
	failure = arena_copy(h->arena, buf);
	return step_failed(h, EPERM, failure ? failure : l->open_memory);
}

static int deny_wx_memory(struct harden *h)
{
	int r = drop_implied_exec(h);
	long before;

	if (r == 0)
		r = set_mdwe(h);
	if (r < 0)
		return r;
	before = syscall(SYS_personality, 0xffffffffUL);
	r = expect_refusal(h, syscall(SYS_personality, READ_IMPLIES_EXEC), EPERM,
			   "wx-memory: personality(2) works in spite of the filter");
	/* It did: that is not to stay. */
	if (r < 0 && before >= 0)
		(void)syscall(SYS_personality, before);
	if (r == 0)
		r = step_holds(h, (intptr_t)shmat(-1, NULL, SHM_EXEC) == -1 && errno == EACCES,
			       "wx-memory: shmat(2) works in spite of the filter");
#ifndef __s390__ /* no filter sees it there */
	if (r == 0)
		r = step_holds(h,
			       mmap(NULL, 1, PROT_EXEC, MAP_SHARED | MAP_ANONYMOUS, -1, 0) ==
					       MAP_FAILED &&
				       errno == EACCES,
			       "wx-memory: mmap(2) works in spite of the filter");
#endif
	if (r == 0)
		r = expect_refusal(h, syscall(SYS_userfaultfd, 0), EPERM,
				   "wx-memory: userfaultfd(2) works in spite of the filter");
	return r < 0 ? r : tell_open_memory(h);
}

static int try_memfd_exec(struct harden *h)
{
	long fd = syscall(SYS_memfd_create, "granit", 0);
	int r = expect_refusal(h, fd, EACCES,
			       "memfd-exec: memfd_create(2) works in spite of the filter");

	if (fd >= 0)
		(void)close((int)fd);
	if (r < 0)
		return r;
	return expect_refusal(h, syscall(SYS_execveat, -1, "", NULL, NULL, AT_EMPTY_PATH), EACCES,
			      "memfd-exec: execveat(2) works in spite of the filter");
}

/* Not by unshare(2) or clone(2), which would do it. */
static int try_user_namespaces(struct harden *h)
{
	return expect_refusal(h, syscall(SYS_setns, -1, CLONE_NEWUSER), EPERM,
			      "user-namespaces: setns(2) works in spite of the filter");
}

static int try_tiocsti(struct harden *h)
{
	return expect_refusal(h, syscall(SYS_ioctl, -1, TIOCSTI, NULL), EIO,
			      "tiocsti: ioctl(2) works in spite of the filter");
}

/*
 * Documentation/userspace-api/check_exec.rst: asks interpreters to run only what may be executed,
 * and nothing that is typed. These bits need no CAP_SETPCAP, unlike all others, and those being
 * locked is no hindrance (cap_task_prctl() in security/commoncap.c). Kernels that do not know them
 * answer EPERM.
 */
static int deny_exec_scripts(struct harden *h)
{
	int r = harden_add_securebits(
		h, SECBIT_EXEC_RESTRICT_FILE | SECBIT_EXEC_RESTRICT_FILE_LOCKED |
			   SECBIT_EXEC_DENY_INTERACTIVE | SECBIT_EXEC_DENY_INTERACTIVE_LOCKED);

	if (r < 0)
		return step_failed(
			h, -r,
			"exec-scripts: prctl(PR_SET_SECUREBITS), which needs Linux 6.14 or newer; "
			"with an older one name only the other words: --deny=WORD,...");
	return 0;
}

static int try_io_uring(struct harden *h)
{
	return expect_refusal(h, syscall(__NR_io_uring_setup, 0, NULL), EPERM,
			      "io-uring: io_uring_setup(2) works in spite of the filter");
}

/* Limits from an invalid address, an unknown policy, a process that is not there. */
static int try_pid1(struct harden *h)
{
	enum { NO_POLICY = -1, NOBODY = -1 };
	int r = expect_refusal(h, syscall(SYS_prlimit64, 1, RLIMIT_CORE, 1L, NULL), EPERM,
			       "pid1: prlimit(2) works in spite of the filter");

	if (r == 0)
		r = expect_refusal(h, syscall(SYS_sched_setscheduler, 1, NO_POLICY, NULL), EPERM,
				   "pid1: sched_setscheduler(2) works in spite of the filter");
	if (r < 0)
		return r;
	return expect_refusal(h, syscall(SYS_setpgid, NOBODY, 1), EPERM,
			      "pid1: setpgid(2) works in spite of the filter");
}

const struct denial_row denials[DENIALS] = {
	{"wx-memory", DENY_WX_MEMORY, deny_wx_memory,
	 "what was written into memory cannot be run from there"},
	{"memfd-exec", DENY_MEMFD_EXEC, try_memfd_exec,
	 "a file without a name is on no mount, so no mount flag applies to it"},
	{"user-namespaces", DENY_USER_NAMESPACES, try_user_namespaces,
	 "having all capabilities in one is the way to most kernel exploits"},
	{"tiocsti", DENY_TIOCSTI, try_tiocsti,
	 "it fakes input of a terminal, which a shell outside may execute"},
	{"exec-scripts", DENY_EXEC_SCRIPTS, deny_exec_scripts,
	 "interpreters that ask are told to run executable files only"},
	{"io-uring", DENY_IO_URING, try_io_uring,
	 "its operations are not system calls, so no filter sees them"},
	{"pid1", DENY_PID1, try_pid1,
	 "limits, priority and processors of process 1 are not the program's business"},
};

/* Why pid1 protects nobody here; or NULL. */
static const char *pid1_is_idle(const struct policy *p)
{
	bool is_first = getpid() == 1, named = p->deny_named & DENY_PID1;

	if (p->mode == MODE_PAUSE)
		return "no program is started";
	if (p->exec && (is_first || !named))
		return "granit becomes the program";
	if (p->mode == MODE_CHECK)
		return named ? NULL : "nothing is started";
	return is_first || named ? NULL
				 : "granit is not process 1, so the program can end it anyway";
}

unsigned int deny_wanted(const struct policy *p)
{
	return pid1_is_idle(p) ? p->deny & ~(unsigned int)DENY_PID1 : p->deny;
}

/*
 * What a profile asks for has to run on older kernels, in sandboxes and with --allow-new-privs too;
 * what a user names must hold. Returns the words that are left to be done, or what step_failed()
 * does.
 */
static int install_filter(struct harden *h, unsigned int wanted)
{
	int r = filter_install(h, wanted);

	if (r >= 0 || filter_is_wanted(wanted & h->policy->deny_named))
		return r < 0 ? r : (int)wanted;
	for (size_t i = 0; i < array_length(denials); i++) {
		if (!(wanted & denials[i].bit) || !filter_is_wanted(denials[i].bit))
			continue;
		text_add(h->notes, "deny: not done: %s: %s: %s\n", denials[i].name, step_failure(h),
			 strerror(-r));
		/* Its half that takes no filter is done all the same. */
		if (denials[i].bit != DENY_WX_MEMORY)
			wanted &= ~(unsigned int)denials[i].bit;
	}
	return (int)wanted;
}

static int deny_one(struct harden *h, const struct denial_row *row)
{
	int r;

	h->failure = NULL;
	r = row->run(h);
	if (r == 0)
		text_add(h->notes, "deny: %s: %s\n", row->name, row->reason);
	if (r >= 0 || h->policy->deny_named & row->bit)
		return r;
	/* Which begins with the word. */
	text_add(h->notes, "deny: not done: %s: %s\n", step_failure(h), strerror(-r));
	return NOTHING_TO_DO;
}

int harden_deny(struct harden *h)
{
	const char *idle = h->policy->deny & DENY_PID1 ? pid1_is_idle(h->policy) : NULL;
	int left, ret = NOTHING_TO_DO;

	if (idle)
		text_add(h->notes, "deny: nothing to do for pid1: %s\n", idle);
	left = install_filter(h, deny_wanted(h->policy));
	if (left < 0)
		return left;
	for (size_t i = 0; i < array_length(denials); i++) {
		int r = ((unsigned int)left & denials[i].bit) ? deny_one(h, &denials[i])
							      : NOTHING_TO_DO;

		if (r < 0)
			return r;
		if (r == 0)
			ret = 0;
	}
	return ret;
}
