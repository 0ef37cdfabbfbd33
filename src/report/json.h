/* SPDX-License-Identifier: MIT */
/* JSON that the report and the list of checks share. */
#pragma once

#include "report/jsonwriter.h"
#include "report/report.h"

/* A member of "fix", with the subject in its place. */
void json_fix(struct json *j, const struct fix_tool *tool, const char *fix, const char *subject);
/* The member "standards" of a check. */
void json_standards(struct json *j, const char *standards);
