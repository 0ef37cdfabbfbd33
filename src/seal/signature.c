// SPDX-License-Identifier: MIT
/*
 * Verifies signatures of minisign and signify.
 *
 * A file of minisign's has four lines, one of signify's the first two of them:
 *
 *	untrusted comment: TEXT
 *	base64 of: algorithm, id of the key, signature of the data
 *	trusted comment: TEXT
 *	base64 of: signature of that signature and TEXT
 *
 * "Ed" signs the data itself, "ED" its BLAKE2b-512, which minisign alone does (minisign(1),
 * signify(1)). There is one way to write each; what deviates from it is refused.
 */
#include "seal/signature.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <sodium.h>

#include "sys/span.h"
#include "sys/text.h"

enum {
	ID_SIZE = 8,
	HASH_SIZE = 64,
	COMMENT_MOST = 4096, /* of what is signed with it */
};

struct signed_by {
	char algorithm[2];
	unsigned char id[ID_SIZE];
	unsigned char signature[crypto_sign_ed25519_BYTES];
};

struct signature {
	struct signed_by by;
	bool has_comment;
	struct span comment;
	unsigned char of_comment[crypto_sign_ed25519_BYTES];
};

struct public_key {
	char algorithm[2];
	unsigned char id[ID_SIZE];
	unsigned char key[crypto_sign_ed25519_PUBLICKEYBYTES];
};

/* ---- texts */

/* Cuts a line, without its end, off the front of rest. A carriage return is not part of one. */
static bool next_signature_line(struct span *rest, struct span *ret)
{
	if (!memchr(rest->at, '\n', rest->len))
		return false;
	*ret = span_cut(rest, '\n');
	for (size_t i = 0; i < ret->len; i++)
		if (((unsigned char)ret->at[i] < ' ' && ret->at[i] != '\t') || ret->at[i] == 0x7f)
			return false;
	return true;
}

/* A line that begins with the word; ret is the remainder. */
static bool next_comment(struct span *rest, const char *word, struct span *ret)
{
	if (!next_signature_line(rest, ret) || !span_begins_with(*ret, word))
		return false;
	ret->at += strlen(word);
	ret->len -= strlen(word);
	return true;
}

/* Strict: padding is required, unused bits are 0, and the length has to fit. */
static bool decode(const struct span *text, void *dst, size_t size)
{
	size_t got = 0;

	return sodium_base642bin(dst, size, text->at, text->len, NULL, &got, NULL,
				 sodium_base64_VARIANT_ORIGINAL) == 0 &&
	       got == size;
}

static const char *parse_signature(struct span text, struct signature *ret)
{
	struct span line;

	*ret = (struct signature){0};
	if (!next_comment(&text, "untrusted comment: ", &line))
		return "its first line is not an untrusted comment";
	if (!next_signature_line(&text, &line) || !decode(&line, &ret->by, sizeof(ret->by)))
		return "its second line is not a signature in base64";
	if (ret->by.algorithm[0] != 'E' ||
	    (ret->by.algorithm[1] != 'd' && ret->by.algorithm[1] != 'D'))
		return "its algorithm is not one of minisign's or signify's";
	if (text.len == 0 && ret->by.algorithm[1] == 'd')
		return NULL;
	ret->has_comment = true;
	if (!next_comment(&text, "trusted comment: ", &ret->comment) ||
	    ret->comment.len > COMMENT_MOST)
		return "its third line is not a trusted comment";
	if (!next_signature_line(&text, &line) ||
	    !decode(&line, ret->of_comment, sizeof(ret->of_comment)))
		return "its fourth line is not a signature in base64";
	return text.len ? "there is something after its last line" : NULL;
}

/* A key file, or its base64 line alone, from which a shell's $( ) has removed the newline. */
static const char *parse_key(struct span text, struct public_key *ret)
{
	struct span line;

	if (span_begins_with(text, "untrusted comment: ") && !next_signature_line(&text, &line))
		return "its first line does not end";
	if (text.len && text.at[text.len - 1] == '\n')
		text.len--;
	if (!decode(&text, ret, sizeof(*ret)) || memcmp(ret->algorithm, "Ed", 2) != 0)
		return "it is not a public key of minisign or signify: 56 characters that begin "
		       "with RW";
	return NULL;
}

/* ---- what they prove */

static bool signature_holds(const struct signature *s, const struct public_key *k, const void *data,
			    size_t size)
{
	unsigned char hash[HASH_SIZE];

	if (s->by.algorithm[1] == 'D') {
		if (crypto_generichash_blake2b(hash, sizeof(hash), data, size, NULL, 0) != 0)
			return false;
		data = hash;
		size = sizeof(hash);
	}
	return crypto_sign_ed25519_verify_detached(s->by.signature, data, size, k->key) == 0;
}

static bool comment_holds(const struct signature *s, const struct public_key *k)
{
	unsigned char signed_data[sizeof(s->by.signature) + COMMENT_MOST];

	memcpy(signed_data, s->by.signature, sizeof(s->by.signature));
	memcpy(signed_data + sizeof(s->by.signature), s->comment.at, s->comment.len);
	return crypto_sign_ed25519_verify_detached(s->of_comment, signed_data,
						   sizeof(s->by.signature) + s->comment.len,
						   k->key) == 0;
}

/* As minisign shows it: a number, least significant byte first. */
static unsigned long long id_number(const unsigned char *id)
{
	unsigned long long n = 0;

	for (size_t i = ID_SIZE; i > 0; i--)
		n = n << 8 | id[i - 1];
	return n;
}

static int no(struct signature_verdict *ret, int error, const char *what, const char *why)
{
	struct text t;

	text_init(&t, ret->why, sizeof(ret->why));
	text_add(&t, "%s%s", what, why);
	return error;
}

static int other_key(struct signature_verdict *ret, const struct signature *s,
		     const struct public_key *k)
{
	struct text t;

	text_init(&t, ret->why, sizeof(ret->why));
	text_add(&t, "it was made with the key %llX, and the one given is %llX",
		 id_number(s->by.id), id_number(k->id));
	return -ENOKEY;
}

int signature_check(const void *data, size_t size, const char *signature, size_t signature_size,
		    const char *key, size_t key_size, struct signature_verdict *ret)
{
	struct signature s;
	struct public_key k;
	const char *why;
	struct text t;

	*ret = (struct signature_verdict){0};
	why = parse_signature((struct span){signature, signature_size}, &s);
	if (why)
		return no(ret, -EINVAL, "it is malformed: ", why);
	why = parse_key((struct span){key, key_size}, &k);
	if (why)
		return no(ret, -ENOKEY, "the key is malformed: ", why);
	if (memcmp(s.by.id, k.id, ID_SIZE) != 0)
		return other_key(ret, &s, &k);
	if (!signature_holds(&s, &k, data, size))
		return no(ret, -EBADMSG,
			  "it is not valid: ", "this is not what was signed, or not with this key");
	if (s.has_comment && !comment_holds(&s, &k))
		return no(ret, -EBADMSG, "its trusted comment is not the one that was signed", "");
	text_init(&t, ret->comment, sizeof(ret->comment));
	if (s.has_comment)
		text_add_bytes(&t, s.comment.at, s.comment.len);
	if (t.cut) {
		text_cut(&t, t.len - strlen("..."));
		text_add(&t, "...");
	}
	return 0;
}
