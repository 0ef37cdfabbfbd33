/* SPDX-License-Identifier: MIT */
/* Owners of files as a user namespace shows them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * Whether a file that is found with one owner may have the other, which has no number in this user
 * namespace: map is "uid_map" or "gid_map". True for equal ones.
 */
bool owner_may_be(uint32_t found, uint32_t sealed, const char *map);
