/** Verifies a dossier beside the page, so that the page goes on answering. Nothing leaves the browser. */
import { verifyDossier, type Trust, type Verification } from '@breakwater/verify/browser';

export interface VerifyRequest {
  readonly bytes: Uint8Array;
  readonly trust: Trust;
}

export type VerifyAnswer = { readonly verification: Verification } | { readonly error: string };

self.addEventListener('message', (event: MessageEvent<VerifyRequest>) => {
  const { bytes, trust } = event.data;
  verifyDossier(bytes, trust).then(
    (verification) => self.postMessage({ verification } satisfies VerifyAnswer),
    (error: unknown) =>
      self.postMessage({ error: error instanceof Error ? error.message : String(error) } satisfies VerifyAnswer),
  );
});
