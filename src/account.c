// SPDX-License-Identifier: MIT
#include "account.h"

#include <errno.h>

int account_resolve(const char *spec, int root, struct arena *a, struct account *ret,
		    struct text *err)
{
	(void)spec;
	(void)root;
	(void)a;
	(void)ret;
	(void)err;
	return -EINVAL;
}
