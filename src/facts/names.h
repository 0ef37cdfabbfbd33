/* SPDX-License-Identifier: MIT */
/* Names of programs that a hardened image has no use for. */
#pragma once

enum family {
	FAMILY_SHELL = 1 << 0,
	FAMILY_INTERPRETER = 1 << 1,
	FAMILY_ESCAPE = 1 << 2, /* can be made to start programs or write files */
	FAMILY_NETWORK = 1 << 3,
	FAMILY_PACKAGES = 1 << 4,
	FAMILY_COMPILER = 1 << 5,
};

/* The families that a program of this name belongs to, or-ed. */
unsigned int name_families(const char *name);
