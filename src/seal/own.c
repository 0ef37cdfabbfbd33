// SPDX-License-Identifier: MIT
/* Knows the path of the manifest and those of its signatures. */
#include "seal/own.h"

#include <string.h>

#include "seal/manifest.h"

const char *const seal_signature_ends[2] = {".minisig", ".sig"};

const char *seal_manifest(const struct policy *p)
{
	return p->manifest ? p->manifest : MANIFEST_DEFAULT;
}

bool seal_is_own(const struct policy *p, const char *path)
{
	const char *manifest = seal_manifest(p);
	size_t len = strlen(manifest);

	if (path[0] != '.' || strncmp(path + 1, manifest, len) != 0)
		return false;
	path += 1 + len;
	return *path == '\0' || is_one_of(path, seal_signature_ends);
}
