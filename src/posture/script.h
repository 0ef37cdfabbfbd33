/* SPDX-License-Identifier: MIT */
/*
 * The script that an interpreter or a shell is told to run by its arguments, which is the program
 * as much as its interpreter is: "node --enable-source-maps /srv/app.js", "tini -- python3
 * main.py".
 */
#pragma once

#include "facts/image.h"
#include "facts/process.h"

/*
 * *ret stays as it is where there is none. An interpreter is known by its name, or by its content
 * among programs. Strings of *ret lie in the arena.
 */
void script_look(char *const *program, const struct app_facts *app,
		 const struct image_facts *programs, int proc, struct arena *a,
		 struct app_facts *ret);

/* What the program at the path is by its content, of enum content; 0: it was not searched. */
unsigned int content_of(const char *path, const struct image_facts *programs);
