// SPDX-License-Identifier: MIT
/* Whether the image is what was sealed, and who vouches for the seal. */
#include <errno.h>

#include "checks/check.h"

static const struct {
	enum item_kind kind;
	const char *word;
} kinds[SEAL_KINDS] = {
	[SEAL_CHANGED] = {ITEM_GRAVE, "has changed"},
	[SEAL_RETYPED] = {ITEM_GRAVE, "is something else"},
	[SEAL_REMODED] = {ITEM_GRAVE, "has another mode"},
	[SEAL_REOWNED] = {ITEM_GRAVE, "has another owner"},
	[SEAL_RELINKED] = {ITEM_GRAVE, "is another link"},
	[SEAL_REMADE] = {ITEM_GRAVE, "is another device"},
	[SEAL_MISSING] = {ITEM_GRAVE, "is missing"},
	[SEAL_COVERED] = {ITEM_GRAVE, "is covered by a mount"},
	[SEAL_EXTRA_PROGRAM] = {ITEM_GRAVE, "was added"},
	[SEAL_EXTRA_PLAIN] = {ITEM_LESSER, "was added"},
	[SEAL_NOT_SEALED] = {ITEM_GRAVE, "is not sealed"},
	[SEAL_DECLARED_PROGRAM] = {ITEM_LESSER, "is not sealed"},
	[SEAL_MOUNT_IN_ETC] = {ITEM_LESSER, "is not the image's"},
	[SEAL_ROOT_DIFFERS] = {ITEM_LESSER, "differs"},
	[SEAL_BY_RUNTIME] = {ITEM_NOTE, "is not the image's"},
	[SEAL_BESIDE] = {ITEM_NOTE, "is not the image's"},
	[SEAL_UNMAPPED] = {ITEM_NOTE, "has an unknown owner"},
	[SEAL_OUT_OF_REACH] = {ITEM_NOTE, "is out of the program's reach"},
	[SEAL_BARRED] = {ITEM_UNKNOWN, "cannot be verified"},
	[SEAL_CANNOT_LOOK] = {ITEM_UNKNOWN, "cannot be verified"},
};

static void found_difference(const struct policy *p, const struct posture *s, struct finding *f,
			     const struct seal_difference *d)
{
	const char *path = shown(f, d->path), *word = kinds[d->kind].word;

	switch (kinds[d->kind].kind) {
	case ITEM_GRAVE:
		found_grave(f, d->path, "%s %s: %s", path, word, d->what);
		break;
	case ITEM_LESSER:
		found_lesser(f, d->path, "%s %s: %s", path, word, d->what);
		break;
	case ITEM_UNKNOWN:
		found_unknown_at(f, d->path, "%s %s: %s%s", path, word, d->what,
				 bar_remedy(p, s, d->kind == SEAL_BARRED ? EACCES : 0));
		break;
	default:
		found_note(f, "%s %s: %s", path, word, d->what);
	}
}

static void note_proof(const struct seal_facts *s, struct finding *f)
{
	static const char *const proofs[] = {
		[SEAL_UNSIGNED] = "unsigned: nothing vouches for the manifest",
		[SEAL_DIGEST] = "the manifest has the required digest",
		[SEAL_SIGNATURE] = "the manifest's signature is valid",
	};
	static const char *const origins[SEAL_ORIGINS] = {
		[SEAL_FROM_IMAGE] = "; proof from the image itself: integrity, not authenticity",
		[SEAL_FROM_WRITABLE] = "; proof from a writable mount: integrity, not "
				       "authenticity; mount it read-only everywhere",
		[SEAL_FROM_MOUNT] = "; proof from a read-only mount: authenticity",
		[SEAL_FROM_MACHINE] = "; proof from this machine: authenticity, unless it was "
				      "copied from the image",
		[SEAL_FROM_COMMAND_LINE] = "; proof from the command line: authenticity, unless "
					   "that is the image's ENTRYPOINT",
	};

	found_note(f, "%s%s", proofs[s->proof],
		   s->proof == SEAL_UNSIGNED ? "" : origins[s->origin]);
	if (s->comment[0])
		found_note(f, "signed with the comment: %s", shown(f, s->comment));
	found_note(f, "%zu names compared, %zu files read (%llu kB)%s", s->names, s->files,
		   (unsigned long long)(s->bytes >> 10),
		   s->lazy ? ", what the program needs to run; the others beside it (--verify=lazy)"
		   : s->programs_only
			   ? ", programs, /etc and what has at most 64 KiB; --verify=all reads all"
			   : "");
}

void judge_image_sealed(const struct policy *p, const struct posture *s, struct finding *f)
{
	const struct seal_facts *seal = &s->seal;

	f->not_applicable = !seal->path;
	if (!seal->path || found_trouble(f, &seal->trouble))
		return;
	if (seal->broken) {
		found_grave(f, seal->path, "the manifest %s is not valid: %s", shown(f, seal->path),
			    shown(f, seal->broken));
		return;
	}
	for (const struct seal_difference *d = seal->differences; d; d = d->next)
		found_difference(p, s, f, d);
	if (seal->out_of_memory)
		found_unknown(f, "not enough memory for all differences");
	note_proof(seal, f);
	if (seal->root_writable)
		found_note(f, "/ is writable: what matched may change at any time");
}
