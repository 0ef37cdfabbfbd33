// SPDX-License-Identifier: MIT
/*
 * What --deny takes away. Words that stand for system calls are done by one filter, and tried
 * afterwards, with arguments that would do nothing if the call were let through.
 */
#include "harden/deny.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/securebits.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/prctl.h>

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
				   "wx-memory: prctl(PR_SET_MDWE), which takes Linux 6.3 or newer; "
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

static int deny_wx_memory(struct harden *h)
{
	int r = drop_implied_exec(h);

	if (r == 0)
		r = set_mdwe(h);
	if (r < 0)
		return r;
	return expect_refusal(h, syscall(SYS_personality, READ_IMPLIES_EXEC), EPERM,
			      "wx-memory: personality(2) works in spite of the filter");
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
		return step_failed(h, -r,
				   "exec-scripts: prctl(PR_SET_SECUREBITS), which takes Linux 6.14 "
				   "or newer; with an older one name only the other words: "
				   "--deny=WORD,...");
	return 0;
}

static int try_io_uring(struct harden *h)
{
	return expect_refusal(h, syscall(__NR_io_uring_setup, 0, NULL), EPERM,
			      "io-uring: io_uring_setup(2) works in spite of the filter");
}

const struct denial_row denials[DENIALS] = {
	{"wx-memory", DENY_WX_MEMORY, deny_wx_memory,
	 "what was written into memory cannot be run from there", true},
	{"memfd-exec", DENY_MEMFD_EXEC, try_memfd_exec,
	 "a file without a name is on no mount, so no mount's flags hold for it", false},
	{"user-namespaces", DENY_USER_NAMESPACES, try_user_namespaces,
	 "all capabilities inside are the way to most holes of the kernel", false},
	{"tiocsti", DENY_TIOCSTI, try_tiocsti,
	 "it types into a terminal that somebody outside may read commands from", false},
	{"exec-scripts", DENY_EXEC_SCRIPTS, deny_exec_scripts,
	 "interpreters that ask are told to run executable files only", true},
	{"io-uring", DENY_IO_URING, try_io_uring,
	 "its operations are no system calls, so no filter sees them", false},
};

int harden_deny(struct harden *h)
{
	unsigned int wanted = h->policy->deny;
	int r;

	if (!wanted)
		return NOTHING_TO_DO;
	r = filter_install(h);
	for (size_t i = 0; r >= 0 && i < array_length(denials); i++) {
		if (!(wanted & denials[i].bit))
			continue;
		h->failure = NULL;
		r = denials[i].run(h);
		/* What a profile asks for has to run on older kernels too; what a user names must
		 * hold. */
		if (r < 0 && denials[i].is_young && !h->policy->deny_said) {
			text_add(h->notes, "deny: not done: %s\n", step_failure(h));
			r = 0;
			continue;
		}
		if (r == 0)
			text_add(h->notes, "deny: %s: %s\n", denials[i].name, denials[i].reason);
	}
	return r;
}
