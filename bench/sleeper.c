/* The program an idle init sits over. Were it to wake up, the init might because of it. */
#include <unistd.h>

int main(void)
{
	for (;;)
		pause();
}
