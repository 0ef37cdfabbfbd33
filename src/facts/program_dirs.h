/* SPDX-License-Identifier: MIT */
/* The directories that programs lie in. The list itself is read by image.c alone. */
#pragma once

#define USR_LOCAL_BIN "/usr/local/bin"
#define USR_BIN       "/usr/bin"
#define BIN           "/bin"

/* execvp(3)'s own when there is no PATH, less the working directory. */
#define DEFAULT_PATH USR_LOCAL_BIN ":" BIN ":" USR_BIN

/*
 * Where programs lie, whatever PATH says. A '*' stands for every directory there. In an image made
 * from scratch the root directory itself is one; it comes first because it tells which of the
 * others cannot be there.
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
