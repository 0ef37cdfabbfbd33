# SPDX-License-Identifier: MIT
"""
What granit does when a system call fails: each one between its start and the program's, once, with each error.

    faults.py GRANIT TOOLS FOLDER [--only=NAME,...] [--errors=ERRNO,...] [--every=N]

TOOLS is build/tests, FOLDER a new one for the images. With --every only each Nth pair of a call and an error is tried. What has to
hold: the program starts as it does without a failure; or it does not start, and standard error says why; or it starts with less,
and standard error says so. What is refused stays refused. Nothing hangs, nothing dies of a signal. Prints what does not hold, and
for each container the counts; the status is 1 if something did not hold.
"""
import argparse
import collections
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys

STARTED, REFUSED, BY_GRANIT = 0, 78, (78, 125, 126, 127)
PROGRAM = ['--', '/probe', 'status']


class Container:
    """One that granit starts in: a root, how it is mounted, and granit's options."""

    def __init__(self, root, flags, words, wanted=STARTED):
        self.root, self.flags, self.words, self.wanted = root, flags, words, wanted


def system_calls():
    with open('/usr/include/x86_64-linux-gnu/asm/unistd_64.h', encoding='ascii') as header:
        return {int(n): name for name, n in re.findall(r'#define __NR_(\w+) (\d+)', header.read())}


def make_root(arguments, name, shell=False):
    root = os.path.join(arguments.folder, name)
    for folder in ('etc', 'bin', 'data', 'proc', 'dev', 'tmp', 'run'):
        os.makedirs(os.path.join(root, folder))
    shutil.copy(arguments.granit, root + '/granit')
    shutil.copy(arguments.tools + '/probe', root + '/probe')
    with open(root + '/etc/app.conf', 'w', encoding='ascii') as file:
        file.write('a = 1\n')
    if shell:
        shutil.copy('/bin/busybox', root + '/bin/sh')
    return root


def make_containers(arguments):
    good, shell = make_root(arguments, 'good'), make_root(arguments, 'shell', shell=True)
    sealed, changed = make_root(arguments, 'sealed'), make_root(arguments, 'changed')
    volume = arguments.folder + '/volume'
    os.mkdir(volume)
    manifest = subprocess.run([arguments.granit, '--seal=' + sealed, '--ignore=all'], stdout=subprocess.PIPE, check=True).stdout
    for root in (sealed, changed):
        with open(root + '/etc/granit.manifest', 'wb') as file:
            file.write(manifest)
    with open(changed + '/etc/app.conf', 'w', encoding='ascii') as file:
        file.write('a = 2\n')
    read_only, mounted = ['--read-only'], ['--read-only', '--bind', volume + ':/data']
    as_user = ['--read-only', '--user', '65532:65532', '--no-new-privs']
    warned = '--warn=limits,seccomp,host-net,dir-fd-leak'
    return {
        'run': Container(good, read_only, PROGRAM),
        'restricted': Container(good, as_user, ['--profile=restricted', warned] + PROGRAM),
        'user': Container(good, read_only, ['--user=65532:65532', '--keep-caps=net_bind_service'] + PROGRAM),
        'full scan': Container(good, read_only, ['--scan=full'] + PROGRAM),
        'sealed': Container(sealed, read_only, PROGRAM),
        'volume': Container(good, mounted, ['--writable=/data'] + PROGRAM),
        'learn': Container(good, [], ['--learn'] + PROGRAM),
        'check': Container(good, read_only, ['--check']),
        'seal': Container(good, read_only, ['--seal=/']),
        'writable root': Container(good, [], PROGRAM, REFUSED),
        'shell': Container(shell, read_only, PROGRAM, REFUSED),
        'shell, full scan': Container(shell, read_only, ['--scan=full'] + PROGRAM, REFUSED),
        'undeclared volume': Container(good, mounted, PROGRAM, REFUSED),
        'changed': Container(changed, read_only, PROGRAM, REFUSED),
        'not restricted': Container(good, read_only, ['--profile=restricted'] + PROGRAM, REFUSED),
        'check of a shell': Container(shell, read_only, ['--check'], REFUSED),
    }


def start(arguments, container, index, error):
    """The status, None if it hangs, with what was written; and the numbers of the calls."""
    numbers = os.path.join(arguments.folder, f'calls.{index}.{error}')
    command = [arguments.tools + '/faults', numbers, str(index), error, arguments.tools + '/nscontainer', *container.flags, container.root,
               '--', '/granit', *container.words]
    try:
        ended = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=30, check=False)
        with open(numbers, encoding='ascii') as file:
            calls = [int(line) for line in file]
        return ended.returncode, ended.stdout, ended.stderr.decode(errors='replace'), calls
    except subprocess.TimeoutExpired:
        return None, b'', '', []
    finally:
        if os.path.exists(numbers):
            os.unlink(numbers)


def outcome(container, base, got):
    """What it came to, and whether that is as it has to be."""
    status, out, err = got[:3]
    # What --check has to say is on standard output.
    is_said = (err.strip() != '' and err != base[2]) or ('--check' in container.words and out != base[1])
    if status == base[0] and out == base[1]:
        return 'the same', True
    if container.wanted == REFUSED:
        return ('not started', True) if status in BY_GRANIT and (err.strip() or is_said) else ('started, silent or dead', False)
    if status in BY_GRANIT:
        return 'not started', is_said
    return 'with less', status == STARTED and is_said


def try_container(arguments, name, container, names):
    base = start(arguments, container, -1, 'EIO')
    if base[0] != container.wanted:
        print(f'{name}: status {base[0]} without a failure: {base[2]}')
        return False
    pairs = [(i, e) for i, number in enumerate(base[3]) for e in arguments.errors if number >= 0]
    pairs = pairs[::arguments.every]
    counts, holds = collections.Counter(), True
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for (i, error), got in zip(pairs, pool.map(lambda pair: start(arguments, container, *pair), pairs)):
            what, is_right = outcome(container, base, got)
            counts[what] += 1
            if not is_right:
                holds = False
                print(f'{name}: call {i}, {names.get(base[3][i])}, {error}: {what}, status {got[0]}: {got[2].strip()[:400]!r}')
    print(f'{name}: {len(base[3])} calls, {len(pairs)} failures: ' + ', '.join(f'{n} {what}' for what, n in sorted(counts.items())))
    return holds and len(pairs) > 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('granit')
    parser.add_argument('tools')
    parser.add_argument('folder')
    parser.add_argument('--only', type=lambda s: s.split(','), default=[])
    parser.add_argument('--errors', type=lambda s: s.split(','), default=['ENOMEM', 'EMFILE', 'EACCES', 'EIO', 'EINTR', 'ENOSYS', 'EPERM'])
    parser.add_argument('--every', type=int, default=1)
    arguments = parser.parse_args()
    # The search for programs goes through it.
    os.environ['PATH'] = '/usr/bin:/bin'
    names, holds = system_calls(), True
    for name, container in make_containers(arguments).items():
        if not arguments.only or name in arguments.only:
            holds &= try_container(arguments, name, container, names)
            sys.stdout.flush()
    return 0 if holds else 1


if __name__ == '__main__':
    sys.exit(main())
