/* SPDX-License-Identifier: MIT */
#pragma once

/* Why a fact could not be had: what was tried, on what, and the errno; error 0 when all is well. */
struct trouble {
	int error;
	const char *tried;
	const char *what;
};
