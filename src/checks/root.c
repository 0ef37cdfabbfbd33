// SPDX-License-Identifier: MIT
/* The root file system: nobody can write to it, nor make it writable again. */
#include <errno.h>
#include <linux/capability.h>
#include <string.h>

#include "checks/check.h"
#include "facts/foreign.h"
#include "sys/sys.h"

static const struct mount *root_mount(const struct posture *s)
{
	return s->root.has_mount_id ? mounts_by_id(&s->mounts, s->root.mount_id) : NULL;
}

/*
 * Only EROFS counts: the kernel checks for it before permissions (mnt_want_write() in fs/namei.c),
 * so any other error comes from a file system that somebody can write to.
 */
static void judge_root_flags(const struct root_facts *r, const struct mount *m, struct finding *f)
{
	bool probe_read_only = r->probe_error == EROFS;
	const char *fstype = m ? m->fstype : "type unknown";

	if (is_shortage(r->probe_error))
		found_unknown(f, "cannot try to rename a file in /: %s", strerror(r->probe_error));
	else if (r->flag_read_only != probe_read_only)
		found_grave(f, NULL,
			    "/ (%s) contradicts itself: its mount flags say %s, renaming a file "
			    "that does not exist says \"%s\"",
			    fstype, r->flag_read_only ? "read-only" : "writable",
			    r->probe_error ? strerror(r->probe_error) : "done");
	else if (!r->flag_read_only)
		found_grave(f, NULL, "/ is mounted writable (%s)", fstype);
	if (m && m->read_only != r->flag_read_only && r->flag_read_only == probe_read_only)
		found_grave(f, NULL, "/ (%s) contradicts itself: the mount table says %s", fstype,
			    m->read_only ? "read-only" : "writable");
}

/*
 * The flag belongs to the mount, not to the files: through another mount of a part of the root's
 * file system, or of a folder above it, the image's own files can be changed. One that
 * writable-mounts refuses need not be told twice. In a second look either of the two may be the new
 * one.
 */
static void judge_root_twins(const struct policy *p, const struct posture *s,
			     const struct mount *root, struct finding *f)
{
	if (!root || !root->read_only)
		return;
	for (size_t i = 0; i < s->mounts.count; i++) {
		const struct mount *m = &s->mounts.rows[i];

		if ((m->known && root->known) || mount_is_over_root(&s->mounts, m) ||
		    !mount_is_open_twin(root, m) ||
		    (!m->of_runtime && !path_is_declared(p, m->point, false) &&
		     is_refused_as_writable(p, m)))
			continue;
		found_grave(f, m->point,
			    "files of / (%s) can be written at %s: it is a mount of the same files "
			    "(%s there); mount it read-only, or not at all",
			    root->fstype, shown(f, m->point), shown(f, m->root));
	}
}

void judge_root_read_only(const struct policy *p, const struct posture *s, struct finding *f)
{
	const struct mount *m = root_mount(s);

	if (!s->mounts_trouble.tried)
		judge_root_twins(p, s, m, f);
	/* A second look: neither the mount nor what is known of it is another. */
	if (s->is_second_look && (!m || m->known))
		return;
	if (found_trouble(f, &s->root.trouble))
		return;
	judge_root_flags(&s->root, m, f);
	if (s->mounts_trouble.tried)
		return;
	if (!m && s->root.has_mount_id)
		found_unknown(f,
			      "the mount of / (id %llu) is not in /proc/self/mountinfo, as in a "
			      "chroot: its flags may be another mount's",
			      (unsigned long long)s->root.mount_id);
	else if (!m)
		found_unknown(f, "the mount of / is not known: neither the kernel nor "
				 "/proc/self/mountinfo shows it");
	else if (s->root.is_by_table)
		found_note(f,
			   "the kernel does not report the mount of /: taken to be the topmost one "
			   "at / (%s)",
			   m->fstype);
}

/* Filesystems that nobody can write to. */
static bool never_writable(const struct mount *m)
{
	static const char *const types[] = {"squashfs", "erofs", "cramfs", "iso9660", "romfs"};

	return is_one_of(m->fstype, types) ||
	       (strcmp(m->fstype, "overlay") == 0 && !strstr(m->super_options, "upperdir="));
}

void judge_root_remount(const struct policy *p, const struct posture *s, struct finding *f)
{
	const uint64_t sys_admin = UINT64_C(1) << CAP_SYS_ADMIN;
	const struct mount *m = root_mount(s);
	uint64_t all;

	(void)p;
	if (found_trouble(f, &s->mounts_trouble) || found_trouble(f, &s->status_trouble))
		return;
	all = s->status.caps[CAP_SET_BOUNDING] | s->status.caps[CAP_SET_PERMITTED];
	if (!(all & sys_admin))
		return;
	if (!m)
		found_unknown(f, "CAP_SYS_ADMIN is available, and the mount of / is not known");
	else if (never_writable(m))
		found_note(f, "CAP_SYS_ADMIN is available, but %s cannot be made writable",
			   m->fstype);
	else
		found_grave(f, NULL,
			    "CAP_SYS_ADMIN is in the %s set: anyone who gains it can remount / "
			    "(%s) writable, here or in an exec session",
			    s->status.caps[CAP_SET_PERMITTED] & sys_admin ? "permitted"
									  : "bounding",
			    m->fstype);
}

/*
 * Layers of data alone, in which nothing is found but by what the metadata says: composefs has the
 * files there (overlayfs.rst, "Data-only lower layers").
 */
static bool has_data_layers(const struct mount *m)
{
	return strstr(m->super_options, "::") || strstr(m->super_options, "datadir+=");
}

/*
 * An overlay asks its data files for fs-verity digests that its metadata has, and files without
 * such metadata for nothing (Documentation/filesystems/overlayfs.rst, "fs-verity support").
 * dm-verity is known by the mapped device's name (drivers/md/dm-ioctl.c, "CRYPT-VERITY-" by
 * cryptsetup).
 */
void judge_root_verity(const struct policy *p, const struct posture *s, struct finding *f)
{
	static const char of_mapping[] = "CRYPT-VERITY-";
	const struct mount *m = root_mount(s);

	(void)p;
	if (found_trouble(f, &s->mounts_trouble) || !m || m->known)
		return;
	if (strcmp(m->fstype, "overlay") == 0 && strstr(m->super_options, "verity=require") &&
	    has_data_layers(m))
		found_note(f, "an overlay with verity=require: the kernel verifies every file that "
			      "it opens in the layers of data");
	else if (!s->root_mapping.error && s->root_mapping.text &&
		 strncmp(s->root_mapping.text, of_mapping, strlen(of_mapping)) == 0)
		found_note(f, "%s on dm-verity: the kernel verifies every block that is read",
			   m->fstype);
	else
		found_grave(f, NULL,
			    "the kernel does not verify what is read from / (%s): whoever can "
			    "write to the host's storage can change it",
			    m->fstype);
}

void judge_root_superblock_ro(const struct policy *p, const struct posture *s, struct finding *f)
{
	const struct mount *m = root_mount(s);

	(void)p;
	if (!found_trouble(f, &s->mounts_trouble) && m && !m->known && !m->super_read_only)
		found_grave(f, NULL, "the filesystem of / (%s) is writable%s", m->fstype,
			    m->read_only ? ", only its mount is read-only" : "");
}
