import { describe, expect, test } from 'vitest';
import { machineOf, seccompFilter, type Machine } from './seccomp.ts';

const audit = { x64: 0xc000_003e, arm64: 0xc000_00b7 };
const verdicts: Readonly<Record<number, string>> = {
  0x7fff_0000: 'allow',
  0x8000_0000: 'kill',
  0x0005_0001: 'EPERM',
  0x0005_0026: 'ENOSYS',
  0x0005_0061: 'EAFNOSUPPORT',
};

/** Runs the program as the kernel does: classic BPF over the data of one call. */
function verdict(machine: Machine, number: number, args: readonly number[] = [], from = audit[machine]): string {
  const program = new DataView(seccompFilter(machine).buffer);
  const data = new DataView(new ArrayBuffer(64));
  data.setUint32(0, number, true);
  data.setUint32(4, from, true);
  args.forEach((value, i) => data.setUint32(16 + 8 * i, value, true));
  let loaded = 0;
  for (let at = 0; at * 8 < program.byteLength; at++) {
    const code = program.getUint16(at * 8, true);
    const [yes, no] = [program.getUint8(at * 8 + 2), program.getUint8(at * 8 + 3)];
    const value = program.getUint32(at * 8 + 4, true);
    if (code === 0x20) loaded = data.getUint32(value, true);
    else if (code === 0x06) return verdicts[value] ?? String(value);
    else if (code === 0x15) at += loaded === value ? yes : no;
    else if (code === 0x35) at += loaded >= value ? yes : no;
    else if (code === 0x45) at += (loaded & value) !== 0 ? yes : no;
    else throw new Error(`unknown instruction ${code}`);
  }
  throw new Error('the program runs off its end');
}

describe.each(['x64', 'arm64'] as const)('the filter for %s', (machine) => {
  const pick = (x64: number, arm64: number): number => (machine === 'x64' ? x64 : arm64);

  test.each([
    ['unshare', pick(272, 97)],
    ['setns', pick(308, 268)],
    ['mount', pick(165, 40)],
    ['umount2', pick(166, 39)],
    ['pivot_root', pick(155, 41)],
    ['bpf', pick(321, 280)],
    ['ptrace', pick(101, 117)],
    ['keyctl', pick(250, 219)],
    ['kexec_load', pick(246, 104)],
    ['init_module', pick(175, 105)],
    ['open_by_handle_at', pick(304, 265)],
    ['io_uring_setup', 425],
    ['fsopen', 430],
    ['pidfd_getfd', 438],
  ])('refuses %s', (_, number) => expect(verdict(machine, number)).toBe('EPERM'));

  test.each([
    ['read', pick(0, 63)],
    ['execve', pick(59, 221)],
    ['connect', pick(42, 203)],
    ['setresuid', pick(117, 147)],
    ['capset', pick(126, 91)],
    ['prctl', pick(157, 167)],
    ['a call of the future', 999],
  ])('lets %s pass', (_, number) => expect(verdict(machine, number)).toBe('allow'));

  test('looks at the flags of clone, and makes programs fall back to it', () => {
    const clone = pick(56, 220);
    expect(verdict(machine, clone, [17])).toBe('allow');
    expect(verdict(machine, clone, [0x003d_0f00])).toBe('allow');
    for (const flag of [0x1000_0000, 0x0002_0000, 0x2000_0000, 0x4000_0000, 0x0800_0000, 0x0400_0000, 0x0200_0000]) {
      expect(verdict(machine, clone, [flag | 17])).toBe('EPERM');
    }
    expect(verdict(machine, 435)).toBe('ENOSYS');
  });

  test('gives sockets of networks that a gate holds, and no others', () => {
    const given = Array.from({ length: 50 }, (_, family) => family).filter(
      (family) => verdict(machine, pick(41, 198), [family]) === 'allow',
    );
    expect(given).toEqual([1, 2, 10, 16, 17]);
    expect(verdict(machine, pick(41, 198), [40])).toBe('EAFNOSUPPORT');
  });

  test('types into no terminal of others', () => {
    const ioctl = pick(16, 29);
    expect([0x5412, 0x541c, 0x5401].map((request) => verdict(machine, ioctl, [3, request]))).toEqual([
      'EPERM',
      'EPERM',
      'allow',
    ]);
  });

  test('kills a program that speaks as another machine', () => {
    expect(verdict(machine, 0, [], 0x4000_0003)).toBe('kill');
    if (machine === 'x64') expect(verdict(machine, 0x4000_0000 + 39)).toBe('kill');
  });
});

test('a machine whose numbers are not known gets no filter', () => {
  expect(machineOf('x64')).toBe('x64');
  expect(machineOf('riscv64')).toBeNull();
});
