/* SPDX-License-Identifier: MIT */
/* The configuration file: the options' long names, "name = value", one a line. */
#pragma once

#include "options/options.h"

#define CONFIG_DEFAULT "/etc/granit.conf"

/*
 * Reads the file that p->config names, or the default one of the image in question; only the
 * default may be missing. Its text stays in p->arena, for the policy points into it. On error
 * returns -EINVAL with p->err filled for the user.
 */
int config_read(struct parse *p) must_check;
