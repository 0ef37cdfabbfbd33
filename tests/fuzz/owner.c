/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as /proc/self/uid_map (libFuzzer). An owner that is nobody may be another one only
 * where no line of the map has that one's number.
 *
 * The input: the number, four bytes; and the map.
 */
#include <stdlib.h>
#include <string.h>

#include "helpers/fuzz.h"
#include "seal/owner.h"

enum { NOBODY = 65534, MAP_MOST = 4096 };

/* The lines as the kernel writes them (user_namespaces(7)), up to the first of another kind. */
static bool has_number(const char *map, uint32_t id)
{
	for (;;) {
		unsigned long long first, count;
		char *end;

		first = strtoull(map, &end, 10);
		strtoull(end, &end, 10);
		map = end;
		count = strtoull(map, &end, 10);
		if (end == map)
			return false;
		if (id >= first && id < first + count)
			return true;
		if (*end != '\n')
			return false;
		map = end + 1;
	}
}

/* Whether all of it is what the kernel may write: then it is known what it means. */
static bool is_usual(const char *map)
{
	size_t digits = 0;

	for (; *map; map++) {
		digits = *map >= '0' && *map <= '9' ? digits + 1 : 0;
		if (digits > 10 || !strchr("0123456789 \n", *map))
			return false;
	}
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	uint32_t id = 0;
	char *map;
	bool may_be;

	for (int i = 0; i < 4; i++)
		id = id << 8 | input_byte(&in);
	map = input_text(&in);
	file_given("self/uid_map", map, strlen(map), 0444);
	may_be = owner_may_be(NOBODY, id, "uid_map");
	must(owner_may_be(id, id, "uid_map"));
	must(id == 1 || id == NOBODY || !owner_may_be(1, id, "uid_map"));
	if (strlen(map) >= MAP_MOST)
		must(!may_be || id == NOBODY);
	else if (is_usual(map) && id != NOBODY)
		must(may_be == !has_number(map, id));
	files_forget();
	free(map);
	return 0;
}
