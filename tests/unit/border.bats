#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Behind the border: which functions process 1 can reach once the program runs, out of the linked binary.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	[ "$(uname -m)" = x86_64 ] || skip 'the listing is read as that of amd64'
	needs_tool objdump
	BINARY=build/tests/granit
}

# What is granit's own: waiting, signals, children, the log, and when somebody looks. Behind look(), rest_work() and
# signal_descendants() is a process of its own, from which nobody returns.
own='begin_again_later begin_rest child_next clock_ms end_by_watch fail_to_look give_back_stack give_looker_up handle_stop kill_what_is_left leave
log_write look main_child_changed next_time others_are_gone others_signal pass_stop_on run_timers say_why_not
rest_collect rest_forgive rest_next rest_run rest_stop rest_work say_not_verified send_to_program signal_descendants signals_read signals_wait start_looker supervise sys_result sys_sigprocmask take_answer
take_events terminal_in_foreground terminal_of terminal_stop_with text_add_bytes text_add_number text_add_string text_init
try_again_later watch_changed watch_collect watch_forgive watch_is_looker watch_next watch_run watch_stop write_all'
# The C library's, which do nothing but the system call that they are called by, and what comes with fork(2). No open, no
# malloc, no printf. The one call through a pointer is the vDSO's clock.
library='_Fork __aio_atfork __aio_close __block_all_sigs __clock_gettime __errno_location __lock __madvise __restore_sigs
__stack_chk_fail __syscall_cp __syscall_cp_c __syscall_ret __memrchr __unlock close epoll_pwait epoll_wait getpgrp getpid ioctl kill
madvise memchr memcpy memrchr pipe pipe2 poll pread read send sendto splice strlen syscall tcgetpgrp tcsetpgrp waitpid write'

# strangers FROM: what it can reach that is on neither list
strangers() {
	local allowed
	allowed=$(tr ' ' '\n' <<<"$own $library" | LC_ALL=C sort)
	python3 tests/helpers/reach.py "$BINARY" "$1" look rest_work signal_descendants | LC_ALL=C comm -23 - <(
		printf '%s\n__clock_gettime *\n' "$allowed" | LC_ALL=C sort
	)
}

@test "process 1 reaches nothing that opens, allocates, parses or judges" {
	run strangers supervise
	[ "$status" -eq 0 ]
	[ -z "$output" ] || {
		printf 'not for process 1: %s\n' "$output"
		false
	}
}

@test "what does is found: the looker opens and judges, the start allocates" {
	run strangers look
	[ -z "$output" ]
	run strangers rest_work
	[ -z "$output" ]
	run python3 tests/helpers/reach.py "$BINARY" look
	grep -q '^check_judge' <<<"$output"
	grep -qE '^open(at)?' <<<"$output"
	run strangers main
	grep -q arena_ <<<"$output"
}
