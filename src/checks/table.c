// SPDX-License-Identifier: MIT
/* The one place that says which checks there are, at which levels, and how to mend what they find. */
#include "checks/check.h"

#define OFF   {LEVEL_OFF, LEVEL_OFF}
#define WARNS {LEVEL_WARN, LEVEL_WARN}
#define FAILS {LEVEL_FAIL, LEVEL_FAIL}
#define MIXED {LEVEL_FAIL, LEVEL_WARN} /* grave things fail, lesser ones warn */

/* clang-format off */
#define LEVELS(immutable, restricted) \
	{[PROFILE_PLAIN] = OFF, [PROFILE_AUDIT] = WARNS, \
	 [PROFILE_IMMUTABLE] = immutable, [PROFILE_RESTRICTED] = restricted}
/* clang-format on */

static const char copy_only_the_app[] =
	"last stage FROM scratch (or a distroless image), with COPY of the program alone";

const struct check checks[] = {
	{
		.id = "root-read-only",
		.title = "the root file system cannot be written",
		.levels = LEVELS(FAILS, FAILS),
		.needs = FACT_ROOT | FACT_MOUNTS,
		.judge = judge_root_read_only,
		.fix = {.docker = "docker run --read-only (compose: read_only: true)",
			.podman = "podman run --read-only",
			.kubernetes = "securityContext.readOnlyRootFilesystem: true",
			.image = "nothing to set there: the engine mounts the root"},
	},
	{
		.id = "root-remount",
		.title = "nobody can make the root writable again",
		.levels = LEVELS(FAILS, FAILS),
		.needs = FACT_ROOT | FACT_MOUNTS | FACT_STATUS,
		.judge = judge_root_remount,
		.fix = {.docker = "without --privileged and --cap-add SYS_ADMIN; --cap-drop ALL",
			.kubernetes = "securityContext.privileged: false, "
				      "capabilities: {drop: [ALL]}",
			.image = "nothing to set there: the engine grants capabilities"},
	},
	{
		.id = "writable-mounts",
		.title = "no writable mount that was not declared",
		.levels = LEVELS(MIXED, FAILS),
		.needs = FACT_ROOT | FACT_MOUNTS,
		.judge = judge_writable_mounts,
		.fix = {.docker = "mount it read-only (-v SOURCE:{}:ro), or as scratch space "
				  "(--tmpfs {}:noexec,nosuid,nodev) and declare it",
			.podman = "as for docker; --read-only-tmpfs=false leaves out podman's own "
				  "tmpfs on /run, /tmp and /var/tmp",
			.kubernetes = "volumeMounts: {mountPath: {}, readOnly: true}",
			.image = "remove VOLUME {}; if it is meant to be writable, declare it: "
				 "ENTRYPOINT [\"/granit\",\"--writable={}\",\"--\"]"},
	},
	{
		.id = "writable-declared",
		.title = "what was declared writable is writable",
		.levels = LEVELS(FAILS, FAILS),
		.needs = FACT_DECLARED,
		.judge = judge_writable_declared,
		.fix = {.docker = "--tmpfs {}:noexec,nosuid,nodev or -v VOLUME:{}, owned by the "
				  "program's user",
			.kubernetes = "volumes: [{name: data, emptyDir: {}}] and volumeMounts: "
				      "[{name: data, mountPath: {}}]; securityContext.fsGroup",
			.image = "RUN mkdir -p {} && chown USER {}, so that a volume takes over its "
				 "owner"},
	},
	{
		.id = "sensitive-mounts",
		.title = "no runtime socket and no system directory of the host",
		.levels = LEVELS(MIXED, FAILS),
		.needs = FACT_ROOT | FACT_MOUNTS | FACT_VOLUMES,
		.judge = judge_sensitive_mounts,
		.fix = {.docker = "remove the -v or --mount that puts it on {}",
			.kubernetes = "remove the hostPath volume that is mounted on {}",
			.image = "nothing to set there: the deployment mounts it"},
	},
	{
		.id = "no-shell",
		.title = "no program is called like a shell",
		.levels = LEVELS(FAILS, FAILS),
		.needs = FACT_PROGRAMS,
		.judge = judge_no_shell,
		.fix = {.docker = "docker build with another last stage (see image)",
			.kubernetes = "use an image without a shell",
			.image = copy_only_the_app},
	},
	{
		.id = "no-shell-content",
		.title = "no program is a shell, whatever its name",
		.levels = LEVELS(FAILS, FAILS),
		.needs = FACT_PROGRAMS,
		.judge = judge_no_shell_content,
		.fix = {.docker = "docker build without {} (docker history shows its layer)",
			.kubernetes = "use an image without {}; for health checks httpGet or tcpSocket",
			.image = copy_only_the_app},
	},
	{
		.id = "no-multicall",
		.title = "no busybox, toybox or other multi-call binary",
		.levels = LEVELS(MIXED, FAILS),
		.needs = FACT_PROGRAMS,
		.judge = judge_no_multicall,
		.fix = {.docker = "docker build without {} (docker history shows its layer)",
			.kubernetes = "use an image without {}; for health checks httpGet or tcpSocket",
			.image = copy_only_the_app},
	},
	{
		.id = "caps-effective",
		.title = "the runtime gave no capabilities",
		.levels = LEVELS(WARNS, WARNS),
		.needs = FACT_STATUS,
		.judge = judge_caps_effective,
		.fix = {.docker = "--cap-drop ALL",
			.kubernetes = "securityContext.capabilities: {drop: [ALL]}",
			.image = "USER 65532:65532 (a user other than root starts without them)"},
	},
	{
		.id = "no-new-privs",
		.title = "the runtime set no_new_privs",
		.levels = LEVELS(WARNS, WARNS),
		.needs = FACT_STATUS,
		.judge = judge_no_new_privs,
		.fix = {.docker = "--security-opt no-new-privileges",
			.kubernetes = "securityContext.allowPrivilegeEscalation: false",
			.image = "nothing to set there: the engine sets it"},
	},
	{
		.id = "non-root-uid",
		.title = "the program does not run as root",
		.levels = LEVELS(WARNS, FAILS),
		.needs = FACT_STATUS,
		.judge = judge_non_root_uid,
		.fix = {.docker = "--user 65532:65532",
			.kubernetes = "securityContext: {runAsNonRoot: true, runAsUser: 65532}",
			.image = "USER 65532:65532"},
	},
};

const size_t checks_count = array_length(checks);

_Static_assert(array_length(checks) <= POLICY_CHECKS, "the policy has no room for more checks");
