/*
 * What `cat FILE` does, without a shell's programs in the image: its content to standard output.
 *
 *	readfile FILE
 */
#include <fcntl.h>

#include "bench.h"

const char *const tool = "readfile";

int main(int argc, char **argv)
{
	static char buf[131072]; /* as cat's */
	int fd = argc == 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
	ssize_t n;

	if (fd < 0)
		die("cannot open the file (usage: readfile FILE)");
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		if (write(STDOUT_FILENO, buf, (size_t)n) != n)
			die("cannot write");
	if (n < 0)
		die("cannot read %s", argv[1]);
	return EXIT_SUCCESS;
}
