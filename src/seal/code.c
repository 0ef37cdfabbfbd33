// SPDX-License-Identifier: MIT
/* What in an image is code, as far as names and first bytes tell. */
#include "seal/code.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

#include "facts/mounts.h"
#include "sys/elfhead.h"
#include "sys/sys.h"
#include "sys/text.h"

enum {
	UNKNOWN_FILE = 1 << 20, /* what is not known to be data is read up to this size: bytes */
	NAMED_FILE = 16 << 20,  /* and what the command line names, which may be a model of GBs */
};

/* ---- endings */

static bool copy_lower(char *dst, size_t size, const char *s)
{
	if (!text_copy(dst, size, s))
		return false;
	for (; *dst; dst++)
		*dst = (char)tolower(*dst);
	return true;
}

/* Code that something other than the kernel reads needs neither a mode nor a first line. */
bool has_program_ending(const char *path)
{
	static const char *const ends[] = {
		"js",
		"mjs",
		"cjs",
		"node",
		"py",
		"pyc",
		"pyd",
		"rb",
		"pl",
		"pm",
		"php",
		"lua",
		"sh",
		"tcl",
		"jar",
		"war",
		"ear",
		"jmod",
		"class",
		"wasm",
		"el",
		"beam",
		"dll",
		"exe",
		"so",
		"ko",
		"awk",
		"ps1",
		"r",
		/* More that their interpreters read, and what tells these what to read first. */
		"pyo",
		"pth",
		"pyz",
		"whl",
		"egg",
		"phtml",
		"phar",
		"phps",
		"pht",
		"ini",
		"jsp",
		"jspx",
		"ts",
		"tsx",
		"mts",
		"cts",
		"jsx",
		"asar",
		"erb",
		"ru",
		"rake",
		"luac",
		"exs",
		"ex",
		"groovy",
		"scala",
		"kts",
		"scm",
		"ss",
		"zip",
		"cgi",
		"fcgi",
		"psgi",
		"ksh",
		"zsh",
		"bash",
		"fish",
		"csx",
		"fsx",
		"hbs",
		"ejs",
		"sql",
		"tpl",
		"twig",
		/* Archives and objects that carry code of their own. */
		"jpi",
		"hpi",
		"jsa",
		"pkl",
		"pickle",
		"joblib",
		"rdb",
		"rdx",
		"rds",
		"phpt",
		/* perl takes a .pmc rather than the .pm beside it. */
		"pmc",
		"bs",
		"jl",
		"elc",
		"raku",
		"rakumod",
		"zo",
		"fasl",
		"inc",
		"module",
		"php5",
		"php7",
		"asp",
		"aspx",
		"jspf",
		"ez",
		"boot",
		"pyw",
		"rbw",
		"plx",
	};
	const char *name = text_last_part(path), *dot = strrchr(name, '.');
	char lower[8];

	if (strstr(name, ".so.") || strcmp(name, "Rakefile") == 0)
		return true;
	/* musl's loader reads it two directories above its own place, wherever that is. */
	if (strncmp(name, "ld-musl-", 8) == 0 && dot && strcmp(dot, ".path") == 0)
		return true;
	return dot && copy_lower(lower, sizeof(lower), dot + 1) && is_one_of(lower, ends);
}

bool has_settings_ending(const char *path)
{
	static const char *const ends[] = {"cfg",  "cnf",  "conf", "ini",        "json",
					   "toml", "yaml", "yml",  "properties", "xml"};
	const char *name = text_last_part(path), *dot = strrchr(name, '.');
	char lower[16];

	if (name[0] == '.')
		return true;
	return dot && copy_lower(lower, sizeof(lower), dot + 1) && is_one_of(lower, ends);
}

_Static_assert((size_t)PROGRAM_HEAD >= (size_t)ELF_HEADER, "elf_is_mapped() is not told enough");

/* Scripts, ELF, and what virtual machines load: classes, their archives and images. */
bool is_program_head(const void *head, size_t n, uint64_t file_size)
{
	const unsigned char *bytes = head;
	static const char starts[][4] = {
		{'P', 'K', 3, 4},                 /* zip, jar */
		{'\xca', '\xfe', '\xba', '\xbe'}, /* Java class */
		{'\xda', '\xda', '\xfe', '\xca'}, /* the JDK's modules */
		{'\xca', '\xfe', '\xda', '\xda'},
		{'\0', 'a', 's', 'm'}, /* WebAssembly */
	};

	for (size_t i = 0; n >= 4 && i < array_length(starts); i++)
		if (memcmp(head, starts[i], 4) == 0)
			return true;
	/* A pickle of Python's, protocol 2 and later: pickletools has the list of what it calls. */
	if (n >= 2 && bytes[0] == 0x80 && bytes[1] >= 2 && bytes[1] <= 5)
		return true;
	return elf_is_mapped(head, n, file_size) || (n >= 2 && memcmp(head, "#!", 2) == 0);
}

/*
 * Endings of what is shown, played or read by people, and decides nothing in a program that opens
 * it. Not here: html and txt (template engines take the first file of a name), lock and cache (they
 * say which modules are loaded, as Gemfile.lock and loaders.cache do), mo (its texts are formats of
 * printf), db, dat and bin (anything), gz, xz and tar (they hold anything).
 */
static const char *const data_ends[] = {
	/* Pictures: decoded, not obeyed; what an svg has of scripts a browser runs. */
	"png",
	"jpg",
	"jpeg",
	"gif",
	"webp",
	"avif",
	"bmp",
	"ico",
	"tif",
	"tiff",
	"svg",
	/* Fonts: what they have of instructions moves points, and reaches no further. */
	"ttf",
	"ttc",
	"otf",
	"woff",
	"woff2",
	/* Sound and films. */
	"mp3",
	"ogg",
	"oga",
	"ogv",
	"opus",
	"flac",
	"wav",
	"m4a",
	"mp4",
	"mkv",
	"mov",
	"webm",
	/* Texts for people, and how a browser shows them. */
	"md",
	"rst",
	"adoc",
	"pdf",
	"css",
	/* Rows of values. */
	"csv",
	"tsv",
	/* What a program that ran has left: it is written, and read by people or by its number. */
	"log",
	"pid",
};

static bool is_data_ending(const char *end)
{
	char lower[8];

	return copy_lower(lower, sizeof(lower), end) && is_one_of(lower, data_ends);
}

/*
 * By its last ending; but web servers take any of them, as that of page.php.png for PHP's
 * (mod_mime, "Files with Multiple Extensions").
 */
bool is_known_data(const char *path)
{
	const char *name = text_last_part(path), *dot = strrchr(name, '.');
	char part[NAME_MAX + 1];

	if (!dot || dot == name || !is_data_ending(dot + 1) || !text_copy(part, sizeof(part), name))
		return false;
	for (char *end = part + (dot - name); end; end = strrchr(part, '.')) {
		*end = '\0';
		if (has_program_ending(part))
			return false;
	}
	return true;
}

/* ---- all of it */

/* Where loaders and the C library read what they obey; granit reads there, too. */
static const char *const etc_dirs[] = {"/etc", "/usr/etc", "/usr/local/etc"};

bool is_etc(const char *path)
{
	return is_one_of(path + 1, etc_dirs);
}

bool is_in_etc(const char *path)
{
	for (size_t i = 0; i < array_length(etc_dirs); i++)
		if (path_is_beneath(path + 1, etc_dirs[i]))
			return true;
	return false;
}

static bool may_be_in_names(char byte)
{
	return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') ||
	       (byte && strchr("._-", byte));
}

/* Whether a word has the file's name in it: "node /srv/app" starts what has neither ending nor
 * head. */
static bool is_on_command_line(char *const *words, const char *path)
{
	const char *name = text_last_part(path);
	size_t len = strlen(name);

	for (; words && *words; words++)
		for (const char *at = *words; (at = strstr(at, name)) != NULL; at++)
			if ((at == *words || !may_be_in_names(at[-1])) && !may_be_in_names(at[len]))
				return true;
	return false;
}

/* For no list of endings is complete. */
bool may_be_code(const struct seal_entry *e, const char *path, char *const *words)
{
	if (e->mode & 0111 || e->size <= SMALL_FILE || is_in_etc(path) ||
	    has_program_ending(path) || has_settings_ending(path))
		return true;
	if (e->size <= UNKNOWN_FILE && !is_known_data(path))
		return true;
	return e->size <= NAMED_FILE && is_on_command_line(words, path);
}
