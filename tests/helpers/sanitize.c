/* SPDX-License-Identifier: MIT */
/*
 * Linked into the granit that `make sanitize` builds: what the sanitizers do, whatever the
 * environment says of it, since tests clear that.
 */
/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the sanitizers call them
 * so */
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

/* Memory is taken once and kept to the end, and looking for leaks takes ptrace, which granit
 * forbids itself. 99: no test takes that status for one of granit's own. */
const char *__asan_default_options(void)
{
	return "detect_leaks=0:exitcode=99";
}

const char *__ubsan_default_options(void)
{
	return "print_stacktrace=1:exitcode=99";
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
