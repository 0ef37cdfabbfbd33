// SPDX-License-Identifier: MIT
/* Looks for programs among the words of a command line or of a "#!" line. */
#include "facts/image_words.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "facts/foreign.h"
#include "facts/image_file.h"
#include "facts/mountid.h"
#include "sys/elfhead.h"
#include "sys/regular.h"
#include "sys/script.h"
#include "sys/sight.h"
#include "sys/sys.h"

/* As many bytes of a "#!" line as the kernel reads (BINPRM_BUF_SIZE). */
enum { LINE = 256 };

static void queue_word(struct walk *w, const char *word, size_t len)
{
	const char *slash = memchr(word, '/', len);
	char path[PATH_MAX];

	if (!slash)
		return;
	/* "-S/srv/tool", "--program=/srv/tool" */
	if (*word == '-') {
		len -= (size_t)(slash - word);
		word = slash;
	}
	if (len >= sizeof(path))
		return;
	memcpy(path, word, len);
	path[len] = '\0';
	(void)walk_queue(w, path, true);
}

/*
 * As env makes words of a text, and of such a word again, should it be the text of another -S.
 * Returns whether it has a variable.
 */
static bool queue_unquoted(struct walk *w, const char *text)
{
	size_t n = strlen(text) + 1, had = 0;
	char *words = arena_copy(w->arena, text);
	bool has_variable = false;

	if (!words) {
		w->facts->out_of_memory = true;
		return false;
	}
	/* Each time there is less to take away. */
	while (n != had) {
		had = n;
		n = script_split(words, n);
		has_variable |= memmem(words, n, "${", 2) != NULL;
		for (size_t at = 0; at < n; at += strlen(words + at) + 1)
			queue_word(w, words + at, strlen(words + at));
	}
	return has_variable;
}

/* The text that env is told to split by this word; "": by the next. NULL: it is not. */
static const char *text_to_split(const char *word)
{
	static const char name[] = "--split-string"; /* the start of it does */
	size_t len = strcspn(word, "=");
	const char *end;

	if (len > 2 && strncmp(word, name, len) == 0)
		return word + len + (word[len] == '=');
	if (*word != '-')
		return NULL;
	end = word + 1 + strspn(word + 1, "0iv");
	return *end == 'S' ? end + 1 : NULL;
}

/* Which file it is depends on the environment at that time. */
static void note_variables(struct walk *w, const char *word, const char *next)
{
	const char *text = text_to_split(word);

	if (text && !*text)
		text = next;
	if (text && queue_unquoted(w, text))
		walk_blind(w, text, NULL, -ENOTSUP);
}

void walk_note_variables(struct walk *w, char *const *words)
{
	for (; words && *words; words++)
		note_variables(w, words[0], words[1]);
}

void walk_queue_words(struct walk *w, const char *text)
{
	static const char between[] = " \t\n\v\f\r'\"\\";
	size_t len = strlen(text), n = strcspn(text, between);

	queue_word(w, text, len);
	if (n == len)
		return;
	for (const char *word = text; *word; word += n) {
		word += strspn(word, between);
		n = strcspn(word, between);
		queue_word(w, word, n);
	}
	if (strpbrk(text, "'\"\\"))
		(void)queue_unquoted(w, text);
}

bool walk_queue_script(struct walk *w, const uint8_t *head, size_t n)
{
	char text[LINE];

	if (!script_interpreter(head, n, text, sizeof(text)) || !walk_queue(w, text, false))
		return false;
	if (script_arguments(head, n, text, sizeof(text))) {
		walk_queue_words(w, text);
		note_variables(w, text, NULL);
	}
	return true;
}

bool walk_is_on_open_volume(const struct walk *w, int fd, const char *path)
{
	const struct image_request *q = w->request;
	const struct mount *m;
	uint64_t id;

	if (!q->mounts || mount_id(-1, fd, &id) < 0)
		return false;
	m = mounts_by_id(q->mounts, id);
	return m && !m->read_only && !mount_is_root(q->mounts, m) &&
	       !path_is_declared_for_programs(q->policy, path) &&
	       !path_is_declared_for_programs(q->policy, m->point);
}

/* A script is its reader's data, and nobody says that it is started; what it names may be. */
void walk_look_at_word(struct walk *w, const char *path)
{
	cleanup_fd int fd = regular_file_open_in(w->request->root, path);
	uint8_t head[LINE];
	ssize_t n;

	if (fd >= 0 && walk_is_on_open_volume(w, fd, path))
		return;
	n = fd < 0 ? -1 : pread(fd, head, sizeof(head), 0);
	if ((n >= 0 && elf_is_mapped(head, (size_t)n, UINT64_MAX)) ||
	    (fd == -EACCES && w->request->root < 0 && sight_access(AT_FDCWD, path, X_OK) == 0))
		walk_look_at_path(w, path);
	else if (n > 0)
		(void)walk_queue_script(w, head, (size_t)n);
}
