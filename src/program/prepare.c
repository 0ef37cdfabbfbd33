// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "exit.h"
#include "program/program.h"

int program_open_file(const char *path)
{
	/* A pipe without a writer, or a terminal, must not hold up the start. */
	cleanup_fd int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	return S_ISREG(st.st_mode) ? take_fd(&fd) : -EINVAL;
}

static int copy_environment(struct arena *a, struct variables *v, struct text *err)
{
	int r = variables_copy(environ, a, v);

	if (r < 0)
		text_add(err, "there is no memory for the environment");
	return r;
}

int program_prepare(const struct policy *p, const struct posture *s, struct arena *a,
		    struct launch *l, struct text *err)
{
	struct variables v = {.list = environ};
	int signal = 0, r = 0;

	if (p->wanted)
		r = wait_for_all(p, a, &signal, err);
	if (r == -ECANCELED)
		return EXIT_SIGNAL_BASE + signal;
	if (r == 0 && p->wanted)
		r = copy_environment(a, &v, err);
	if (r == 0 && p->wanted)
		r = env_files_read(p, s, a, &v, err);
	if (r == 0 && p->expand)
		r = expand_arguments(l->argv, v.list, a, &l->argv, err);
	/* Behind the arguments, so that none can show a secret. */
	if (r == 0 && p->wanted)
		r = secrets_read(p->wanted, a, &v, err);
	l->envp = v.list;
	return r < 0 ? EXIT_GRANIT : 0;
}
