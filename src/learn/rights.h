/* SPDX-License-Identifier: MIT */
/* The capabilities that calls take: noted among what was learnt, for who has them or is user 0. */
#pragma once

#include "learn/caller.h"

void right_note(const struct caller *c, unsigned int cap);

/* To be another user, and whom it becomes; to chown, mount, ... */
void right_of_call(const struct caller *c, const struct watched_call *row);

void right_of_signal(const struct caller *c);

/* User 0, to the open file or directory of another user's; path is it, or lies in it. */
void right_to_write(const struct caller *c, int fd, const char *path);
