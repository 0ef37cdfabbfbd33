/* SPDX-License-Identifier: MIT */
/* Host names, resolved by the name servers of /etc/resolv.conf. */
#pragma once

#include "net/resolve.h"

/*
 * Asks for host's addresses of either family. Uses the arena and leaves it as it was. Returns how
 * many there are, -ECANCELED, or another -errno with the reason added to why.
 */
int dns_look_up(const char *host, uint16_t port, struct patience *p, struct arena *a,
		union address ret[RESOLVE_MOST], struct text *why) must_check;
