/** What the server knows when it writes a document: no data, so that nothing has to be waited for. */
/** A lever that was pulled by a plain form, and what became of it. */
export interface LeverPulled {
  readonly lever: string;
  /** When it reached the server, RFC 3339. */
  readonly at: string;
  /** From the lever to a standstill, ms; null: no host has confirmed it. */
  readonly latencyMs: number | null;
  /** Hosts that did not answer. */
  readonly unreachable: readonly string[];
  /** The server's no, in the language of the page; null: it was done. */
  readonly refused: string | null;
}

export interface DocumentRequest {
  /** Path of the page. */
  readonly path: string;
  readonly language: 'ko' | 'en';
  /** Null: that of the system. */
  readonly theme: 'dark' | 'light' | null;
  /** Of the content security policy. */
  readonly nonce: string;
  readonly pulled: LeverPulled | null;
}

/** Files of the built console. */
export interface BuiltFiles {
  readonly script: string;
  readonly preloads: readonly string[];
  readonly styles: readonly string[];
}

/** What the built program for documents has. */
export interface DocumentProgram {
  documentOf(request: DocumentRequest, files: BuiltFiles): string;
  /** True for an address of a page of the console. */
  isPage(path: string): boolean;
}
