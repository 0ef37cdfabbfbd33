/* SPDX-License-Identifier: MIT */
/* The files that belong to the seal itself, and so are not in the manifest. */
#pragma once

#include "policy/policy.h"

/* What lies beside a manifest when it is signed, as minisign and signify call it. */
extern const char *const seal_signature_ends[2];

/* Where the manifest is: --manifest, or the default. */
const char *seal_manifest(const struct policy *p);

/* Whether path ("./etc/...") is the manifest or a signature of it: they do not list themselves. */
bool seal_is_own(const struct policy *p, const char *path);
