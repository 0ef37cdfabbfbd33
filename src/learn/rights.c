// SPDX-License-Identifier: MIT
/* Which capabilities calls take, as far as their arguments and the owners of things tell. */
#include "learn/rights.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/stat.h>

enum { NGROUPS_SEEN = 32 };

void right_note(const struct caller *c, unsigned int cap)
{
	if (caller_has(c, cap))
		c->n->caps |= UINT64_C(1) << cap;
}

void right_of_call(const struct caller *c, const struct watched_call *row)
{
	uint32_t ids[NGROUPS_SEEN] = {(uint32_t)c->args[row->argument]};
	size_t count = 1;

	if (!caller_has(c, row->about))
		return;
	right_note(c, row->about);
	/* Of another user it can be sent no signal without one. */
	if (row->about == CAP_SETUID && c->pid == c->n->program)
		right_note(c, CAP_KILL);
	if (row->kind == CALL_CAPABILITY)
		return;
	if (row->kind == CALL_GROUPS) {
		count = c->args[0] < array_length(ids) ? (size_t)c->args[0] : array_length(ids);
		if (!caller_read(c, c->args[1], ids, count * sizeof(*ids)))
			return;
	}
	/* -1 leaves it as it is (setresuid(2)), and user 0 it was before. */
	for (size_t i = 0; i < count; i++)
		if (ids[i] && ids[i] != UINT32_MAX)
			learnt_note_id(c->n, ids[i], row->about == CAP_SETGID);
}

static bool is_of_another_user(pid_t pid)
{
	cleanup_fd int dir = caller_proc(pid, "", O_PATH | O_DIRECTORY);
	struct stat st;

	return dir >= 0 && fstat(dir, &st) == 0 && st.st_uid != 0;
}

/* User 0 signals its workers, or a group in which some may be: what becomes another user is. */
void right_of_signal(const struct caller *c)
{
	const pid_t to = (pid_t)c->args[0];
	bool is_anothers = to > 0 && is_of_another_user(to);

	for (size_t i = 0; to <= 0 && i < c->n->ids_count; i++)
		is_anothers |= !c->n->ids[i].is_group;
	if (is_anothers)
		right_note(c, CAP_KILL);
}

/*
 * On the image's own mount it is given a place of its own (find_owner()); the owner of a volume is
 * what it is.
 */
void right_to_write(const struct caller *c, int fd, const char *path)
{
	enum { WRITABLE_FOR_ALL = 02, WRITABLE_FOR_GROUP = 020 };
	struct stat st;

	if (!learnt_volume_of(c->n, path) || fstat(fd, &st) < 0 || st.st_uid == 0 ||
	    st.st_mode & WRITABLE_FOR_ALL || (st.st_gid == 0 && st.st_mode & WRITABLE_FOR_GROUP))
		return;
	if (!is_of_another_user(c->pid))
		right_note(c, CAP_DAC_OVERRIDE);
}
