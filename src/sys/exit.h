/* SPDX-License-Identifier: MIT */
/* Exit statuses. */
#pragma once

/* granit's own exit statuses; whatever the program ends with passes through untouched. */
enum exit_status {
	EXIT_REFUSED = 78,         /* a check at level fail did not pass (EX_CONFIG, sysexits.h) */
	EXIT_GRANIT = 125,         /* granit could not do its work; nothing was started */
	EXIT_NOT_EXECUTABLE = 126, /* as a shell says it */
	EXIT_NOT_FOUND = 127,
	EXIT_SIGNAL_BASE = 128, /* + the signal that killed the program */
};
