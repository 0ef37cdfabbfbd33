// SPDX-License-Identifier: MIT
/* Finds the script among the words of a command line. */
#include "posture/script.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>

#include "facts/names.h"
#include "facts/scan.h"
#include "sys/sight.h"
#include "sys/text.h"

/* Behind one of these there is no file: the code itself, or a module's name. */
static bool is_code_behind(const char *word)
{
	static const char *const words[] = {"-c",       "-e",       "-E",       "-m",
					    "-p",       "-n",       "--eval",   "--print",
					    "--module", "--source", "--command"};

	return is_one_of(word, words);
}

static bool is_called_interpreter(const char *word)
{
	return name_families(text_last_part(word)) & (FAMILY_INTERPRETER | FAMILY_SHELL);
}

unsigned int content_of(const char *path, const struct image_facts *programs)
{
	for (const struct program *i = programs->programs; path && i; i = i->next)
		if (strcmp(i->path, path) == 0)
			return i->content;
	return 0;
}

static bool has_interpreter_inside(const struct app_facts *app, const struct image_facts *programs)
{
	return content_of(app->place, programs) & (CONTENT_INTERPRETER | CONTENT_SHELL);
}

/*
 * The first word behind an interpreter that is no option, and a file: what is before it is the
 * value of an option, and what is behind it is the script's own.
 */
static const char *script_of(char *const *program, bool is_interpreter)
{
	struct stat st;

	for (is_interpreter |= is_called_interpreter(*program); *++program;) {
		if (is_called_interpreter(*program))
			is_interpreter = true;
		else if (!is_interpreter || **program == '\0')
			continue;
		else if (is_code_behind(*program))
			return NULL;
		else if (**program != '-' && sight_stat(AT_FDCWD, *program, 0, &st) == 0 &&
			 S_ISREG(st.st_mode))
			return *program;
	}
	return NULL;
}

void script_look(char *const *program, const struct app_facts *app,
		 const struct image_facts *programs, int proc, struct arena *a,
		 struct app_facts *ret)
{
	const char *word = script_of(program, has_interpreter_inside(app, programs));
	char path[PATH_MAX];
	struct text t;

	if (!word)
		return;
	text_init(&t, path, sizeof(path));
	text_add(&t, "%s%s", strchr(word, '/') ? "" : "./", word);
	app_look_at(path, proc, a, ret);
}
