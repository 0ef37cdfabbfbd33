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
		.of_program = true,
		.judge = judge_root_read_only,
		.fix = {.docker = "--read-only (compose: read_only: true)",
			.kubernetes = "securityContext: {readOnlyRootFilesystem: true}"},
		.standards = "CIS Docker 5.13; NIST SP 800-190 4.4.4; ATT&CK T1105, T1036",
	},
	{
		.id = "root-superblock-ro",
		.title = "the superblock of the root filesystem is read-only",
		.wrong = "the superblock of the root filesystem is writable",
		.levels = {LEVELS(INFOS, INFOS)},
		.needs = FACT_ROOT | FACT_MOUNTS,
		.judge = judge_root_superblock_ro,
		.fix = {.docker = "use a snapshotter with erofs or composefs"},
	},
	{
		.id = "root-remount",
		.title = "the root filesystem cannot be remounted writable",
		.wrong = "the root filesystem can be remounted writable",
		.levels = {LEVELS(FAILS, FAILS)},
		.needs = FACT_ROOT | FACT_MOUNTS | FACT_STATUS,
		.judge = judge_root_remount,
		.fix = {.docker = "--cap-drop ALL, and remove --privileged and --cap-add SYS_ADMIN",
			.kubernetes = "securityContext: {privileged: false, capabilities: {drop: "
				      "[ALL]}}"},
		.standards = "CIS Docker 5.4, 5.5; PSS Baseline; ATT&CK T1611",
	},
	{
		.id = "root-mount-shape",
		.title = "no mount hides files of the image",
		.wrong = "a mount hides files of the image",
		.levels = {LEVELS(WARNS, WARNS)},
		.needs = FACT_ROOT | FACT_MOUNTS | FACT_VOLUMES | FACT_APP,
		.judge = judge_root_mount_shape,
		.fix = {.docker = "mount it at another path than {path}",
			.kubernetes =
				"use another mountPath than {path}; for single files, subPath"},
		.standards = "CIS Docker 5.6",
	},
	{
		.id = "writable-mounts",
		.title = "every writable mount is declared",
		.wrong = "a writable mount is not declared",
		.levels = {LEVELS(MIXED, FAILS)},
		.needs = FACT_ROOT | FACT_MOUNTS | FACT_VOLUMES,
		.of_program = true,
		.judge = judge_writable_mounts,
		.fix = {.granit = "--writable={path} (if the program must write there)",
			.docker = "-v SOURCE:{path}:ro",
			.podman = "-v SOURCE:{path}:ro; --read-only-tmpfs=false removes podman's "
				  "own tmpfs",
			.kubernetes =
				"volumeMounts: [{name: data, mountPath: {path}, readOnly: true}]",
			.image = "remove VOLUME {path}"},
		.standards = "CIS Docker 5.6, 5.13; NIST SP 800-190 4.5.5",
	},
	{
		.id = "writable-declared",
		.title = "every path declared writable is writable",
		.wrong = "a path declared writable is not writable",
		.levels = {LEVELS(FAILS, FAILS)},
		.needs = FACT_DECLARED,
		.judge = judge_writable_declared,
		.fix = {.docker = "--tmpfs {path}:noexec,nosuid,nodev,mode=1777 or -v "
				  "VOLUME:{path} that belongs to the program's user",
			.kubernetes =
				"volumeMounts: [{name: data, mountPath: {path}}] # pod: {volumes: "
				"[{name: data, emptyDir: {}}], securityContext: {fsGroup: 65532}}",
			.image = "RUN mkdir -p {path} && chown USER {path} (a new volume takes "
				 "over its owner)"},
	},
	{
		.id = "writable-exec",
		.title = "no program can be started from a writable mount",
		.wrong = "programs can be started from a writable mount",
		.levels = {LEVELS(WARNS, FAILS)},
		.needs = FACT_ROOT | FACT_MOUNTS | FACT_VOLUMES | FACT_STATUS | FACT_LANDLOCK,
		.of_program = true,
		.judge = judge_writable_exec,
		.fix = {.granit = "--writable={path}:exec (if programs belong there)",
			.docker = "--tmpfs {path}:noexec,nosuid,nodev,mode=1777",
			.podman = "-v SOURCE:{path}:noexec or --tmpfs "
				  "{path}:noexec,nosuid,nodev,mode=1777",
			.kubernetes =
				"use nodes with Landlock (Linux 5.13): volumes have no noexec"},
		.standards = "NIST SP 800-190 4.4.4; ATT&CK T1105, T1059",
	},
	{
		.id = "writable-suid-dev",
		.title = "every writable mount is nosuid and nodev",
		.wrong = "a writable mount lacks nosuid or nodev",
		.levels = {LEVELS(WARNS, WARNS)},
		.needs = FACT_ROOT | FACT_MOUNTS | FACT_VOLUMES | FACT_STATUS,
		.judge = judge_writable_suid_dev,
		.fix = {.docker = "--security-opt no-new-privileges or --tmpfs "
				  "{path}:noexec,nosuid,nodev,mode=1777",
			.podman =
				"--security-opt no-new-privileges or -v SOURCE:{path}:nosuid,nodev",
			.kubernetes = "securityContext: {allowPrivilegeEscalation: false}"},
		.standards = "ATT&CK T1548.001",
	},
	{
		.id = "mounted-twice",
		.title = "no read-only mount is writable at another path",
		.wrong = "a read-only mount is writable at another path",
		.levels = {LEVELS(WARNS, FAILS)},
		.needs = FACT_ROOT | FACT_MOUNTS,
		.judge = judge_mounted_twice,
		.fix = {.docker = "mount the volume of {path} once or with :ro everywhere",
			.kubernetes = "set readOnly: true on every volumeMount of that volume"},
		.standards = "NIST SP 800-190 4.4.4; ATT&CK T1574",
	},
	{
		.id = "sensitive-mounts",
		.title = "no host socket or host system directory is mounted",
		.wrong = "a host socket or host system directory is mounted",
		.levels = {LEVELS(MIXED, FAILS)},
		.needs = FACT_ROOT | FACT_MOUNTS | FACT_VOLUMES,
		.judge = judge_sensitive_mounts,
		.fix = {.docker = "remove the -v or --mount of {path}",
			.kubernetes = "remove the hostPath volume that is mounted at {path}"},
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
		.fix = {.docker = "-v SOURCE:{path}:rprivate",
			.kubernetes = "volumeMounts: [{name: data, mountPath: {path}, "
				      "mountPropagation: None}]"},
		.standards = "CIS Docker 5.20",
	},
	{
		.id = "app-immutable",
		.title = "the program cannot be changed by its own user",
		.wrong = "the program can be changed by its own user",
		.levels = {LEVELS(FAILS, FAILS)},
		.needs = FACT_APP | FACT_ROOT | FACT_MOUNTS,
		.judge = judge_app_immutable,
		.fix = {.granit = "--writable=DIR:exec (if it must be replaceable)",
			.docker = "do not start a program from a volume",
			.kubernetes = "do not start a program from a volume",
			.image = "COPY --chown=0:0 --chmod=0555 PROGRAM {path}"},
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
		.fix = {.docker = "--read-only or -v FILE:{path}:ro",
			.kubernetes = "securityContext: {readOnlyRootFilesystem: true} # or a "
				      "configMap volume",
			.image = "COPY --chown=0:0 --chmod=0644 granit.conf {path}"},
		.standards = "NIST SP 800-190 4.4.4",
	},
	{
		.id = "dir-fd-leak",
		.title = "no descriptor beyond 0, 1 and 2 is inherited",
		.wrong = "descriptors beyond 0, 1 and 2 are inherited",
		.levels = {LEVELS(MIXED, FAILS)},
		.needs = FACT_FDS | FACT_MOUNTS,
		.judge = judge_dir_fd_leak,
		.fix = {.docker = "upgrade runc to 1.1.12 or newer",
			.podman = "remove --preserve-fds; upgrade runc to 1.1.12 or newer",
			.kubernetes = "upgrade runc to 1.1.12 or newer"},
		.standards = "CVE-2024-21626; ATT&CK T1611",
	},
	{
		.id = "cwd-unreachable",
		.title = "the working directory is inside the container",
		.wrong = "the working directory is not inside the container",
		.levels = {LEVELS(MIXED, FAILS)},
		.needs = FACT_CWD,
		.judge = judge_cwd_unreachable,
		.fix = {.docker = "-w /; upgrade runc to 1.1.12 or newer",
			.kubernetes = "workingDir: /",
			.image = "WORKDIR /"},
		.standards = "CVE-2024-21626; ATT&CK T1611",
	},
};

const struct check_table mounts_checks = {rows, array_length(rows)};

_Static_assert(array_length(rows) <= FAMILY_CHECKS_MOST, "a family with too many checks");
