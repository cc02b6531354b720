import { describe, expect, test } from 'vitest';
import { parseHierarchies } from './cgroup.ts';

describe('control groups are found', () => {
  test('on a hybrid host: version 2 under unified, limits in version 1', () => {
    const mounts = [
      '33 31 0:30 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory',
      '39 31 0:36 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids',
      '40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd',
      '41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw',
    ];
    const groups = ['8:pids:/', '4:memory:/a/b', '1:name=systemd:/init', '0::/'];
    expect(parseHierarchies(mounts.join('\n'), groups.join('\n'))).toEqual({
      unified: { mount: '/sys/fs/cgroup/unified', own: '/', controllers: [] },
      legacy: [
        { mount: '/sys/fs/cgroup/memory', own: '/a/b', controllers: ['memory'] },
        { mount: '/sys/fs/cgroup/pids', own: '/', controllers: ['pids'] },
        { mount: '/sys/fs/cgroup/systemd', own: '/init', controllers: ['name=systemd'] },
      ],
    });
  });

  test('under a service manager: in the group that is delegated', () => {
    const mounts = '30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate';
    const { unified, legacy } = parseHierarchies(mounts, '0::/system.slice/breakwater-guardd.service');
    expect(unified).toMatchObject({ mount: '/sys/fs/cgroup', own: '/system.slice/breakwater-guardd.service' });
    expect(legacy).toEqual([]);
  });

  test('inside a container that sees the hierarchy from its own group on', () => {
    const mounts = '30 23 0:26 /docker/abc /sys/fs/cgroup ro,nosuid - cgroup2 cgroup2 rw';
    expect(parseHierarchies(mounts, '0::/docker/abc/inner').unified?.own).toBe('/inner');
    expect(parseHierarchies(mounts, '0::/docker/abc').unified?.own).toBe('/');
  });

  test('with spaces in their path, and not where there are none', () => {
    expect(parseHierarchies('30 23 0:26 / /mnt/c\\040g rw - cgroup2 x rw', '0::/').unified?.mount).toBe('/mnt/c g');
    expect(parseHierarchies('23 1 8:1 / / rw - ext4 /dev/vda rw', '0::/')).toEqual({ unified: null, legacy: [] });
    expect(parseHierarchies('', '')).toEqual({ unified: null, legacy: [] });
  });
});
