// SPDX-License-Identifier: MIT
/* Rows of the option table: what is done to the process before the program starts. */
#include "options/rows.h"
#include "options/values.h"

static const struct option_row rows[] = {
	{
		.name = "user",
		.letter = 'u',
		.value = "USER[:GROUP[,GROUP...]]",
		.help = "run as this user, by name or number, with these groups and no others",
		.set = option_set_user,
		.field = POLICY_FIELD(user, 0),
		.judges = true,
	},
	{
		.name = "keep-caps",
		.value = "CAP,...",
		.help = "the only capabilities that the program keeps (repeat)",
		.set = option_add_keep_caps,
		.field = POLICY_FIELD(keep_caps, 0),
		.lowers = "*",
		.judges = true,
	},
	{
		.name = "allow-new-privs",
		.help = "do not set no_new_privs: setuid files work",
		.set = option_set_flag,
		.argument = offsetof(struct policy, allow_new_privs),
		.lowers = "*",
		.judges = true,
	},
	{
		.name = "allow-missing",
		.value = "STEP,...",
		.help = "in restricted, start even if the sandbox lacks this step: securebits",
		.set = option_add_missing,
		.field = POLICY_FIELD(allow_missing, 0),
		.is_of_profile = true,
		.lowers = "*",
		.judges = true,
	},
	{
		.name = "landlock",
		.value = "auto|require|off",
		.help = "start programs from the image only, write files on accepted mounts only",
		.set = option_set_landlock,
		.has_own_none = true,
		.is_of_profile = true,
		.empty = option_empty_landlock,
		.lowers = "off auto",
		.judges = true,
	},
	{
		.name = "listen",
		.value = "PORT,...",
		.help = "the only ports that the program may listen on: 8080, udp:53 (repeat)",
		.set = option_add_ports,
		.argument = offsetof(struct policy, listen),
		.field = POLICY_FIELD(listen, 0),
		.judges = true,
	},
	{
		.name = "connect",
		.value = "PORT,...",
		.help = "the only ports that the program may connect to: 5432, udp:53 (repeat)",
		.set = option_add_ports,
		.argument = offsetof(struct policy, connect),
		.field = POLICY_FIELD(connect, 0),
		.judges = true,
	},
	{
		.name = "connect-unix",
		.value = "PATH",
		.help = "the only socket paths that the program may connect to, besides those on "
			"mounts (repeat)",
		.set = option_add_path,
		.argument = offsetof(struct policy, connect_unix),
		.field = POLICY_FIELD(connect_unix, 0),
		.judges = true,
	},
	{
		.name = "deny",
		.value = "WORD,...",
		.help = "deny what only attackers need: all, none, {} (immutable: pid1, "
			"restricted: all)",
		.set = option_add_deny,
		.has_own_none = true,
		.is_of_profile = true,
		.empty = option_empty_deny,
		.lowers = "none",
		.judges = true,
	},
	{
		.name = "rlimit",
		.value = "NAME=SOFT[:HARD]",
		.help = "set a resource limit, as in nofile=1024:4096 (repeat)",
		.set = option_add_rlimit,
		.adds = true,
		.field = POLICY_FIELD(limits_count, 0),
		.lowers = "core",
	},
	{
		.name = "umask",
		.value = "MODE",
		.help = "set the file mode creation mask (octal)",
		.set = option_set_umask,
		.field = POLICY_FIELD(umask, 0xff),
	},
	{
		.name = "chdir",
		.value = "DIR",
		.help = "set the working directory",
		.set = option_set_chdir,
		.field = POLICY_FIELD(chdir, 0),
		.judges = true,
	},
	{
		.name = "unset-env",
		.value = "GLOB",
		.help = "remove these variables from the environment (repeat)",
		.set = option_add_unset_env,
		.adds = true,
		.field = POLICY_FIELD(unset_env_count, 0),
	},
};

const struct option_table harden_options = {"Hardening", rows, array_length(rows)};

_Static_assert(array_length(rows) <= HARDEN_TABLE_MOST, "a table with too many options");
