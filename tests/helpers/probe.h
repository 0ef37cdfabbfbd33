/* SPDX-License-Identifier: MIT */
/* What the two halves of the probe share. */
#pragma once

#include <sys/types.h>

#define length_of(a) (sizeof(a) / sizeof((a)[0]))

/* "WHAT ok" or "WHAT ERRNO", WHAT left out when NULL. Returns 0, the status of a verb that could
 * say something. */
int told(const char *what, long result);

/* Says what was expected, and ends the probe. */
__attribute__((noreturn)) void usage(const char *text);

/* Both end the probe where they fail. */
long number_of(const char *text);
pid_t fork_or_die(void);

void pause_ms(long ms);

/* Try something. */
int do_write(char **args);
int do_write_read(char **args);
int do_truncate(char **args);
int do_rename(char **args);
int do_connect(char **args);
int do_setuid0(char **args);
int do_exec(char **args);
int do_exec_uncapable(char **args);
int do_exec_env(char **args);
int do_when(char **args);
int do_exec_copy(char **args);
int do_exec_memfd(char **args);
int do_map_copy(char **args);
int do_map_wx(char **args);
int do_remount(char **args);
int do_bind(char **args);
int do_tmpfs(char **args);
int do_umount(char **args);
int do_ptrace(char **args);
int do_caps_try(char **args);

/* What --deny takes away. */
int do_deny_try(char **args);
int do_deny_pid1(char **args);
int do_own_priority(char **args);

/* A system call of i386's, from an amd64 process: -1 with errno, as syscall(3). Dies of SEGV where
 * the kernel has none. Pointers fit: the probe is linked to low addresses. */
long int80(long number, const long *args);
int do_int80(char **args);
int do_brk_exec(char **args);

/* The verbs that run on: signals, children, network. */
int do_get(char **args);
int do_linger(char **args);
int do_listen(char **args);
int do_orphans(char **args);
int do_serve(char **args);
int do_trap(char **args);
int do_zombies(char **args);
