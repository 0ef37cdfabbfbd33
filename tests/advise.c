/* SPDX-License-Identifier: MIT */
/*
 * advise: records of what was written, a line each on standard input, "WORD,... PATH
 * [BYTES [UID]]", in any order; prints the places that they ask for, "KIND[,exec][,outlives][,logs]
 * PATH BYTES [UID]".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "learn/advice.h"
#include "sys/compiler.h"

enum { RECORDS = 256 };

static const char *const words[] = {"dir",   "existed", "names",   "changed", "executed", "denied",
				    "hides", "gone",    "missing", "lacking", "same"};

static unsigned int flags_of(char *list)
{
	unsigned int flags = 0;

	for (char *word = strtok(list, ","); word; word = strtok(NULL, ",")) {
		size_t i = 0;

		while (i < array_length(words) && strcmp(word, words[i]) != 0)
			i++;
		if (i == array_length(words)) {
			fprintf(stderr, "advise: there is no word %s\n", word);
			exit(1);
		}
		flags |= 1U << i;
	}
	return flags;
}

int main(void)
{
	static const char *const kinds[] = {
		[PLACE_TMPFS] = "tmpfs", [PLACE_FILLED] = "filled", [PLACE_FILE] = "file",
		[PLACE_NAMES] = "names", [PLACE_CACHE] = "cache",   [PLACE_SAME] = "same",
	};
	static struct seen seen[RECORDS];
	static struct place places[RECORDS];
	char line[1024];
	size_t n = 0, count;

	while (n < RECORDS && fgets(line, sizeof(line), stdin)) {
		char *list = strtok(line, " \n"), *path = strtok(NULL, " \n");
		const char *size = strtok(NULL, " \n"), *uid = strtok(NULL, " \n");

		if (!path)
			continue;
		seen[n++] = (struct seen){
			.path = strdup(path),
			.size = size ? strtoul(size, NULL, 10) : 0,
			.uid = uid ? (uint32_t)strtoul(uid, NULL, 10) : 0,
			.flags = flags_of(list),
		};
	}
	count = advise(seen, n, places);
	for (size_t i = 0; i < count; i++) {
		printf("%s%s%s%s %s %lu", kinds[places[i].kind], places[i].exec ? ",exec" : "",
		       places[i].outlives ? ",outlives" : "", places[i].logs ? ",logs" : "",
		       places[i].seen->path, (unsigned long)places[i].size);
		if (places[i].uid)
			printf(" %u", places[i].uid);
		puts("");
	}
	return 0;
}

_Static_assert(SEEN_SAME == 1 << (array_length(words) - 1), "a word for each flag");
