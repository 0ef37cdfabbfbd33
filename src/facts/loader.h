/* SPDX-License-Identifier: MIT */
/* The file that the kernel starts to run a program: an interpreter, or a dynamic loader. */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An interpreter's interpreter, and so on: the kernel goes five deep (BINPRM's limit in fs/exec.c),
 * and a dynamic loader comes behind. */
enum { LOADERS_DEEP = 6 };

/*
 * What the file open at fd, which starts with these n bytes, names: the interpreter of its "#!"
 * line, or the loader of its PT_INTERP segment. False: neither.
 */
bool program_loader_of(int fd, const uint8_t *start, size_t n, char ret[PATH_MAX]);

/* Likewise of the file at path. False also: it is not a regular file, or cannot be read. */
bool program_loader(const char *path, char ret[PATH_MAX]);

/*
 * What in the program at path has the kernel give it memory that is writable and executable from
 * the first instruction, whatever it may ask for later (load_elf_binary() in fs/binfmt_elf.c). A
 * constant; NULL: nothing has, or it cannot be told.
 */
const char *program_open_memory(const char *path);

/*
 * Of the program at path, and what it is run with, the first that is on another mount than the
 * directory open at root. False: none is, one is missing, or it cannot be told.
 */
bool program_part_elsewhere(int root, const char *path, char part[PATH_MAX]);
