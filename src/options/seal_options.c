// SPDX-License-Identifier: MIT
/* Options about the manifest. */
#include <string.h>

#include "options/values.h"

int option_set_seal(struct parse *p, const struct option_row *row, const char *value)
{
	int r = option_set_root(p, row, value);

	p->policy->mode = MODE_SEAL;
	return r;
}

int option_set_manifest(struct parse *p, const struct option_row *row, const char *value)
{
	(void)row;
	if (!option_is_normal_path(value) || strcmp(value, "/") == 0)
		return option_bad_value(
			p, value, "is not the absolute path of a file, as in /etc/granit.manifest");
	p->policy->manifest = value;
	return 0;
}

int option_add_manifest_key(struct parse *p, const struct option_row *row, const char *value)
{
	struct policy *policy = p->policy;

	(void)row;
	/* "Ed": the start of every minisign and signify key in base64. */
	if (value[0] != '/' && !strstr(value, "RW"))
		return option_bad_value(
			p, value,
			"is neither an absolute path nor a public key (which begins with RW)");
	if (policy->manifest_keys_count == POLICY_KEYS)
		return option_bad_value(p, value, "is one key too many: at most 8");
	if (!option_has_room(p, policy->manifest_keys, POLICY_KEYS))
		return -ENOMEM;
	policy->manifest_keys[policy->manifest_keys_count++] =
		(struct seal_words){.value = value, .from_file = p->file};
	return 0;
}

int option_set_manifest_digest(struct parse *p, const struct option_row *row, const char *value)
{
	char *hex = arena_copy(p->arena, value);

	(void)row;
	if (!hex)
		return -ENOMEM;
	for (char *c = hex; *c; c++)
		if (*c >= 'A' && *c <= 'F')
			*c = (char)(*c - 'A' + 'a');
	if (strlen(hex) != 64 || strspn(hex, "0123456789abcdef") != 64)
		return option_bad_value(
			p, value,
			"is not a SHA-256: 64 hexadecimal digits, as sha256sum prints them");
	p->policy->manifest_digest = (struct seal_words){.value = hex, .from_file = p->file};
	return 0;
}

void option_empty_verify(struct parse *p, const struct option_row *row)
{
	(void)row;
	p->policy->verify = VERIFY_PROGRAMS;
}

int option_set_verify(struct parse *p, const struct option_row *row, const char *value)
{
	static const char *const words[] = {
		[VERIFY_PROGRAMS] = "programs", [VERIFY_ALL] = "all", [VERIFY_LAZY] = "lazy"};
	int i = option_find_word(p, value, "mode", words, array_length(words));

	(void)row;
	if (i < 0)
		return i;
	p->policy->verify = (enum verify)i;
	return 0;
}
