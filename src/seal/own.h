/* SPDX-License-Identifier: MIT */
/*
 * The files that belong to the seal itself, and so are not in the manifest. Strings are constants
 * or the policy's.
 */
#pragma once

#include "policy/policy.h"

/* What the name of a signature ends in, by minisign and signify. */
extern const char *const seal_signature_ends[2];

/* The path of the manifest: --manifest, or the default. */
const char *seal_manifest(const struct policy *p);

/* Whether path ("./etc/...") is the manifest or a signature of it: they do not list themselves. */
bool seal_is_own(const struct policy *p, const char *path);
