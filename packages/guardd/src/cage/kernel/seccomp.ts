/**
 * The system calls that a caged program may not make, as a classic BPF program for seccomp.
 *
 * Everything else is allowed: the namespaces, the missing capabilities and the gate hold the program; the filter takes
 * away the doors by which sandboxes are left.
 */

interface Instruction {
  readonly code: number;
  /** Instructions to skip when the test is true, and when it is false. */
  readonly yes: number;
  readonly no: number;
  readonly value: number;
}

/** Machine of seccomp data: offsets of number, architecture and the low halves of the arguments. */
const offsetOf = { number: 0, machine: 4, argument: (n: number): number => 16 + 8 * n };
const load = (offset: number): Instruction => ({ code: 0x20, yes: 0, no: 0, value: offset });
const equal = (value: number, yes: number, no: number): Instruction => ({ code: 0x15, yes, no, value });
const atLeast = (value: number, yes: number, no: number): Instruction => ({ code: 0x35, yes, no, value });
const anyBit = (value: number, yes: number, no: number): Instruction => ({ code: 0x45, yes, no, value });
const answer = (value: number): Instruction => ({ code: 0x06, yes: 0, no: 0, value });

const allow = answer(0x7fff_0000);
const killProcess = answer(0x8000_0000);
const fail = (errno: number): Instruction => answer(0x0005_0000 | errno);
const errno = { notPermitted: 1, notThere: 38, noFamily: 97 };

/** Numbers of a system call on x86-64 and on arm64; null = that machine has none. */
type Numbers = readonly [x64: number | null, arm64: number | null];

const denied: Readonly<Record<string, Numbers>> = {
  unshare: [272, 97],
  setns: [308, 268],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  open_tree_attr: [467, 467],
  bpf: [321, 280],
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  kcmp: [312, 272],
  pidfd_getfd: [438, 438],
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  acct: [163, 89],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  syslog: [103, 116],
  vhangup: [153, 58],
  iopl: [172, null],
  ioperm: [173, null],
  modify_ldt: [154, null],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  adjtimex: [159, 171],
  clock_adjtime: [305, 266],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  lookup_dcookie: [212, 18],
};
const clone: Numbers = [56, 220];
const clone3: Numbers = [435, 435];
const ioctl: Numbers = [16, 29];
const socket: Numbers = [41, 198];

/** Flags of clone that make namespaces: user, mount, pid, net, ipc, uts, cgroup. */
const newNamespaces = 0x7e02_0000;
/** TIOCSTI and TIOCLINUX: typing into a terminal that is not one's own. */
const terminalInput = [0x5412, 0x541c];
/** Unix, IPv4, IPv6, netlink and packet sockets. Others, such as vsock, are outside every network namespace. */
const families = [1, 2, 10, 16, 17];

const machines = {
  x64: { column: 0, audit: 0xc000_003e },
  arm64: { column: 1, audit: 0xc000_00b7 },
} as const;
export type Machine = keyof typeof machines;

/** Null on a machine whose numbers are not known. */
export function machineOf(architecture: string): Machine | null {
  return architecture === 'x64' || architecture === 'arm64' ? architecture : null;
}

/** The filter for one machine, as `bwrap --seccomp` reads it: eight bytes an instruction, in the machine's order. */
export function seccompFilter(machine: Machine): Uint8Array {
  const { column, audit } = machines[machine];
  const when = (numbers: Numbers, then: readonly Instruction[]): Instruction[] => {
    const number = numbers[column];
    return number === null ? [] : [equal(number, 0, then.length), ...then];
  };
  const program = [
    load(offsetOf.machine),
    equal(audit, 1, 0),
    killProcess,
    load(offsetOf.number),
    // The x32 calls of x86-64 have numbers of their own.
    ...(machine === 'x64' ? [atLeast(0x4000_0000, 0, 1), killProcess] : []),
    ...Object.values(denied).flatMap((numbers) => when(numbers, [fail(errno.notPermitted)])),
    // Its flags lie in memory, where a filter cannot look: programs fall back to clone.
    ...when(clone3, [fail(errno.notThere)]),
    ...when(clone, [load(offsetOf.argument(0)), anyBit(newNamespaces, 0, 1), fail(errno.notPermitted), allow]),
    ...when(ioctl, [
      load(offsetOf.argument(1)),
      ...terminalInput.flatMap((request) => [equal(request, 0, 1), fail(errno.notPermitted)]),
      allow,
    ]),
    ...when(socket, [
      load(offsetOf.argument(0)),
      ...families.flatMap((family) => [equal(family, 0, 1), allow]),
      fail(errno.noFamily),
    ]),
    allow,
  ];
  return assembled(program);
}

function assembled(program: readonly Instruction[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(program.length * 8));
  program.forEach(({ code, yes, no, value }, i) => {
    bytes.setUint16(i * 8, code, true);
    bytes.setUint8(i * 8 + 2, yes);
    bytes.setUint8(i * 8 + 3, no);
    bytes.setUint32(i * 8 + 4, value >>> 0, true);
  });
  return new Uint8Array(bytes.buffer);
}
