/* SPDX-License-Identifier: MIT */
#include "words.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

struct word {
	const char *name; /* NULL ends a table */
	int number;
};

static const struct word errnos[] = {
	{"EPERM", EPERM},
	{"ENOENT", ENOENT},
	{"ESRCH", ESRCH},
	{"EINTR", EINTR},
	{"EIO", EIO},
	{"ENXIO", ENXIO},
	{"E2BIG", E2BIG},
	{"ENOEXEC", ENOEXEC},
	{"EBADF", EBADF},
	{"EAGAIN", EAGAIN},
	{"ENOMEM", ENOMEM},
	{"EACCES", EACCES},
	{"EFAULT", EFAULT},
	{"EBUSY", EBUSY},
	{"EEXIST", EEXIST},
	{"EXDEV", EXDEV},
	{"ENODEV", ENODEV},
	{"ENOTDIR", ENOTDIR},
	{"EISDIR", EISDIR},
	{"EINVAL", EINVAL},
	{"ENFILE", ENFILE},
	{"EMFILE", EMFILE},
	{"ENOTTY", ENOTTY},
	{"ETXTBSY", ETXTBSY},
	{"ENOSPC", ENOSPC},
	{"EROFS", EROFS},
	{"EPIPE", EPIPE},
	{"ERANGE", ERANGE},
	{"ENOSYS", ENOSYS},
	{"ENAMETOOLONG", ENAMETOOLONG},
	{"ELOOP", ELOOP},
	{"ENODATA", ENODATA},
	{"EBADMSG", EBADMSG},
	{"EOVERFLOW", EOVERFLOW},
	{"ENOKEY", ENOKEY},
	{"EOPNOTSUPP", EOPNOTSUPP},
	{"ECONNREFUSED", ECONNREFUSED},
	{NULL, 0},
};

static const struct word signals[] = {
	{"HUP", SIGHUP},       {"INT", SIGINT},       {"QUIT", SIGQUIT}, {"ILL", SIGILL},
	{"TRAP", SIGTRAP},     {"ABRT", SIGABRT},     {"BUS", SIGBUS},   {"FPE", SIGFPE},
	{"KILL", SIGKILL},     {"USR1", SIGUSR1},     {"SEGV", SIGSEGV}, {"USR2", SIGUSR2},
	{"PIPE", SIGPIPE},     {"ALRM", SIGALRM},     {"TERM", SIGTERM},
#ifdef SIGSTKFLT
	{"STKFLT", SIGSTKFLT},
#endif
	{"CHLD", SIGCHLD},     {"CONT", SIGCONT},     {"STOP", SIGSTOP}, {"TSTP", SIGTSTP},
	{"TTIN", SIGTTIN},     {"TTOU", SIGTTOU},     {"URG", SIGURG},   {"XCPU", SIGXCPU},
	{"XFSZ", SIGXFSZ},     {"VTALRM", SIGVTALRM}, {"PROF", SIGPROF}, {"WINCH", SIGWINCH},
	{"IO", SIGIO},         {"PWR", SIGPWR},       {"SYS", SIGSYS},   {NULL, 0},
};

static const struct word limits[] = {
	{"as", RLIMIT_AS},
	{"core", RLIMIT_CORE},
	{"cpu", RLIMIT_CPU},
	{"data", RLIMIT_DATA},
	{"fsize", RLIMIT_FSIZE},
	{"locks", RLIMIT_LOCKS},
	{"memlock", RLIMIT_MEMLOCK},
	{"msgqueue", RLIMIT_MSGQUEUE},
	{"nice", RLIMIT_NICE},
	{"nofile", RLIMIT_NOFILE},
	{"nproc", RLIMIT_NPROC},
	{"rss", RLIMIT_RSS},
	{"rtprio", RLIMIT_RTPRIO},
	{"rttime", RLIMIT_RTTIME},
	{"sigpending", RLIMIT_SIGPENDING},
	{"stack", RLIMIT_STACK},
	{NULL, 0},
};

static const struct word *const tables[] = {
	[WORD_ERRNO] = errnos,
	[WORD_SIGNAL] = signals,
	[WORD_LIMIT] = limits,
};

int parse_number(const char *text, long *ret)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(text, &end, 0);
	if (errno != 0 || end == text || *end != '\0' || value < INT32_MIN || value > INT32_MAX)
		return -1;
	*ret = value;
	return 0;
}

int word_number(enum word_kind kind, const char *text)
{
	const char *bare = kind == WORD_SIGNAL && strncmp(text, "SIG", 3) == 0 ? text + 3 : text;
	long value;

	for (const struct word *w = tables[kind]; w->name != NULL; w++) {
		if (strcmp(w->name, bare) == 0)
			return w->number;
	}
	return parse_number(text, &value) == 0 && value >= 0 ? (int)value : -1;
}

const char *word_name(enum word_kind kind, int number)
{
	static char digits[16];

	for (const struct word *w = tables[kind]; w->name != NULL; w++) {
		if (w->number == number)
			return w->name;
	}
	snprintf(digits, sizeof(digits), "%d", number);
	return digits;
}
