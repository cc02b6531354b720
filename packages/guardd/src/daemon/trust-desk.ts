/** What a server does to the credentials of this host through an open connection: rotation and revocation. */
import type { Request } from '@breakwater/rules/guard';
import { Refused } from '../refused.ts';
import {
  hasCredentials,
  installCertificate,
  NotTrusted,
  readCredentials,
  requestCertificate,
  takeRevocations,
} from '../trust/credentials.ts';

export interface TrustDesk {
  request(): Promise<{ request: string }>;
  take(given: Extract<Request, { type: 'certificate' }>): Promise<{ notAfter: string }>;
  /** Is called when credentials or revocations are others than before. */
  onChange(tell: () => void): void;
}

export function trustDesk(folder: string): TrustDesk {
  let changed: () => void = () => undefined;
  const enrolled = (): void => {
    if (!hasCredentials(folder))
      throw new Refused({ reason: 'host-unfit', code: 'not-enrolled', detail: 'this host has no certificate yet' });
  };
  return {
    async request() {
      enrolled();
      return { request: await requestCertificate(folder) };
    },
    async take({ certificate, revocations }) {
      enrolled();
      try {
        if (certificate !== null) installCertificate(folder, certificate);
        if (revocations !== null) await takeRevocations(folder, revocations);
      } catch (error) {
        if (!(error instanceof NotTrusted)) throw error;
        throw new Refused({ reason: 'host-unfit', code: 'not-trusted', detail: error.message });
      }
      // Told after this answer has left: whoever asks may be among those who were revoked.
      setImmediate(changed);
      return { notAfter: readCredentials(folder).notAfter.toISOString() };
    },
    onChange(tell) {
      changed = tell;
    },
  };
}
