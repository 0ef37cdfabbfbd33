/* SPDX-License-Identifier: MIT */
/* JSON that the report and the list of checks share. */
#pragma once

#include "checks/check.h"
#include "report/jsonwriter.h"

/* The members "fix" and "standards" of a check; see report_add_fix() for subject. */
void json_fixes(struct json *j, const struct fix *fix, const char *subject);
void json_standards(struct json *j, const char *standards);
