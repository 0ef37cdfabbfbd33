/* SPDX-License-Identifier: MIT */
/* What it means that the image has a name which no line of the manifest has. */
#pragma once

#include "seal/compare.h"

/*
 * What the added name counts as, and in *ret_what the words for it, a constant; NULL: there is
 * nothing to say.
 */
enum seal_kind extra_kind(const struct comparison *c, const struct tree_name *n,
			  const char **ret_what);
