/* SPDX-License-Identifier: MIT */
/* Names of hosts as the name servers of /etc/resolv.conf know them. */
#pragma once

#include "net/resolve.h"

/*
 * Asks for host's addresses of either family. The arena is used, and left as it was. Returns how
 * many there are, -ECANCELED, or another -errno with the reason added to why.
 */
int dns_look_up(const char *host, uint16_t port, struct patience *p, struct arena *a,
		union address ret[RESOLVE_MOST], struct text *why) must_check;
