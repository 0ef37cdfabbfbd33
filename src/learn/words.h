/* SPDX-License-Identifier: MIT */
/*
 * The arguments that what was learnt comes to, for each command line, once for all formats. Pure;
 * what is handed out is valid during the call.
 */
#pragma once

#include "learn/learnt.h"

/* Takes an option and its value, as they are; NULL: it has none. */
struct word_taker {
	void (*take)(void *arg, const char *option, const char *value);
	void *arg;
};

typedef void words_function(const struct learnt *n, const struct word_taker *t);

words_function words_of_granit;     /* in each profile */
words_function words_of_restricted; /* more, in that one */
words_function words_of_listen;     /* for whoever wants its ports held to what they were */
words_function words_of_docker;
words_function words_of_podman;

/* Room for the place, in MiB: twice what was seen, and no less than 16. */
unsigned int place_room(const struct place *p);

/* A name for the volume at path, which no other has: a label of RFC 1123, from its path. */
void add_volume_name(struct text *out, const struct learnt *n, const char *path);

/* What has to be said about it; NULL: nothing. */
const char *place_note(const struct place *p);

/* Whether something was to be made in it, and would have been if it were there. */
bool seen_is_lacking(const struct seen *s);

/* What a mount is for. */
static inline bool place_is_mounted(const struct place *p)
{
	return p->kind == PLACE_TMPFS || p->kind == PLACE_FILLED || p->kind == PLACE_VOLUME;
}
