/* SPDX-License-Identifier: MIT */
/*
 * What granit asks of Landlock, by the ABI that the kernel has. By default nothing that a newer
 * kernel could take from an honest program: sockets and ports only where an option names them.
 *
 * Constants are those of include/uapi/linux/landlock.h, which older headers lack in part.
 */
#pragma once

#include <stdint.h>

#include "policy/policy.h"

#define FS_EXECUTE      (UINT64_C(1) << 0)
#define FS_WRITE_FILE   (UINT64_C(1) << 1)
#define FS_REMOVE_DIR   (UINT64_C(1) << 4)
#define FS_REMOVE_FILE  (UINT64_C(1) << 5)
#define FS_MAKE_CHAR    (UINT64_C(1) << 6)
#define FS_MAKE_DIR     (UINT64_C(1) << 7)
#define FS_MAKE_REG     (UINT64_C(1) << 8)
#define FS_MAKE_SOCK    (UINT64_C(1) << 9)
#define FS_MAKE_FIFO    (UINT64_C(1) << 10)
#define FS_MAKE_BLOCK   (UINT64_C(1) << 11)
#define FS_MAKE_SYM     (UINT64_C(1) << 12)
#define FS_REFER        (UINT64_C(1) << 13) /* ABI 2 */
#define FS_TRUNCATE     (UINT64_C(1) << 14) /* ABI 3 */
#define FS_RESOLVE_UNIX (UINT64_C(1) << 16) /* ABI 9: connecting to a socket by its path */

#define NET_BIND_TCP    (UINT64_C(1) << 0) /* ABI 4 */
#define NET_CONNECT_TCP (UINT64_C(1) << 1)
#define NET_BIND_UDP    (UINT64_C(1) << 2) /* ABI 10 */
#define NET_CONNECT_UDP (UINT64_C(1) << 3) /* and sending */

/* ABI 6: no connections to, and no signals for, processes outside of the domain. */
#define SCOPE_ABSTRACT_UNIX_SOCKET (UINT64_C(1) << 0)
#define SCOPE_SIGNAL               (UINT64_C(1) << 1)

/* ABI 7: an audit daemon sees what the program was denied. */
#define LOG_NEW_EXEC_ON (UINT32_C(1) << 1)

/* Before 2 every rename into another directory is forbidden, which counts as no Landlock. */
enum { LANDLOCK_ABI_LEAST = 2 };

struct landlock_wish {
	uint64_t fs, net, scoped; /* what is forbidden unless a rule allows it */
	uint32_t flags;           /* of landlock_restrict_self(2) */
	int abi_named; /* the ABI that the options need: more than the kernel has is a failure */
};

struct landlock_wish landlock_wish(const struct policy *p, int abi);
