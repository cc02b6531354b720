import { useCallback, useEffect, useRef, useState } from 'react';
import type { Verification } from '@breakwater/verify/browser';
import type { VerifyAnswer, VerifyRequest } from './verify-worker.ts';

export type VerificationState =
  | { readonly is: 'none' }
  | { readonly is: 'going' }
  | { readonly is: 'done'; readonly verification: Verification }
  | { readonly is: 'broken'; readonly why: string };

/** Verifies dossiers one after another; a new one takes the place of the one that is going on. */
export function useVerification(): { state: VerificationState; verify(request: Promise<VerifyRequest>): void } {
  const [state, setState] = useState<VerificationState>({ is: 'none' });
  const worker = useRef<Worker | null>(null);
  useEffect(() => () => worker.current?.terminate(), []);
  const verify = useCallback((request: Promise<VerifyRequest>) => {
    worker.current?.terminate();
    const next = new Worker(new URL('verify-worker.ts', import.meta.url), { type: 'module' });
    worker.current = next;
    setState({ is: 'going' });
    const broken = (why: string): void => setState({ is: 'broken', why });
    next.addEventListener('message', (event: MessageEvent<VerifyAnswer>) => {
      if ('error' in event.data) broken(event.data.error);
      else setState({ is: 'done', verification: event.data.verification });
      next.terminate();
    });
    next.addEventListener('error', ({ message }) => broken(message));
    request.then(
      (asked) => next.postMessage(asked),
      (error: unknown) => broken(error instanceof Error ? error.message : String(error)),
    );
  }, []);
  return { state, verify };
}
