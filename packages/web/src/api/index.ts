/** The way to the server: calls, streams, and how long ago it was heard. */
export { answer, client, createQueries } from './client.ts';
export { freshness, useNow, type Freshness } from './freshness.ts';
export { listen, type StreamEvent, type StreamListener } from './stream.ts';
export { useMay, useSession, type May } from './session.ts';
export { useActing, type Acting } from './acting.ts';
export { freshNonce, signBytes, signStatement } from './sign.ts';
export { answerWithPasskey, makePasskey, passkeysWork } from './passkey.ts';
export { useOwnKey, type OwnKey } from './signing-key.ts';
export { blockersOf } from './blockers.ts';
