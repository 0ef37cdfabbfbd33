// SPDX-License-Identifier: MIT
/* The paths among options: which word is one, and what only looks like one. */
#include "facts/hook_options.h"

#include <string.h>
#include <strings.h>

#include "sys/text.h"

static bool is_letter_or_digit(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Whether the word ends like a file with code in it, for which nobody need say more. */
static bool has_code_ending(const char *word, size_t len)
{
	static const char *const ends[] = {".jar",  ".so",  ".js",  ".mjs", ".cjs",
					   ".node", ".rb",  ".pl",  ".pm",  ".py",
					   ".lua",  ".dll", ".war", ".zip", ".exe"};

	for (size_t i = 0; i < array_length(ends); i++) {
		size_t end = strlen(ends[i]);

		if (len > end && memcmp(word + len - end, ends[i], end) == 0)
			return true;
	}
	return false;
}

static bool is_dotted(const char *word, size_t len)
{
	return (len >= 2 && memcmp(word, "./", 2) == 0) ||
	       (len >= 3 && memcmp(word, "../", 3) == 0);
}

/* To the next blank behind an option; of a list, by what is between its parts, any of them,
 * an empty one too. */
static bool has_relative_part(const char *argument, const char *between)
{
	const char *s = argument + strspn(argument, argument[-1] == ' ' ? SPACES "\"'" : "=\"'");

	if (!*s || strchr(SPACES, *s))
		return false;
	while (*s == '/' || *s == '$') {
		while (*s && !strchr(SPACES "\"'", *s) && !strchr(between, *s))
			s++;
		if (!*s || !strchr(between, *s++))
			return false;
	}
	return true;
}

/* perl's switches (perlrun(1)), several in one word, and its modules that add directories. */
static bool is_relative_perl(const char *word)
{
	const char *s = word + strspn(word, "-");
	size_t name;

	s += strspn(s, "CDTUWdtw0123456789");
	if (*s == 'I')
		return s[1] != '/';
	if (*s != 'M' && *s != 'm')
		return false;
	s += 1 + (s[1] == '-');
	name = strcspn(s, SPACES "=");
	return name >= 3 && s[name] == '=' && memcmp(s + name - 3, "lib", 3) == 0 &&
	       has_relative_part(s + name + 1, ",");
}

/* "@FILE" is a file of options; and what ends like code, or begins with a dot, needs no slash. */
static bool is_relative_option(const char *word, size_t len)
{
	if (len > 1 && word[0] == '@')
		return word[1] != '/';
	if (len > 2 && word[0] == '-' && word[1] != '-') {
		/* ruby's directory to search, and what stands right behind a letter */
		if (word[1] == 'I' && word[2] != '/')
			return true;
		word += 2;
		len -= 2;
	}
	return is_dotted(word, len) || (has_code_ending(word, len) && !memchr(word, '/', 1));
}

/* Options that are followed by what is loaded, a path whatever it looks like. */
static bool is_before_relative(const char *word)
{
	static const struct {
		const char *start;
		const char *between; /* the parts of a list */
	} options[] = {
		{"-agentpath:", ""},
		{"-javaagent:", ""},
		{"-Xbootclasspath:", ":"},
		{"-Xbootclasspath/a:", ":"},
		{"-Xbootclasspath/p:", ":"},
		{"-cp ", ":"},
		{"-classpath ", ":"},
		{"--class-path ", ":"},
		{"--class-path=", ":"},
		{"--module-path ", ":"},
		{"--module-path=", ":"},
		{"--upgrade-module-path=", ":"},
		{"-Djava.class.path=", ":"},
		{"-Djava.library.path=", ":"},
		{"-Dsun.boot.library.path=", ":"},
		{"-Djava.ext.dirs=", ":"},
		{"-Djava.endorsed.dirs=", ":"},
		{"-p ", ":"},
		{"--upgrade-module-path ", ":"},
		{"-Djdk.module.path=", ":"},
		{"-Djna.library.path=", ":"},
		{"-Djava.security.properties=", ""},
		{"-Dloader.path=", ","},
		{"--openssl-config=", ""},
		{"--snapshot-blob=", ""},
		{"-pa ", ""},
		{"-pz ", ""},
		{"-config ", ""},
		{"-XX:Flags=", ""},
		{"-XX:VMOptionsFile=", ""},
		{"-XX:SharedArchiveFile=", ":"},
	};

	for (size_t i = 0; i < array_length(options); i++)
		if (strncmp(word, options[i].start, strlen(options[i].start)) == 0)
			return has_relative_part(word + strlen(options[i].start),
						 options[i].between);
	return false;
}

/*
 * Options of the Java machine, of node and of gunicorn that name a file which nobody loads anything
 * from, or none: the length of the one that starts here, with its value behind a blank; or 0.
 */
static size_t length_of_harmless(const char *word)
{
	static const char *const starts[] = {
		"-Djava.io.tmpdir=",
		"-Djava.security.egd=",
		"-Dlog.file=",
		"-Dlog.dir=",
		"-Dlogging.file",
		"-Duser.home=",
		"-Xlog",
		"-XX:HeapDumpPath=",
		"-XX:ErrorFile=",
		"-XX:LogFile=",
		"-XX:StartFlightRecording",
		"--add-opens=",
		"--add-exports=",
		"--add-reads=",
		"--diagnostic-dir=",
		"--report-dir",
		"--heap-prof-dir=",
		"--cpu-prof-dir=",
		"--redirect-warnings=",
		"--trace-event-file-pattern=",
		"-Dlogs.dir=",
		"-Dlog.path=",
		"-XX:FlightRecorderOptions=",
		"--worker-tmp-dir=",
		"--access-logfile=",
		"--error-logfile=",
		"--log-file=",
		"--pid=",
		"--bind=",
		"--certfile=",
		"--keyfile=",
		"--ca-certs=",
	};

	for (size_t i = 0; i < array_length(starts); i++) {
		const size_t len = strcspn(starts[i], "=");

		if (strncmp(word, starts[i], strlen(starts[i])) == 0)
			return strcspn(word, SPACES);
		if (starts[i][len] && strncmp(word, starts[i], len) == 0 && word[len] == ' ' &&
		    word[1] == '-')
			return len + 1 + strcspn(word + len + 1, SPACES);
	}
	return 0;
}

/*
 * "//" behind a scheme is followed by a host, and not by a directory, unless the scheme means
 * files: the length of the rest of the URL, or 0. It ends where a path could begin. What varies is
 * left to others.
 */
static size_t length_of_url(const char *value, const char *word)
{
	static const char *const of_files[] = {"file", "jar", "nested", "zip"};
	const char *scheme = word - 1;
	size_t len = 0;

	if (word <= value + 1 || word[-1] != ':' || strncmp(word, "//", 2) != 0)
		return 0;
	while (scheme > value && (scheme[-1] == '+' || scheme[-1] == '-' || scheme[-1] == '.' ||
				  is_letter_or_digit(scheme[-1])))
		scheme--;
	for (size_t i = 0; i < array_length(of_files); i++)
		if (strncasecmp(scheme, of_files[i], strlen(of_files[i])) == 0)
			return 0;
	if (word - 1 - scheme < 2)
		return 0;
	while (word[len] && !strchr(SPACES "\"',;|\\", word[len]) &&
	       !(strchr(":=", word[len]) && word[len + 1] == '/'))
		len++;
	return memchr(word, '$', len) || memchr(word, '`', len) ? 0 : len;
}

size_t hook_option_harmless(const char *value, const char *word)
{
	size_t len = length_of_harmless(word);

	return len ? len : length_of_url(value, word);
}

/* ---- a slash, and no path */

/* What stands between blanks, and the word is a part of. */
static const char *argument_of(const char *value, const char *word)
{
	while (word > value && !strchr(SPACES, word[-1]))
		word--;
	return word;
}

static bool starts_with(const char *s, const char *start)
{
	return strncmp(s, start, strlen(start)) == 0;
}

/* Europe/Berlin: a name of the time zone database's. */
static bool is_time_zone(const char *word)
{
	static const char *const regions[] = {
		"Africa/",    "America/", "Antarctica/", "Arctic/", "Asia/",    "Atlantic/",
		"Australia/", "Etc/",     "Europe/",     "Indian/", "Pacific/", "US/",
	};

	for (size_t i = 0; i < array_length(regions); i++)
		if (starts_with(word, regions[i]))
			return true;
	return false;
}

/* 10.0.0.0/8 */
static bool is_network(const char *word, size_t len)
{
	size_t address = strspn(word, "0123456789."), bits = len - address - 1;

	return address && address < len && word[address] == '/' && bits >= 1 && bits <= 3 &&
	       strspn(word + address + 1, "0123456789") >= bits;
}

/* application/json, Mozilla/5.0: a word on each side of one slash. Or a port before it. */
static bool is_pair(const char *word, size_t len)
{
	const char *slash = memchr(word, '/', len);

	if (word[-1] == ':' && strspn(word, "0123456789") == (size_t)(slash - word))
		return true;
	for (size_t i = 0; i < len; i++)
		if (word + i != slash && !is_letter_or_digit(word[i]) &&
		    (i == 0 || !strchr(".+-_*|", word[i])))
			return false;
	return true;
}

/* Whether the property of "-DNAME=..." has the name of one that holds a path. */
static bool is_path_property(const char *argument)
{
	static const char *const words[] = {
		"path", "dir",     "file",   "location", "home",
		"lib",  "propert", "policy", "conf",     "jar",
	};
	size_t len = strcspn(argument, SPACES "=");

	for (size_t i = 0; i < array_length(words); i++)
		for (const char *s = argument; s + strlen(words[i]) <= argument + len; s++)
			if (strncasecmp(s, words[i], strlen(words[i])) == 0)
				return true;
	return false;
}

/* What is behind the path of an agent, and a property's value. */
static bool is_value(const char *argument, const char *word)
{
	return word != argument &&
	       ((starts_with(argument, "-D") && !is_path_property(argument)) ||
		starts_with(argument, "-agent") || starts_with(argument, "-javaagent:"));
}

/*
 * bundler/setup behind ruby's and node's -r: the name of something that is installed, for which
 * they do not look in the working directory.
 */
static bool is_feature(const char *value, const char *word)
{
	static const char *const options[] = {"-r", "--require", "--import", "--loader",
					      "--experimental-loader"};
	const char *end = word, *argument;

	if (starts_with(word, "-r"))
		return true;
	while (end > value && strchr(SPACES "=\"'", end[-1]))
		end--;
	argument = argument_of(value, end);
	for (size_t i = 0; end != word && i < array_length(options); i++)
		if (strlen(options[i]) == (size_t)(end - argument) &&
		    starts_with(argument, options[i]))
			return true;
	return false;
}

/* module/package behind these, separated by a blank */
static bool is_of_module(const char *value, const char *argument)
{
	static const char *const options[] = {"--add-opens", "--add-exports"};

	for (size_t i = 0; i < array_length(options); i++) {
		size_t len = strlen(options[i]) + 1;

		if (argument >= value + len && memcmp(argument - len, options[i], len - 1) == 0)
			return true;
	}
	return false;
}

/* data:text/javascript, and the code behind it: no file */
static bool is_inline(const char *value, const char *word, size_t len)
{
	return word - value > 5 && memcmp(word - 5, "data:", 5) == 0 && is_pair(word, len);
}

static bool is_no_path(const char *value, const char *word, size_t len)
{
	const char *argument = argument_of(value, word);

	/* What is loaded through these stands in words of its own. */
	if (starts_with(word, "-Xbootclasspath/") || starts_with(word, "-J-Xbootclasspath/"))
		return true;
	if (word != argument && is_time_zone(word))
		return true;
	return is_network(word, len) || is_inline(value, word, len) ||
	       (is_value(argument, word) && is_pair(word, len)) || is_feature(value, word) ||
	       (word == argument && is_of_module(value, argument));
}

/* Where an absolute path begins: the word, or behind "@", "-I" and its like. NULL: it has none. */
static const char *absolute_part(const char *word, size_t len, bool is_perl)
{
	const char *slash = memchr(word, '/', len);

	if (!slash || slash == word)
		return slash;
	if (*word == '@' || (is_perl && slash[-1] == 'I'))
		return slash == word + 1 || is_perl ? slash : NULL;
	return *word == '-' && slash == word + 2 ? slash : NULL;
}

bool hook_option_names(const char *value, const char *word, size_t len, bool is_perl,
		       struct hook_word *ret)
{
	const char *path = absolute_part(word, len, is_perl);

	*ret = (struct hook_word){WORD_RELATIVE, word, len};
	if (is_relative_option(word, len) || is_before_relative(word) ||
	    (is_perl && word == argument_of(value, word) && is_relative_perl(word)))
		return true;
	if (path) {
		*ret = (struct hook_word){WORD_PATH, path, len - (size_t)(path - word)};
		return true;
	}
	return memchr(word, '/', len) && !is_no_path(value, word, len);
}
