// SPDX-License-Identifier: MIT
/* What the image contains: shells, and everything that can replace one. */
#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/stat.h>

#include "checks/check.h"
#include "facts/names.h"

static bool may_gain_rights(const struct posture *s)
{
	if (s->resulting.no_new_privs == 1)
		return false;
	for (const struct program *i = s->programs.programs; i; i = i->next)
		if (i->marks & (MARK_SETUID | MARK_FILE_CAPS))
			return true;
	return false;
}

bool bars_hold(const struct policy *p, const struct posture *s)
{
	const uint64_t *caps = s->resulting.caps;

	return !policy_passes_bars(p) &&
	       !((caps[CAP_SET_PERMITTED] | caps[CAP_SET_EFFECTIVE]) & CAPS_PAST_BARS) &&
	       !may_gain_rights(s);
}

const char *bar_remedy(const struct policy *p, const struct posture *s, int error)
{
	const uint64_t has = s->status.caps[CAP_SET_EFFECTIVE];

	if (error != EACCES)
		return "";
	if (p->root)
		return "; inspect it as the user who owns it";
	/* Of another user the runtime gives no capabilities to granit. */
	if (s->is_second_look || s->status_trouble.tried || s->status.uid[1] != 0 ||
	    has >> CAP_DAC_READ_SEARCH & 1 || has >> CAP_DAC_OVERRIDE & 1)
		return "";
	return p->harden ? "; give the container CAP_DAC_READ_SEARCH (--cap-add), which granit "
			   "takes away before the program starts"
			 : "; give the container CAP_DAC_READ_SEARCH (--cap-add)";
}

static void judge_blind_spots(const struct policy *p, const struct posture *s, struct finding *f)
{
	const bool hold = bars_hold(p, s);
	const char *first = NULL;
	size_t count = 0;

	for (const struct blind_spot *b = s->programs.blind; b; b = b->next) {
		if (b->barred && hold) {
			first = b->path;
			count++;
			continue;
		}
		found_unknown(f, "cannot look at %s: %s%s", shown(f, b->path), strerror(b->error),
			      bar_remedy(p, s, b->error));
	}
	if (count == 1)
		found_note(f, "%s cannot be read by granit, nor by the program", shown(f, first));
	else if (count)
		found_note(f, "%s and %zu more places cannot be read by granit, nor by the program",
			   shown(f, first), count - 1);
}

/* What every check on content has to admit. False: nothing was looked at, on request. */
static bool looked(const struct policy *p, const struct posture *s, struct finding *f)
{
	const struct image_facts *i = &s->programs;

	if (p->scan == SCAN_OFF) {
		f->not_applicable = true;
		return false;
	}
	if (i->out_of_memory)
		found_unknown(f, "not enough memory to scan all files");
	if (i->out_of_budget)
		found_unknown(
			f, "the scan used up its budget of %s after %zu files: raise --scan-budget",
			i->out_of_budget, i->files);
	judge_blind_spots(p, s, f);
	return true;
}

/* Of what is in the files: one that can be started and not read may be anything. */
static bool looked_inside(const struct policy *p, const struct posture *s, struct finding *f)
{
	if (!looked(p, s, f))
		return false;
	for (const struct program *i = s->programs.programs; i; i = i->next)
		if (i->marks & MARK_UNREADABLE && !i->allowed)
			found_unknown(f, "%s can be started but not read: it may be anything",
				      shown(f, i->path));
	return true;
}

static const char *link_text(struct finding *f, const struct program *i)
{
	const char *target = i->target ? shown(f, i->target) : NULL;

	return target ? told(f, ", a link to %s", target) : "";
}

static bool allowed_by_name(const struct policy *p, const char *path)
{
	return text_is_among(path, p->allow.paths, p->allow.count);
}

/* Reports the programs of one family, each as what it is. */
static void judge_family(const struct policy *p, const struct posture *s, struct finding *f,
			 enum family family, const char *what)
{
	if (!looked(p, s, f))
		return;
	for (const struct program *i = s->programs.programs; i; i = i->next) {
		const char *path = shown(f, i->path);

		if (!(i->families & family))
			continue;
		if (i->dangling)
			found_note(f, "%s leads nowhere%s", path, link_text(f, i));
		else if (allowed_by_name(p, i->path))
			found_note(f, "%s is allowed by --allow", path);
		else
			found_grave(f, i->path, "%s has the name of %s%s", path, what,
				    link_text(f, i));
	}
}

void judge_no_shell(const struct policy *p, const struct posture *s, struct finding *f)
{
	judge_family(p, s, f, FAMILY_SHELL, "a shell");
}

void judge_no_escape_tools(const struct policy *p, const struct posture *s, struct finding *f)
{
	judge_family(p, s, f, FAMILY_ESCAPE, "a tool that starts programs or writes files");
}

void judge_no_network_tools(const struct policy *p, const struct posture *s, struct finding *f)
{
	judge_family(p, s, f, FAMILY_NETWORK, "a tool that fetches or sends");
}

void judge_no_package_manager(const struct policy *p, const struct posture *s, struct finding *f)
{
	judge_family(p, s, f, FAMILY_PACKAGES, "a package manager");
}

void judge_no_compiler(const struct policy *p, const struct posture *s, struct finding *f)
{
	judge_family(p, s, f, FAMILY_COMPILER, "a compiler or debugger");
}

void judge_sshd(const struct policy *p, const struct posture *s, struct finding *f)
{
	if (!looked(p, s, f))
		return;
	for (const struct program *i = s->programs.programs; i; i = i->next) {
		const char *name = text_last_part(i->path);

		if (i->dangling || !(i->families & FAMILY_NETWORK) ||
		    (strcmp(name, "sshd") != 0 && strcmp(name, "dropbear") != 0))
			continue;
		if (allowed_by_name(p, i->path))
			found_note(f, "%s is allowed by --allow", shown(f, i->path));
		else
			found_grave(f, i->path, "%s has the name of an SSH server",
				    shown(f, i->path));
	}
}

static void tell_how_far(const struct image_facts *i, struct finding *f)
{
	if (i->full || !i->searched)
		return;
	found_note(f, "a quick scan read the constants of %zu programs and libraries%s",
		   i->searched, i->cut ? told(f, ", in %zu of them the first MiB", i->cut) : "");
	found_note(f, "--scan=full reads every file of the image to its end");
}

void judge_no_shell_content(const struct policy *p, const struct posture *s, struct finding *f)
{
	if (!looked_inside(p, s, f))
		return;
	for (const struct program *i = s->programs.programs; i; i = i->next) {
		const char *path = shown(f, i->path);

		if (!(i->content & (CONTENT_SHELL | CONTENT_OTHER_SHELL)))
			continue;
		if (i->allowed)
			found_note(f, "%s holds a shell and is allowed by --allow", path);
		else if (i->content & CONTENT_SHELL)
			found_grave(f, i->path, "%s is a shell by its content", path);
		else
			found_lesser(f, i->path,
				     "%s has the content of nushell, rush or a shell library",
				     path);
	}
	tell_how_far(&s->programs, f);
}

static const char *multicall_kind(const struct program *i)
{
	if (i->content & CONTENT_BUSYBOX)
		return "busybox";
	if (i->content & CONTENT_TOYBOX)
		return "toybox";
	if (i->content & CONTENT_COREUTILS)
		return "coreutils in one binary";
	return NULL;
}

void judge_no_multicall(const struct policy *p, const struct posture *s, struct finding *f)
{
	if (!looked_inside(p, s, f))
		return;
	if (s->programs.links_lost)
		found_unknown(f, "there are too many files to count the links to each of them");
	for (const struct program *i = s->programs.programs; i; i = i->next) {
		const char *kind = multicall_kind(i), *path = shown(f, i->path);

		if (!kind && !i->links)
			continue;
		if (i->allowed)
			found_note(f, "%s is a multi-call binary and is allowed by --allow", path);
		else if (kind && i->content & CONTENT_SHELL)
			found_grave(f, i->path, "%s is %s, with a shell in it", path, kind);
		else if (kind)
			found_lesser(f, i->path, "%s is %s: many tools in one file", path, kind);
		else
			found_lesser(f, i->path, "%s has %u names: probably many tools in one file",
				     path, i->links);
	}
}

static const struct {
	unsigned int content;
	const char *name;
} languages[] = {
	{CONTENT_PYTHON, "Python"}, {CONTENT_PERL, "Perl"},
	{CONTENT_NODE, "Node.js"},  {CONTENT_LUA, "Lua"},
	{CONTENT_AWK, "awk"},       {CONTENT_RUBY, "Ruby"},
	{CONTENT_PHP, "PHP"},       {CONTENT_JAVA, "Java"},
	{CONTENT_TCL, "Tcl"},       {CONTENT_QEMU, "machine code (QEMU)"},
};

static const char *language_of(const struct program *i)
{
	for (size_t k = 0; k < array_length(languages); k++)
		if (i->content & languages[k].content)
			return languages[k].name;
	return NULL;
}

static bool is_library(const char *path)
{
	return strstr(path, ".so") != NULL;
}

static void judge_interpreter(const struct policy *p, const struct program *i, struct finding *f)
{
	const char *language = language_of(i), *path = shown(f, i->path);

	if (i->families & FAMILY_INTERPRETER && i->dangling)
		found_note(f, "%s leads nowhere%s", path, link_text(f, i));
	else if ((i->families & FAMILY_INTERPRETER && allowed_by_name(p, i->path)) ||
		 (language && i->allowed))
		found_note(
			f,
			"%s is allowed by --allow: anyone who controls it can do what a shell does",
			path);
	else if (i->families & FAMILY_INTERPRETER)
		found_grave(f, i->path, "%s has the name of an interpreter%s", path,
			    link_text(f, i));
	else if (language && is_library(i->path))
		found_lesser(f, i->path, "%s is a library that interprets %s", path, language);
	else if (language)
		found_grave(f, i->path, "%s interprets %s, by its content", path, language);
	else if (i->marks & MARK_SCRIPT && (i->allowed || allowed_by_name(p, i->path)))
		found_note(f, "%s is a script and is allowed by --allow", path);
	else if (i->marks & MARK_SCRIPT)
		found_lesser(f, i->path, "%s is a script, and its interpreter %s is there", path,
			     i->target ? shown(f, i->target) : "");
}

void judge_no_interpreter(const struct policy *p, const struct posture *s, struct finding *f)
{
	if (!looked_inside(p, s, f))
		return;
	for (const struct program *i = s->programs.programs; i; i = i->next)
		judge_interpreter(p, i, f);
}

/* ---- what the files may do */

static void judge_mark(const struct policy *p, const struct posture *s, struct finding *f,
		       unsigned int marks, const char *what)
{
	if (!looked(p, s, f))
		return;
	for (const struct program *i = s->programs.programs; i; i = i->next) {
		if (!(i->marks & marks))
			continue;
		if (allowed_by_name(p, i->path))
			found_note(f, "%s is allowed by --allow", shown(f, i->path));
		else
			found_grave(f, i->path, "%s %s", shown(f, i->path), what);
	}
}

void judge_setuid_files(const struct policy *p, const struct posture *s, struct finding *f)
{
	judge_mark(p, s, f, MARK_SETUID | MARK_FILE_CAPS,
		   "raises the privileges of anyone who starts it (setuid, setgid or file "
		   "capabilities)");
}

void judge_world_writable(const struct policy *p, const struct posture *s, struct finding *f)
{
	judge_mark(p, s, f, MARK_WORLD_WRITABLE, "is world-writable");
}

void judge_device_nodes(const struct policy *p, const struct posture *s, struct finding *f)
{
	judge_mark(p, s, f, MARK_DEVICE,
		   "is a device node, which a read-only mount does not protect");
}

void judge_image_secrets(const struct policy *p, const struct posture *s, struct finding *f)
{
	judge_mark(p, s, f, MARK_SECRET_NAME | MARK_PRIVATE_KEY,
		   "looks like a key or a password file");
}

void judge_packed_binary(const struct policy *p, const struct posture *s, struct finding *f)
{
	if (!looked(p, s, f))
		return;
	for (const struct program *i = s->programs.programs; i; i = i->next) {
		if (i->content & CONTENT_PACKED && !i->allowed)
			found_grave(f, i->path, "%s is packed: its content shows only when it runs",
				    shown(f, i->path));
		else if (i->marks & MARK_UNREADABLE)
			found_grave(f, i->path,
				    "%s can be started but not read: it may be anything",
				    shown(f, i->path));
	}
}
