/* SPDX-License-Identifier: MIT */
/* What the findings look like to a person. Makes text and writes nothing. */
#pragma once

#include "checks/check.h"

struct tally {
	size_t passed, warned, failed;
};

struct tally report_count(const struct finding *findings, size_t n);

enum report_detail {
	REPORT_FAILURES,
	REPORT_ALL,
};

void report_text(struct text *out, const struct finding *findings, size_t n,
		 enum report_detail detail);

/* One line: how many checks passed, warned, failed. */
void report_summary(struct text *out, const struct tally *t);

/* The check table as text: id, levels per profile, title. */
void report_check_list(struct text *out);
