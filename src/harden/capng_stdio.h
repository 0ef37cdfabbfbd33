/* SPDX-License-Identifier: MIT */
/* The names that libcap-ng calls stdio by; see capng_stdio.c. */
#pragma once

#include <stdio.h>

#include "sys/compiler.h"

FILE *capng_fopen(const char *path, const char *mode);
int capng_fclose(FILE *f);
char *capng_fgets(char *line, int size, FILE *f);
int capng_sscanf(const char *line, const char *fmt, ...);
int capng_asprintf(char **ret, const char *fmt, ...) printf_like(2, 3);
