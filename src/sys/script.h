/* SPDX-License-Identifier: MIT */
/* The "#!" line of a script. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sys/compiler.h"

/*
 * Copies the interpreter that a script names behind its "#!", as execve(2) takes it from the first
 * n bytes of the file: up to a blank. False: there is no such line, or the name does not fit into
 * size bytes.
 */
bool script_interpreter(const uint8_t *head, size_t n, char *ret, size_t size) must_check;

/* Copies what the line has behind the interpreter, as far as there is room for it. False: nothing.
 */
bool script_arguments(const uint8_t *head, size_t n, char *ret, size_t size) must_check;

/*
 * Makes words of the words in text, n bytes in which each ends with a NUL, as env's -S does: blanks
 * and "\_" part them, quotes and backslashes go. Variables stay as they are. Returns how many bytes
 * are left.
 */
size_t script_split(char *text, size_t n);
