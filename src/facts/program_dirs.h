/* SPDX-License-Identifier: MIT */
/* The directories that programs lie in. The list itself is used by image.c alone. */
#pragma once

#define USR_LOCAL_BIN "/usr/local/bin"
#define USR_BIN       "/usr/bin"
#define BIN           "/bin"

/* What execvp(3) searches without PATH, less the working directory. */
#define DEFAULT_PATH USR_LOCAL_BIN ":" BIN ":" USR_BIN

/*
 * Searched whatever PATH says. A '*' stands for every directory there. In an image built from
 * scratch programs lie in the root directory; it comes first because it shows which of the others
 * cannot exist.
 */
static const char *const program_dirs[] = {
	"/",
	"/usr/local/sbin",
	USR_LOCAL_BIN,
	"/usr/sbin",
	USR_BIN,
	"/sbin",
	BIN,
	"/busybox",
	"/command",
	"/snap/bin",
	"/usr/games",
	"/usr/local/games",
	"/opt/*/bin",
	"/nix/store/*/bin",
	"/usr/lib/klibc/bin",
	"/usr/lib/initcpio",
	"/bin.usr-is-merged",
};
