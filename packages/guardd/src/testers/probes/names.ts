/** The probe of names: what the scope pins, and nothing that a name server would say. */
import { z } from 'zod';
import { hostInput } from './connect.ts';
import type { Probe } from './probe.ts';

const input = z.strictObject({ name: hostInput });

export const dnsPinned: Probe<z.infer<typeof input>> = {
  name: 'dns-pinned',
  description: 'Tells the address to which a name was pinned when the scope was signed. No name server is asked.',
  input,
  destination: ({ name }) => ({ host: name, port: null, protocol: 'tcp' }),
  perform: (_, address) => Promise.resolve({ result: 'answered', said: { address }, found: [] }),
};
