/* SPDX-License-Identifier: MIT */
/*
 * Functions whose wrong bound would be a hole, tried with every input up to a stated size against
 * an answer that is found in another, slower way.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Each returns how many cases it tried, or ends the process with the first that is wrong. */
uint64_t exhaust_paths(void);
uint64_t exhaust_patterns(void);
uint64_t exhaust_numbers(void);
uint64_t exhaust_bytes(void);
uint64_t exhaust_mounts(void);
uint64_t exhaust_elf(void);
uint64_t exhaust_filter(void);
uint64_t exhaust_listener(void);

/* Prints what is wrong, and ends the process. */
_Noreturn void exhaust_wrong(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * The next of all strings of at most longest of these characters, shorter ones first; the first one
 * is "". s has room for longest + 1. Returns 0 behind the last.
 */
int exhaust_next(char *s, const char *characters, size_t longest);

/*
 * A classic BPF program as the kernel runs it for seccomp(2): data are the 64 bytes of struct
 * seccomp_data. Of the instructions, those that seccomp takes and granit uses; another one, a jump
 * out of the program or an end without a return is wrong. Returns what the program does.
 */
struct sock_filter;
uint32_t exhaust_run(const struct sock_filter *program, size_t length, const void *data);
