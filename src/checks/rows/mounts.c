// SPDX-License-Identifier: MIT
/* Checks of the root, of what is mounted beside it, and of what leads past them. */
#include "checks/rows/rows.h"

static const struct check rows[] = {
	{
		.id = "root-read-only",
		.title = "the root filesystem is read-only",
		.wrong = "the root filesystem is writable",
		.levels = {LEVELS(FAILS, FAILS)},
		.needs = FACT_ROOT | FACT_MOUNTS,
		.judge = judge_root_read_only,
		.fix = {.docker = "--read-only (compose: read_only: true)",
			.kubernetes = "securityContext.readOnlyRootFilesystem: true",
			.image = NOTHING_ENGINE},
		.standards = "CIS Docker 5.13; NIST SP 800-190 4.4.4; ATT&CK T1105, T1036",
	},
	{
		.id = "root-superblock-ro",
		.title = "the superblock of the root filesystem is read-only",
		.wrong = "the superblock of the root filesystem is writable",
		.levels = {LEVELS(INFOS, INFOS)},
		.needs = FACT_ROOT | FACT_MOUNTS,
		.judge = judge_root_superblock_ro,
		.fix = {.docker = "nothing to set: a snapshotter with erofs or composefs does it"},
	},
	{
		.id = "root-remount",
		.title = "the root filesystem cannot be remounted writable",
		.wrong = "the root filesystem can be remounted writable",
		.levels = {LEVELS(FAILS, FAILS)},
		.needs = FACT_ROOT | FACT_MOUNTS | FACT_STATUS,
		.judge = judge_root_remount,
		.fix = {.docker = "without --privileged and --cap-add SYS_ADMIN; --cap-drop ALL",
			.kubernetes =
				"securityContext: {privileged: false, capabilities: {drop: [ALL]}}",
			.image = NOTHING_ENGINE},
		.standards = "CIS Docker 5.4, 5.5; PSS Baseline; ATT&CK T1611",
	},
	{
		.id = "root-mount-shape",
		.title = "no mount hides files of the image",
		.wrong = "a mount hides files of the image",
		.levels = {LEVELS(WARNS, WARNS)},
		.needs = FACT_ROOT | FACT_MOUNTS | FACT_VOLUMES | FACT_APP,
		.judge = judge_root_mount_shape,
		.fix = {.docker = "mount it elsewhere than on {}",
			.kubernetes =
				"another mountPath than {}; for files subPath with readOnly: true",
			.image = NOTHING_ENGINE},
		.standards = "CIS Docker 5.6",
	},
	{
		.id = "writable-mounts",
		.title = "every writable mount is declared",
		.wrong = "a writable mount is not declared",
		.levels = {LEVELS(MIXED, FAILS)},
		.needs = FACT_ROOT | FACT_MOUNTS | FACT_VOLUMES,
		.judge = judge_writable_mounts,
		.fix = {.docker = "-v SOURCE:{}:ro; scratch space: --tmpfs {}:noexec,nosuid,nodev, "
				  "and declare it",
			.podman =
				"as Docker; --read-only-tmpfs=false leaves out podman's own tmpfs",
			.kubernetes = "volumeMounts: {mountPath: {}, readOnly: true}",
			.image = "remove VOLUME {}; if meant: ENTRYPOINT "
				 "[\"/granit\",\"--writable={}\",\"--\"]"},
		.standards = "CIS Docker 5.6, 5.13; NIST SP 800-190 4.5.5",
	},
	{
		.id = "writable-declared",
		.title = "every path declared writable is writable",
		.wrong = "a path declared writable is not writable",
		.levels = {LEVELS(FAILS, FAILS)},
		.needs = FACT_DECLARED,
		.judge = judge_writable_declared,
		.fix = {.docker = "--tmpfs {}:noexec,nosuid,nodev or -v VOLUME:{}, owned by the "
				  "user that runs it",
			.kubernetes = "volumes: [{name: data, emptyDir: {}}], volumeMounts: "
				      "[{name: data, mountPath: {}}], securityContext.fsGroup",
			.image = "RUN mkdir -p {} && chown USER {}: a new volume takes over its "
				 "owner"},
	},
	{
		.id = "writable-exec",
		.title = "no program can be started from a writable mount",
		.wrong = "programs can be started from a writable mount",
		.levels = {LEVELS(WARNS, FAILS)},
		.needs = FACT_ROOT | FACT_MOUNTS | FACT_VOLUMES | FACT_STATUS | FACT_LANDLOCK,
		.judge = judge_writable_exec,
		.fix = {.docker = "for /dev --user 65532:65532, for the rest --tmpfs {}:noexec; if "
				  "meant: --writable={}:exec",
			.podman = "as Docker; -v SOURCE:{}:noexec",
			.kubernetes = "nothing to set: volumes have no noexec there",
			.image = "USER 65532:65532"},
		.standards = "NIST SP 800-190 4.4.4; ATT&CK T1105, T1059",
	},
	{
		.id = "writable-suid-dev",
		.title = "every writable mount is nosuid and nodev",
		.wrong = "a writable mount lacks nosuid or nodev",
		.levels = {LEVELS(WARNS, WARNS)},
		.needs = FACT_ROOT | FACT_MOUNTS | FACT_VOLUMES | FACT_STATUS,
		.judge = judge_writable_suid_dev,
		.fix = {.docker = "--tmpfs {}:nosuid,nodev; a disk: --mount "
				  "'type=volume,dst={},volume-opt=type=ext4,volume-opt=device=/dev/"
				  "DISK,\"volume-opt=o=nosuid,nodev\"'",
			.podman = "-v SOURCE:{}:nosuid,nodev",
			.kubernetes =
				"securityContext.allowPrivilegeEscalation: false makes it moot",
			.image = NOTHING_ENGINE},
		.standards = "ATT&CK T1548.001",
	},
	{
		.id = "mounted-twice",
		.title = "no read-only mount is writable at another path",
		.wrong = "a read-only mount is writable at another path",
		.levels = {LEVELS(WARNS, FAILS)},
		.needs = FACT_ROOT | FACT_MOUNTS,
		.judge = judge_mounted_twice,
		.fix = {.docker = "mount the volume of {} once, or read-only everywhere: -v "
				  "VOLUME:PATH:ro",
			.kubernetes =
				"volumeMounts.readOnly: true wherever that volume is mounted; "
				"another volume for what is written",
			.image = NOTHING_ENGINE},
		.standards = "NIST SP 800-190 4.4.4; ATT&CK T1574",
	},
	{
		.id = "sensitive-mounts",
		.title = "no host socket or host system directory is mounted",
		.wrong = "a host socket or host system directory is mounted",
		.levels = {LEVELS(MIXED, FAILS)},
		.needs = FACT_ROOT | FACT_MOUNTS | FACT_VOLUMES,
		.judge = judge_sensitive_mounts,
		.fix = {.docker = "remove the -v or --mount that puts it on {}",
			.kubernetes = "remove the hostPath volume that is mounted on {}",
			.image = NOTHING_ENGINE},
		.standards =
			"CIS Docker 5.6, 5.32; CIS Kubernetes 5.2.11; PSS Baseline; ATT&CK T1611",
	},
	{
		.id = "mount-propagation",
		.title = "no mount propagates to or from the host",
		.wrong = "a mount propagates to or from the host",
		.levels = {LEVELS(WARNS, WARNS)},
		.needs = FACT_MOUNTS,
		.judge = judge_mount_propagation,
		.fix = {.docker = "-v SOURCE:{}:rprivate",
			.kubernetes = "volumeMounts.mountPropagation: None",
			.image = NOTHING_ENGINE},
		.standards = "CIS Docker 5.20",
	},
	{
		.id = "app-immutable",
		.title = "the program cannot be changed by its own user",
		.wrong = "the program can be changed by its own user",
		.levels = {LEVELS(FAILS, FAILS)},
		.needs = FACT_APP | FACT_ROOT | FACT_MOUNTS,
		.judge = judge_app_immutable,
		.fix = {.docker = "do not start a program from a volume",
			.kubernetes = "do not start a program from an emptyDir; if meant: "
				      "--writable=DIR:exec",
			.image = "COPY --chown=0:0 --chmod=0555 app {}"},
		.standards = "NIST SP 800-190 4.4.4; ATT&CK T1036.005",
	},
	{
		.id = "config-trusted",
		.title = "the configuration file cannot be changed",
		.wrong = "the configuration file can be changed",
		.levels = {LEVELS(FAILS, FAILS)},
		.needs = FACT_CONFIG,
		.judges_file = true,
		.judge = judge_config_trusted,
		.fix = {.docker = "--read-only; -v FILE:{}:ro",
			.kubernetes = "securityContext.readOnlyRootFilesystem: true; a configMap "
				      "volume is read-only by itself",
			.image = "COPY --chown=0:0 --chmod=0644 granit.conf {}"},
		.standards = "NIST SP 800-190 4.4.4",
	},
	{
		.id = "dir-fd-leak",
		.title = "no descriptor beyond 0, 1 and 2 is inherited",
		.wrong = "descriptors beyond 0, 1 and 2 are inherited",
		.levels = {LEVELS(MIXED, FAILS)},
		.needs = FACT_FDS | FACT_MOUNTS,
		.judge = judge_dir_fd_leak,
		.fix = {.docker = "upgrade runc to 1.1.12 or newer; no --preserve-fds",
			.kubernetes = "upgrade runc to 1.1.12 or newer",
			.image = NOTHING_ENGINE},
		.standards = "CVE-2024-21626; ATT&CK T1611",
	},
	{
		.id = "cwd-unreachable",
		.title = "the working directory is inside the container",
		.wrong = "the working directory is not inside the container",
		.levels = {LEVELS(MIXED, FAILS)},
		.needs = FACT_CWD,
		.judge = judge_cwd_unreachable,
		.fix = {.docker = "upgrade runc to 1.1.12 or newer; -w /",
			.kubernetes = "workingDir: /",
			.image = "WORKDIR /"},
		.standards = "CVE-2024-21626; ATT&CK T1611",
	},
};

const struct check_table mounts_checks = {rows, array_length(rows)};

_Static_assert(array_length(rows) <= FAMILY_CHECKS_MOST, "a family with too many checks");
