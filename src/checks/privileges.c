// SPDX-License-Identifier: MIT
/* What confines the process beside its capabilities. */
#include <linux/capability.h>
#include <string.h>

#include "checks/check.h"

void judge_seccomp(const struct policy *p, const struct posture *s, struct finding *f)
{
	(void)p;
	if (found_trouble(f, &s->status_trouble))
		return;
	if (s->status.seccomp < 0)
		found_unknown(f, "the kernel does not report seccomp");
	else if (s->status.seccomp == 0)
		found_grave(f, NULL, "there is no seccomp filter: every system call is open");
}

static const char *lsm_label(const struct posture *s)
{
	if (!s->files[FILE_APPARMOR].error)
		return s->files[FILE_APPARMOR].text;
	return s->files[FILE_LSM_LABEL].error ? NULL : s->files[FILE_LSM_LABEL].text;
}

static bool is_unconfined(const char *label)
{
	static const char *const words[] = {
		"unconfined",
		"(complain)",
		"spc_t",
		"container_runtime_t",
	};

	/* SELinux without a policy: the names of its first labels, which confine nothing. */
	static const char *const bare[] = {"kernel", "init"};

	for (size_t i = 0; i < array_length(words); i++)
		if (strstr(label, words[i]))
			return true;
	return is_one_of(label, bare);
}

void judge_lsm_confined(const struct policy *p, const struct posture *s, struct finding *f)
{
	const char *label = lsm_label(s);

	(void)p;
	/* Many hosts have no LSM that confines by label; a deployer cannot change that. */
	f->not_applicable = !label || !*label;
	if (!f->not_applicable && is_unconfined(label))
		found_grave(f, NULL, "the security label does not confine: %s", shown(f, label));
}

void judge_landlock(const struct policy *p, const struct posture *s, struct finding *f)
{
	(void)p;
	if (s->landlock_abi < 1)
		found_grave(f, NULL, "the kernel has no Landlock: %s", strerror(-s->landlock_abi));
	else
		found_note(f, "Landlock ABI %d", s->landlock_abi);
}

static bool has_all_capabilities(const struct posture *s)
{
	const uint64_t all = (UINT64_C(1) << (CAP_AUDIT_READ + 1)) - 1; /* as old as any runtime */

	return (s->status.caps[CAP_SET_BOUNDING] & all) == all;
}

static bool has_block_device(const struct posture *s)
{
	for (const struct device *d = s->devices.devices; d; d = d->next)
		if (d->is_block)
			return true;
	return false;
}

/* Signs of --privileged. Each has other causes too, so one alone proves nothing. */
void judge_privileged(const struct policy *p, const struct posture *s, struct finding *f)
{
	const struct {
		bool seen;
		const char *what;
	} signs[] = {
		{has_all_capabilities(s), "all capabilities"},
		{is_writable_fs(s, "/proc/sys", "proc"), "/proc/sys writable"},
		{is_writable_fs(s, "/sys", "sysfs"), "/sys writable"},
		{s->status.seccomp == 0, "no seccomp filter"},
		{has_block_device(s), "block devices"},
	};
	char buf[128];
	struct text seen;
	unsigned int count = 0;

	(void)p;
	if (found_trouble(f, &s->mounts_trouble) || found_trouble(f, &s->status_trouble))
		return;
	text_init(&seen, buf, sizeof(buf));
	for (size_t i = 0; i < array_length(signs); i++)
		if (signs[i].seen)
			text_add(&seen, "%s%s", count++ ? ", " : "", signs[i].what);
	if (count >= 3)
		found_grave(f, NULL, "%u signs of a privileged container: %s", count, buf);
}

/* ---- namespaces */

static void judge_namespace(const struct posture *s, struct finding *f, enum namespace_kind kind,
			    const char *what)
{
	if (found_trouble(f, &s->mounts_trouble))
		return;
	if (s->namespaces[kind].error)
		found_unknown(f, "cannot look at the namespace: %s",
			      strerror(s->namespaces[kind].error));
	else if (s->namespaces[kind].is == NAMESPACE_HOST)
		found_grave(f, NULL, "%s", what);
}

void judge_host_pid(const struct policy *p, const struct posture *s, struct finding *f)
{
	(void)p;
	judge_namespace(s, f, NS_PID, "the host's processes can be seen and signalled");
	if (s->pid != 1)
		found_note(f, "granit is process %d, not 1", s->pid);
}

void judge_host_ipc(const struct policy *p, const struct posture *s, struct finding *f)
{
	(void)p;
	judge_namespace(s, f, NS_IPC, "the host's shared memory and message queues are open");
}

void judge_host_uts(const struct policy *p, const struct posture *s, struct finding *f)
{
	(void)p;
	judge_namespace(s, f, NS_UTS, "the host name is the host's own");
}

void judge_host_net(const struct policy *p, const struct posture *s, struct finding *f)
{
	(void)p;
	judge_namespace(s, f, NS_NET,
			"the network is the host's, with what listens on its loopback");
	if (s->host_interface && s->namespaces[NS_NET].is != NAMESPACE_HOST)
		found_lesser(f, NULL, "there is a network interface as hosts have: %s",
			     shown(f, s->host_interface));
}

void judge_host_cgroup_ns(const struct policy *p, const struct posture *s, struct finding *f)
{
	(void)p;
	judge_namespace(s, f, NS_CGROUP, "the host's control groups can be seen");
}

void judge_user_ns(const struct policy *p, const struct posture *s, struct finding *f)
{
	(void)p;
	judge_namespace(s, f, NS_USER,
			"user ids are the host's: root in the container is root on the host");
}
