// SPDX-License-Identifier: MIT
/* Converts names of signals to numbers. */
#include "sys/signame.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <strings.h>

#include "sys/sys.h"
#include "sys/text.h"

const char *const signal_names[] = {
	"HUP",  "INT",  "QUIT", "ILL",    "TRAP", "ABRT", "BUS",    "FPE",  "KILL",
	"USR1", "SEGV", "USR2", "PIPE",   "ALRM", "TERM", "CHLD",   "CONT", "STOP",
	"TSTP", "TTIN", "TTOU", "URG",    "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH",
	"IO",   "PWR",  "SYS",  "STKFLT", "IOT",  "CLD",  "POLL",
};

static const int numbers[] = {
	SIGHUP,  SIGINT,  SIGQUIT, SIGILL,    SIGTRAP, SIGABRT, SIGBUS,    SIGFPE,  SIGKILL,
	SIGUSR1, SIGSEGV, SIGUSR2, SIGPIPE,   SIGALRM, SIGTERM, SIGCHLD,   SIGCONT, SIGSTOP,
	SIGTSTP, SIGTTIN, SIGTTOU, SIGURG,    SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF, SIGWINCH,
	SIGIO,   SIGPWR,  SIGSYS,  SIGSTKFLT, SIGIOT,  SIGCHLD, SIGPOLL,
};

const int signal_names_count = array_length(signal_names);

enum { RTMIN = 34 };

/* Parses what follows RTMIN or RTMAX: nothing, or a sign and a number. */
static int real_time(const char *rest, int from, char sign)
{
	uint64_t n = 0;

	if (*rest && (*rest != sign || text_to_uint(rest + 1, SIGNAL_LAST - RTMIN, &n) < 0))
		return -EINVAL;
	return sign == '+' ? from + (int)n : from - (int)n;
}

int signal_by_name(const char *name)
{
	uint64_t number;

	if (text_to_uint(name, SIGNAL_LAST, &number) == 0)
		return number ? (int)number : -EINVAL;
	if (strncasecmp(name, "SIG", 3) == 0)
		name += 3;
	for (size_t i = 0; i < array_length(numbers); i++)
		if (strcasecmp(signal_names[i], name) == 0)
			return numbers[i];
	if (strncasecmp(name, "RTMIN", 5) == 0)
		return real_time(name + 5, RTMIN, '+');
	if (strncasecmp(name, "RTMAX", 5) == 0)
		return real_time(name + 5, SIGNAL_LAST, '-');
	return -EINVAL;
}

_Static_assert(array_length(numbers) == array_length(signal_names), "a number for every name");
