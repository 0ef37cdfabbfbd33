/* The program every init is timed with: whatever it did itself would be noise in the difference. */
int main(void)
{
	return 0;
}
