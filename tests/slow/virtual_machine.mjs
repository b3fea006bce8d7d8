// A Debian kernel in QEMU with this machine's own files, read-only, as its root: for tests that need a kernel of their own
// (radios, interfaces) and no right on the machine. The kernel package is downloaded once into build/ and never installed.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../e2e/program.mjs';

const folder = path.join(root, 'build/kernel');
const qemu = 'qemu-system-x86_64';
const has = (program) => {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` } });
    return true;
  } catch {
    return false;
  }
};

// A plain word why it cannot run here, or null.
export function missing(programs) {
  for (const program of [qemu, 'busybox', 'dpkg-deb', 'apt-get', ...programs]) {
    if (!has(program)) return `${program} is not installed: run tools/install tools/packages-slow.txt`;
  }
  return null;
}

// Unpacks Debian's newest kernel; throws when it cannot be downloaded.
function kernel() {
  const files = path.join(folder, 'files');
  if (!existsSync(path.join(files, 'boot'))) {
    mkdirSync(folder, { recursive: true });
    const meta = execFileSync('apt-cache', ['depends', 'linux-image-amd64'], { encoding: 'utf8' });
    const name = /Depends: (linux-image-\S+)/.exec(meta)[1];
    execFileSync('apt-get', ['download', name], { cwd: folder, stdio: 'pipe' });
    const deb = readdirSync(folder).find((file) => file.startsWith(name) && file.endsWith('.deb'));
    execFileSync('dpkg-deb', ['-x', path.join(folder, deb), files]);
  }
  const image = readdirSync(path.join(files, 'boot')).find((file) => file.startsWith('vmlinuz'));
  const modules = path.join(files, 'lib/modules', image.slice('vmlinuz-'.length), 'kernel');
  return { image: path.join(files, 'boot', image), modules };
}

// Files of these modules and of what they need, in the order of loading.
function modulesInOrder(modules, names) {
  const places = new Map();
  for (const file of readdirSync(modules, { recursive: true })) {
    if (file.endsWith('.ko')) places.set(path.basename(file, '.ko').replaceAll('-', '_'), path.join(modules, file));
  }
  const order = [];
  const add = (name) => {
    const file = places.get(name.replaceAll('-', '_'));
    if (!file || order.includes(file)) return; // built in
    const depends = /\0depends=([^\0]*)\0/.exec(readFileSync(file, 'latin1'))?.[1] ?? '';
    depends.split(',').filter(Boolean).forEach(add);
    order.push(file);
  };
  names.forEach(add);
  return order;
}

// The archive the kernel unpacks as its first root (cpio, "newc").
function cpio(entries) {
  const parts = [];
  let inode = 1;
  const add = (name, mode, content = Buffer.alloc(0)) => {
    const field = (value) => value.toString(16).padStart(8, '0');
    const header = `070701${[inode++, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length + 1, 0].map(field).join('')}`;
    const head = Buffer.from(`${header}${name}\0`);
    parts.push(head, Buffer.alloc((4 - (head.length % 4)) % 4), content, Buffer.alloc((4 - (content.length % 4)) % 4));
  };
  for (const { name, mode, content } of entries) add(name, mode, content);
  add('TRAILER!!!', 0);
  return Buffer.concat(parts);
}

const initScript = (modules, work, command) => `#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /dev /host
b=/bin/busybox
$b mount -t proc proc /proc; $b mount -t sysfs sys /sys; $b mount -t devtmpfs dev /dev
${modules.map(({ name, options }) => `$b insmod /modules/${name} ${options} || echo "GUEST cannot load ${name}"`).join('\n')}
$b mount -t 9p -o trans=virtio,version=9p2000.L,msize=524288,cache=loose,ro host /host || echo "GUEST no root"
for one in proc sys dev; do $b mount --bind /$one /host/$one; done
for one in tmp run; do $b mount -t tmpfs tmpfs /host/$one; done
$b ip link set lo up
$b mkdir -p /host/tmp/work
$b mount --bind /host/tmp/work /host/tmp/work
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp WORK=${work}
$b chroot /host ${command} && echo "GUEST done" || echo "GUEST failed"
$b sync
$b poweroff -f
`;

// Runs `command` as root in the guest: { passed, output }. Modules may have options: { name, options }.
export async function runGuest({ command, modules, limit, onLine = () => {} }) {
  const { image, modules: tree } = kernel();
  const wanted = ['virtio_pci', '9pnet_virtio', '9p', ...modules.map((one) => one.name ?? one)];
  const options = Object.fromEntries(modules.filter((one) => one.options).map((one) => [`${one.name}.ko`, one.options]));
  const files = modulesInOrder(tree, wanted);
  const initramfs = path.join(folder, `initramfs-${process.pid}`);
  const loaded = files.map((file) => ({ name: path.basename(file), options: options[path.basename(file)] ?? '' }));
  writeFileSync(
    initramfs,
    cpio([
      ...['bin', 'modules', 'dev', 'proc', 'sys', 'host'].map((name) => ({ name, mode: 0o40755 })),
      { name: 'bin/busybox', mode: 0o100755, content: readFileSync('/bin/busybox') },
      ...files.map((file) => ({ name: `modules/${path.basename(file)}`, mode: 0o100644, content: readFileSync(file) })),
      { name: 'init', mode: 0o100755, content: Buffer.from(initScript(loaded, '/tmp/work', command)) },
    ]),
  );
  chmodSync(initramfs, 0o644);
  const child = spawn(qemu, [
    '-accel', 'tcg', '-cpu', 'max', '-m', '1024', '-nographic', '-no-reboot', '-nic', 'none',
    '-kernel', image, '-initrd', initramfs, '-append', 'console=ttyS0 quiet panic=-1',
    '-virtfs', 'local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap',
  ]);
  let output = '';
  let line = '';
  child.stdout.on('data', (data) => {
    output += data;
    line += data;
    const lines = line.split(/\r?\n/);
    line = lines.pop();
    lines.forEach(onLine);
  });
  child.stderr.on('data', (data) => (output += data));
  const timer = setTimeout(() => child.kill('SIGKILL'), limit);
  await new Promise((resolve) => child.on('close', resolve));
  clearTimeout(timer);
  return { passed: /^GUEST done/m.test(output.replaceAll('\r', '')), output };
}
