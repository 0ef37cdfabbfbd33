# SPDX-License-Identifier: MIT
"""
Containers as a kubelet makes them: pods of containerd's own, through its Container Runtime Interface.

    cri.py GRANIT TOOLS FOLDER      each set-up of doc/platforms.md, what is Kubernetes' alone, and what ctr by itself makes

TOOLS is build/tests; FOLDER has all that containerd writes, but for the sockets of its shims. Prints a JSON object: for each
set-up its status, what it logged, and what stands in its termination log.
"""
import hashlib
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import time

import grpc

EXITED = 2
USER = 65532
# As the kubelet sets them (pkg/securitycontext in its documentation: the default procMount).
MASKED = ['/proc/asound', '/proc/acpi', '/proc/kcore', '/proc/keys', '/proc/latency_stats', '/proc/timer_list', '/proc/timer_stats',
          '/proc/sched_debug', '/proc/scsi', '/sys/firmware']
READ_ONLY = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger']
POD, CONTAINER, NODE = 0, 1, 2


def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='ascii') as file:
        file.write(text)
    os.chmod(path, mode)
    return path


class Images:
    """Roots of one layer, in archives that containerd imports."""

    def __init__(self, granit, tools, folder):
        self.granit, self.tools, self.folder = granit, tools, folder

    def root(self, name):
        root = os.path.join(self.folder, 'roots', name)
        for place in ('bin', 'data', 'etc', 'run', 'tmp'):
            os.makedirs(os.path.join(root, place))
        shutil.copy(self.granit, root + '/granit')
        shutil.copy(self.tools + '/probe', root + '/probe')
        return root

    def seal(self, root):
        manifest = subprocess.run([self.granit, '--seal=' + root, '--ignore=all'], stdout=subprocess.PIPE, check=True).stdout
        with open(root + '/etc/granit.manifest', 'wb') as file:
            file.write(manifest)

    def archive(self, name, entrypoint):
        """An OCI archive of that root; its path."""
        path = os.path.join(self.folder, name + '.tar')
        layer = io.BytesIO()
        with tarfile.open(fileobj=layer, mode='w') as tar:
            tar.add(os.path.join(self.folder, 'roots', name), '.')
        blobs = []

        def blob(data, kind):
            digest = hashlib.sha256(data).hexdigest()
            blobs.append((f'blobs/sha256/{digest}', data))
            return {'mediaType': f'application/vnd.oci.image.{kind}', 'digest': 'sha256:' + digest, 'size': len(data)}

        of_layer = blob(layer.getvalue(), 'layer.v1.tar')
        config = {'architecture': 'amd64', 'os': 'linux', 'config': {'Entrypoint': entrypoint, 'User': f'{USER}:{USER}'},
                  'rootfs': {'type': 'layers', 'diff_ids': [of_layer['digest']]}}
        of_config = blob(json.dumps(config).encode(), 'config.v1+json')
        of_manifest = blob(json.dumps({'schemaVersion': 2, 'config': of_config, 'layers': [of_layer]}).encode(), 'manifest.v1+json')
        of_manifest['annotations'] = {'io.containerd.image.name': f'localhost/{name}:1'}
        blobs += [('oci-layout', b'{"imageLayoutVersion": "1.0.0"}'),
                  ('index.json', json.dumps({'schemaVersion': 2, 'manifests': [of_manifest]}).encode())]
        with tarfile.open(path, 'w') as tar:
            for place, data in blobs:
                entry = tarfile.TarInfo(place)
                entry.size = len(data)
                tar.addfile(entry, io.BytesIO(data))
        return path


class Containerd:
    """One of its own, with nothing of the machine's."""

    def __init__(self, folder):
        self.folder = folder
        write(folder + '/cni/net.conf', json.dumps({
            'cniVersion': '0.4.0', 'name': 'granit-test', 'type': 'ptp', 'ipMasq': False,
            'ipam': {'type': 'host-local', 'subnet': '10.218.77.0/24', 'dataDir': folder + '/networks'}}))
        os.rename(folder + '/cni/net.conf', folder + '/cni/10-net.conf')
        write(folder + '/config.toml', f'''
version = 2
root = "{folder}/root"
state = "{folder}/state"
[grpc]
  address = "{folder}/sock"
[ttrpc]
  address = "{folder}/sock.ttrpc"
[plugins."io.containerd.internal.v1.opt"]
  path = "{folder}/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  restrict_oom_score_adj = true
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"
[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "/usr/lib/cni"
  conf_dir = "{folder}/cni"
''')
        self.log = open(folder + '/log', 'w', encoding='utf-8')  # pylint: disable=consider-using-with
        self.process = subprocess.Popen(['containerd', '--config', folder + '/config.toml', '--log-level', 'warn'],  # pylint: disable=consider-using-with
                                        stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL, close_fds=True)
        for _ in range(300):
            if subprocess.run(self.ctr('version'), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError('containerd does not answer')

    def ctr(self, *words):
        return ['ctr', '--address', self.folder + '/sock', '--namespace', 'k8s.io', *words]

    def take(self, archive):
        subprocess.run(self.ctr('images', 'import', archive), stdout=subprocess.DEVNULL, check=True)

    def run(self, name, image, flags, options):
        """A container of ctr's own, without pod and kubelet: no hosts, no resolv.conf, no token."""
        words = ['run', '--rm', *flags, f'localhost/{image}:1', name, '/granit', *options, '--', '/probe', 'exit', '5']
        done = subprocess.run(self.ctr(*words), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                              timeout=120, check=False, text=True)
        return {'status': done.returncode, 'log': done.stdout}

    def end(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()


class Kubelet:
    """What it asks for, and the files that it mounts."""

    def __init__(self, folder):
        here = os.path.dirname(os.path.abspath(__file__))
        subprocess.run(['protoc', '-I', here, '--python_out', folder, 'cri.proto'], check=True)
        sys.path.insert(0, folder)
        self.words = __import__('cri_pb2')
        self.folder = folder
        self.channel = grpc.insecure_channel(f'unix://{folder}/sock')
        self.count = 0

    def call(self, method, request):
        kind = self.words.DESCRIPTOR.services_by_name['RuntimeService'].methods_by_name[method].output_type.name
        return self.channel.unary_unary(f'/runtime.v1.RuntimeService/{method}', type(request).SerializeToString,
                                        getattr(self.words, kind).FromString)(request, timeout=120)

    def mounts(self, pod):
        """hosts, termination log, token, a configMap, a file of one by subPath: as they lie on a node."""
        token = pod + '/volumes/kubernetes.io~projected/kube-api-access-x1y2z'
        of_config = pod + '/volumes/kubernetes.io~configmap/config'
        for name in ('token', 'ca.crt', 'namespace'):
            write(f'{token}/{name}', 'x')
        write(of_config + '/key', 'x')
        return [('/etc/hosts', write(pod + '/etc-hosts', '127.0.0.1 localhost\n'), False),
                ('/dev/termination-log', write(pod + '/containers/app/1a2b3c4d', '', 0o666), False),
                ('/var/run/secrets/kubernetes.io/serviceaccount', token, True),
                ('/etc/config', of_config, True),
                ('/srv/app.conf', write(pod + '/volume-subpaths/config/app/0', 'x'), True)]

    def sandbox(self, setup):
        w = self.words
        self.count += 1
        uid = f'0000-{os.getpid()}-{self.count}'
        logs = f'{self.folder}/logs/{uid}'
        os.makedirs(logs)
        spaces = w.NamespaceOption(**setup.get('namespaces', {'network': POD, 'pid': CONTAINER, 'ipc': POD}))
        context = w.LinuxSandboxSecurityContext(namespace_options=spaces, readonly_rootfs=True, privileged=setup.get('privileged', False))
        return w.PodSandboxConfig(metadata=w.PodSandboxMetadata(name=f'pod-{self.count}', uid=uid, namespace='default'),
                                  hostname='' if spaces.network == NODE else f'pod-{self.count}', log_directory=logs,
                                  dns_config=w.DNSConfig(servers=['10.96.0.10']), linux=w.LinuxPodSandboxConfig(security_context=context))

    def container(self, setup, sandbox, pod):
        w = self.words
        user = setup.get('user', USER)
        is_default = setup.get('proc_mount', 'Default') == 'Default' and not setup.get('privileged', False)
        context = w.LinuxContainerSecurityContext(
            capabilities=w.Capability(**setup.get('capabilities', {'drop_capabilities': ['ALL']})), privileged=setup.get('privileged', False),
            namespace_options=sandbox.linux.security_context.namespace_options, run_as_user=w.Number(value=user),
            run_as_group=w.Number(value=user), readonly_rootfs=setup.get('read_only', True), no_new_privs=user != 0,
            masked_paths=MASKED if is_default else [], readonly_paths=READ_ONLY if is_default else [],
            seccomp=w.SecurityProfile(profile_type=1 if setup.get('privileged', False) else 0))
        mounts = self.mounts(pod) + setup.get('mounts', [])
        return w.ContainerConfig(
            metadata=w.ContainerMetadata(name='app'), image=w.ImageSpec(image=f'localhost/{setup.get("image", "app")}:1'),
            args=[*setup.get('options', []), '--', *setup.get('program', ['/probe', 'exit', '5'])],
            envs=[w.KeyValue(key='KUBERNETES_SERVICE_HOST', value='10.96.0.1'), w.KeyValue(key='KUBERNETES_SERVICE_PORT', value='443')],
            mounts=[w.Mount(container_path=at, host_path=source, readonly=read_only) for at, source, read_only in mounts], log_path='app.log',
            linux=w.LinuxContainerConfig(resources=w.LinuxContainerResources(cpu_shares=2, memory_limit_in_bytes=128 << 20),
                                         security_context=context))

    def status(self, container):
        return self.call('ContainerStatus', container).status

    def wait(self, container):
        for _ in range(600):
            status = self.status(container)
            if status.state == EXITED:
                return status.exit_code
            time.sleep(0.1)
        return None

    def run(self, setup, meanwhile=None):
        w = self.words
        sandbox = self.sandbox(setup)
        pod = f'{self.folder}/var/lib/kubelet/pods/{sandbox.metadata.uid}'
        of_pod = self.call('RunPodSandbox', w.RunPodSandboxRequest(config=sandbox))
        try:
            container = self.call('CreateContainer', w.CreateContainerRequest(
                pod_sandbox_id=of_pod.pod_sandbox_id, config=self.container(setup, sandbox, pod), sandbox_config=sandbox))
            self.call('StartContainer', container)
            said = meanwhile(container) if meanwhile else None
            status = self.wait(container)
            with open(sandbox.log_directory + '/app.log', encoding='utf-8') as file:
                # Each line of the program's has a time, a stream and a mark before it.
                log = ''.join(line.split(' ', 3)[3] for line in file)
            with open(pod + '/containers/app/1a2b3c4d', encoding='utf-8') as file:
                last = file.read()
            return {'status': status, 'log': log, 'termination': last, 'meanwhile': said}
        finally:
            self.call('StopPodSandbox', of_pod)
            self.call('RemovePodSandbox', of_pod)

    def looked_at(self, container):
        """What `kubectl exec` and the end of a pod come to while it runs."""
        w = self.words
        for _ in range(100):
            check = self.call('ExecSync', w.ExecSyncRequest(container_id=container.container_id, cmd=['/granit', '--check'], timeout=30))
            if b'no program' not in check.stderr:
                break
            time.sleep(0.1)
        self.call('StopContainer', w.StopContainerRequest(container_id=container.container_id, timeout=20))
        return {'status': check.exit_code, 'out': (check.stdout + check.stderr).decode()}


def set_ups(folder):
    empty_dir = folder + '/var/lib/kubelet/pods/shared/volumes/kubernetes.io~empty-dir/data'
    os.makedirs(empty_dir)
    os.chmod(empty_dir, 0o777)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(folder + '/docker.sock')
    restricted = ['--profile=restricted', '--warn=limits']
    return {
        'strict': {'options': restricted},
        'default, root': {'user': 0, 'capabilities': {}},
        'writable root': {'read_only': False},
        'privileged': {'user': 0, 'privileged': True, 'capabilities': {}},
        'SYS_ADMIN': {'capabilities': {'add_capabilities': ['SYS_ADMIN']}},
        'host namespaces': {'namespaces': {'network': NODE, 'pid': NODE, 'ipc': NODE}, 'options': ['--fail=host-pid,host-ipc,host-net']},
        'declared volume': {'mounts': [('/data', empty_dir, False)], 'options': ['--writable=/data']},
        'undeclared volume': {'mounts': [('/data', empty_dir, False)]},
        'a shell': {'image': 'shell'},
        'a socket': {'mounts': [('/run/docker.sock', folder + '/docker.sock', True)]},
        'sealed': {'image': 'sealed'},
        'sealed, changed': {'image': 'changed'},
        'procMount: Unmasked': {'proc_mount': 'Unmasked'},
        'a pod that runs': {'options': restricted, 'program': ['/probe', 'sleep', '60']},
    }


def of_ctr(folder):
    """Name: image, flags of ctr's, options of granit's."""
    read_only = ['--read-only']
    data = ['--mount', f'type=bind,src={folder}/var/lib/kubelet/pods/shared/volumes/kubernetes.io~empty-dir/data,dst=/data,options=rbind:rw']
    return {
        'ctr: read-only': ('app', [*read_only, '--seccomp'], []),
        'ctr: writable root': ('app', [], []),
        'ctr: privileged': ('app', [*read_only, '--privileged'], []),
        'ctr: declared volume': ('app', read_only + data, ['--writable=/data']),
        'ctr: undeclared volume': ('app', read_only + data, []),
        'ctr: a shell': ('shell', read_only, []),
        'ctr: sealed': ('sealed', read_only, []),
        'ctr: sealed, changed': ('changed', read_only, []),
    }


def main():
    granit, tools, folder = sys.argv[1:]
    images = Images(granit, tools, folder)
    for name in ('app', 'shell', 'sealed', 'changed', 'pause'):
        root = images.root(name)
        if name == 'shell':
            shutil.copy('/bin/busybox', root + '/bin/sh')
        if name in ('sealed', 'changed'):
            images.seal(root)
        if name == 'changed':
            with open(root + '/probe', 'ab') as file:
                file.write(b'x')
    containerd = Containerd(folder)
    try:
        for name in ('app', 'shell', 'sealed', 'changed'):
            containerd.take(images.archive(name, ['/granit']))
        containerd.take(images.archive('pause', ['/granit', '--pause']))
        kubelet = Kubelet(folder)
        result = {}
        for name, setup in set_ups(folder).items():
            result[name] = kubelet.run(setup, kubelet.looked_at if name == 'a pod that runs' else None)
        for number, (name, words) in enumerate(of_ctr(folder).items()):
            result[name] = containerd.run(f'alone-{number}', *words)
        json.dump(result, sys.stdout, indent=1)
    finally:
        containerd.end()


if __name__ == '__main__':
    main()
