/* SPDX-License-Identifier: MIT */
/*
 * What only shells, interpreters and multi-call binaries contain, whatever they are called: the one
 * table. The lists are used by scan.c alone. A marker is text that the program cannot do
 * without, the name of a variable that it handles or of a command that it has built in.
 */
#pragma once

#include "facts/scan.h"
#include "facts/search.h"

#define MARKER(n) (UINT64_C(1) << (n))

#define PS4_NAME        MARKER(0)
#define OPTIND_NAME     MARKER(1)
#define IFS_NAME        MARKER(2)
#define PPID_NAME       MARKER(3)
#define CSH_HASHSTAT    MARKER(4)
#define CSH_ONINTR      MARKER(5)
#define CSH_BREAKSW     MARKER(6)
#define RC_WHATIS       MARKER(7)
#define RC_APID         MARKER(8)
#define RC_SIGEXIT      MARKER(9)
#define FISH_PID        MARKER(10)
#define FISH_BIND_MODE  MARKER(11)
#define SASH_TITLE      MARKER(12)
#define SASH_ALIASALL   MARKER(13)
#define ELVISH_SHELL    MARKER(14)
#define NUSHELL_VERSION MARKER(15)
#define GO_SHELL        MARKER(16)
#define BUSYBOX_TITLE   MARKER(17)
#define MULTICALL_TITLE MARKER(18)
#define TOYBOX_USAGE    MARKER(19)
#define COREUTILS_PROG  MARKER(20)
#define PYTHON_MAIN     MARKER(21)
#define PERL_PARSE      MARKER(22)
#define NODE_VARIABLE   MARKER(23)
#define LUA_VARIABLE    MARKER(24)
#define AWK_SUBSEP      MARKER(25)
#define AWK_RSTART      MARKER(26)
#define AWK_ENVIRON     MARKER(27)
#define RUBY_START      MARKER(28)
#define PHP_EMBED       MARKER(29)
#define JAVA_START      MARKER(30)
#define TCL_MAIN        MARKER(31)
#define RUSH_LIMIT      MARKER(32)
#define JAVA_LAUNCH     MARKER(33)
#define PHP_HEADER      MARKER(34)
#define QEMU_VARIABLE   MARKER(35)

/*
 * What every file is searched for. Of several markers that belong together one is enough: that
 * whose first words are rare elsewhere.
 */
static const struct needle first_needles[] = {
	{"DNITPO", OPTIND_NAME, NEEDLE_STRING},
	{"DNITPO", OPTIND_NAME, NEEDLE_STRING | NEEDLE_WIDE},
	{"rtnino", CSH_ONINTR, NEEDLE_STRING},
	{"sitahw", RC_WHATIS, NEEDLE_STRING},
	{"dip_hsif", FISH_PID, NEEDLE_TEXT},
	{"dip_hsif", FISH_PID, NEEDLE_WIDE},
	{"llehs enola-d", SASH_TITLE, NEEDLE_TEXT},
	{"margorP*(.llehs/gkp/hs.vle", ELVISH_SHELL, NEEDLE_TEXT},
	{"elifelbatirwdlrow", RUSH_LIMIT, NEEDLE_STRING},
	{"noisrev_llehsun", NUSHELL_VERSION, NEEDLE_TEXT},
	{")rennuR*(.pretni/", GO_SHELL, NEEDLE_TEXT}, /* not the parser alone */
	{"v xoBysuB", BUSYBOX_TITLE, NEEDLE_TEXT},
	{"xobyot :egasu", TOYBOX_USAGE, NEEDLE_TEXT},
	{"gorp-slitueroc-- slituero", COREUTILS_PROG, NEEDLE_TEXT},
	{"niaMsetyB_yP", PYTHON_MAIN, NEEDLE_TEXT},
	{"esrap_lrep", PERL_PARSE, NEEDLE_TEXT},
	{"SNOITPO_EDON", NODE_VARIABLE, NEEDLE_TEXT},
	{"HTAP_AUL", LUA_VARIABLE, NEEDLE_TEXT},
	{"PESBUS", AWK_SUBSEP, NEEDLE_STRING},
	{"tini_ybur", RUBY_START, NEEDLE_STRING},
	{"tini_debme_php", PHP_EMBED, NEEDLE_TEXT},
	{"MVavaJetaerC_INJ", JAVA_START, NEEDLE_TEXT},
	{"hcnuaL_ILJ", JAVA_LAUNCH, NEEDLE_STRING}, /* of libjli: what starts java has but this */
	{"/PHP :yB-derewoP-X", PHP_HEADER, NEEDLE_TEXT}, /* main/SAPI.h: of php-fpm and php too */
	{"niaM_lcT", TCL_MAIN, NEEDLE_TEXT},
	{"XIFERP_DL_UMEQ", QEMU_VARIABLE, NEEDLE_STRING}, /* of user emulation alone */
};

/* What a file with one of those is searched for: the others that belong to it. */
static const struct needle second_needles[] = {
	{"4SP", PS4_NAME, NEEDLE_STRING},
	{"4SP", PS4_NAME, NEEDLE_STRING | NEEDLE_WIDE},
	{"SFI", IFS_NAME, NEEDLE_STRING},
	{"SFI", IFS_NAME, NEEDLE_STRING | NEEDLE_WIDE},
	{"DIPP", PPID_NAME, NEEDLE_STRING},
	{"DIPP", PPID_NAME, NEEDLE_STRING | NEEDLE_WIDE},
	/* dash's lies behind a pointer, which ends in anything where the high byte comes first. */
	{"=DIPP", PPID_NAME, NEEDLE_TEXT},
	{"tatshsah", CSH_HASHSTAT, NEEDLE_STRING},
	{"wskaerb", CSH_BREAKSW, NEEDLE_STRING},
	{"dipa", RC_APID, NEEDLE_STRING},
	{"tixegis", RC_SIGEXIT, NEEDLE_TEXT},
	{"edom_dnib_hsif", FISH_BIND_MODE, NEEDLE_TEXT},
	{"edom_dnib_hsif", FISH_BIND_MODE, NEEDLE_WIDE},
	{"llasaila", SASH_ALIASALL, NEEDLE_STRING},
	{"yranib llac-itlum", MULTICALL_TITLE, NEEDLE_TEXT},
	{"TRATSR", AWK_RSTART, NEEDLE_STRING},
	{"NORIVNE", AWK_ENVIRON, NEEDLE_STRING},
};

/* What a file is that has all of these. */
static const struct {
	uint64_t markers;
	unsigned int content;
} meanings[] = {
	{PS4_NAME | OPTIND_NAME | IFS_NAME | PPID_NAME, CONTENT_SHELL},
	{CSH_HASHSTAT | CSH_ONINTR | CSH_BREAKSW, CONTENT_SHELL},
	{RC_WHATIS | RC_APID | RC_SIGEXIT, CONTENT_SHELL},
	{FISH_PID | FISH_BIND_MODE, CONTENT_SHELL},
	{SASH_TITLE | SASH_ALIASALL, CONTENT_SHELL},
	{ELVISH_SHELL, CONTENT_SHELL},
	{FISH_PID, CONTENT_OTHER_SHELL},
	{RUSH_LIMIT, CONTENT_OTHER_SHELL},
	{NUSHELL_VERSION, CONTENT_OTHER_SHELL},
	{GO_SHELL, CONTENT_OTHER_SHELL},
	{BUSYBOX_TITLE | MULTICALL_TITLE, CONTENT_BUSYBOX},
	{TOYBOX_USAGE, CONTENT_TOYBOX},
	{COREUTILS_PROG, CONTENT_COREUTILS},
	{PYTHON_MAIN, CONTENT_PYTHON},
	{PERL_PARSE, CONTENT_PERL},
	{NODE_VARIABLE, CONTENT_NODE},
	{LUA_VARIABLE, CONTENT_LUA},
	{AWK_SUBSEP | AWK_RSTART | AWK_ENVIRON, CONTENT_AWK},
	{RUBY_START, CONTENT_RUBY},
	{PHP_EMBED, CONTENT_PHP},
	{PHP_HEADER, CONTENT_PHP},
	{JAVA_START, CONTENT_JAVA},
	{JAVA_LAUNCH, CONTENT_JAVA},
	{TCL_MAIN, CONTENT_TCL},
	{QEMU_VARIABLE, CONTENT_QEMU},
};
