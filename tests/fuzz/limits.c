/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as /proc/self/cgroup and as the small files of a system (libFuzzer). What is kept of a
 * file is the start of its first line; the limits of a group are read below the groups' own
 * directory, and nowhere else.
 *
 * The input: /proc/self/cgroup and a byte 0xff, then the text of another file.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "facts/smallfiles.h"
#include "helpers/fuzz.h"

enum { MARK = 0xff };

struct part {
	char *bytes;
	size_t size;
};

static void must_be_first_line(const struct small_file_facts *f, const struct part *file)
{
	size_t len;

	must(f->error >= 0 && (f->error == 0) == (f->text != NULL));
	if (!f->text)
		return;
	len = strlen(f->text);
	must(len < 256 && !strchr(f->text, '\n'));
	must(len <= file->size && memcmp(f->text, file->bytes, len) == 0);
	must(len == 255 || len == file->size || !file->bytes[len] || file->bytes[len] == '\n');
}

/* No limits at the top, so the group's own are asked for. */
static void read_limits(struct arena *a, const struct part *cgroup)
{
	static const char top[] = "/sys/fs/cgroup/";
	struct small_file_facts facts[FILE_COUNT] = {0};
	const char *path;

	for (enum small_file f = FILE_MEMORY_MAX; f <= FILE_V1_PIDS; f++)
		facts[f].error = ENOENT;
	file_given("/proc/self/cgroup", cgroup->bytes, cgroup->size, 0444);
	group_limits_read(a, facts);
	path = file_asked_for();
	if (strcmp(path, "/proc/self/cgroup") == 0)
		return;
	must(strncmp(path, top, strlen(top)) == 0);
	must(!strstr(path, "/../") && strlen(path) < PATH_MAX);
	must(strlen(path) >= strlen("/cpu.max") &&
	     strcmp(path + strlen(path) - strlen("/cpu.max"), "/cpu.max") == 0);
}

static void read_files(struct arena *a, const struct part *file)
{
	struct small_file_facts facts[FILE_COUNT] = {0};

	file_given("/etc/shells", file->bytes, file->size, 0644);
	file_given("/proc/sys/kernel/core_pattern", file->bytes, file->size, 0644);
	file_given("/sys/fs/cgroup/memory.max", file->bytes, file->size, 0644);
	small_files_read(-1, 0, FILE_COUNT - 1, a, facts);
	must(facts[FILE_SHELLS].text && facts[FILE_CORE_PATTERN].text);
	must(facts[FILE_MEMORY_MAX].text && !facts[FILE_V1_MEMORY].text);
	for (enum small_file f = 0; f < FILE_COUNT; f++)
		if (facts[f].text)
			must_be_first_line(&facts[f], file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	struct part cgroup, file;
	struct arena a = {0};

	cgroup.bytes = input_part(&in, MARK, &cgroup.size);
	file.bytes = input_part(&in, MARK, &file.size);
	read_limits(&a, &cgroup);
	files_forget();
	read_files(&a, &file);
	files_forget();
	arena_unmap(&a);
	free(cgroup.bytes);
	free(file.bytes);
	return 0;
}
