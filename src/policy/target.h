/* SPDX-License-Identifier: MIT */
/*
 * Targets of --probe and --wait-for, as the policy keeps them. Strings live as long as the
 * policy's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TARGETS_MOST = 16, /* that --probe and --wait-for take, each */
};

enum target_kind {
	TARGET_TCP,
	TARGET_UNIX,
	TARGET_FILE,
};

struct target {
	const char *word; /* as given, for messages */
	enum target_kind kind;
	bool http;        /* request a page too */
	const char *host; /* TCP: an address or a name; NULL: the loopback */
	uint16_t port;    /* TCP */
	const char *path; /* of the socket or file */
	const char *page; /* HTTP: "/..." */
};

struct targets {
	struct target list[TARGETS_MOST];
	size_t count;
};

enum tool_kind {
	TOOL_NONE,
	TOOL_PROBE,
	TOOL_SLEEP,
	TOOL_KILL,
};

/* A mode that starts no program. */
struct tool {
	enum tool_kind kind;
	struct targets probes;
	int64_t sleep; /* ms */
	int signal;
};
