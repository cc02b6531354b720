// Generated from openapi.json by `npm run openapi`; never edited by hand.

export type Json = (string | number | boolean | null | (Json)[] | { [name: string]: Json });

export interface paths {
  '/advisories': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** All advisories, newest first */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          advisories: (components['schemas']['Advisory'])[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/advisories/documents': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Advisories that were taken in, the newest first; those for named persons only are counted, not shown */
    get: {
      parameters: {
        query?: { named?: string; before?: number; limit?: number; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          documents: (components['schemas']['AdvisoryDocument'])[];
          next: (number | null);
          restricted: number;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/advisories/intake': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Take in a file: an advisory in CSAF, OSV or CVE JSON, KEV, EPSS, or VEX; the body is the file */
    post: {
      parameters: {
        query: { by: string; source?: string; readers?: string; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/octet-stream': unknown; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['AdvisoryTaken']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/advisories/matching': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Match everything anew and put right what differs; there should be no differences */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          added: number;
          changed: number;
          differences: number;
          matches: number;
          removed: number;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/advisories/signals': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Which lists of exploited vulnerabilities and odds are kept, and how old they are */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          signals: ({
            digest: string;
            entries: number;
            kind: ("kev" | "epss");
            release: string;
            takenAt: string;
          })[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/assessments': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The newest assessment of each run */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          assessments: (components['schemas']['ListedAssessment'])[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/assessments/{digest}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** One assessment with the facts and the pack that it was made from */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { digest: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['OpenedAssessment']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/audit/overrides': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The register of overrides and waivers by person, with their records */
    get: {
      parameters: {
        query: { from: string; to: string; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          overrides: ({
            at: string;
            of: string;
            person: string;
            record: number;
            rule: string;
          })[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/audit/population': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Hold package logs, tickets and inventory imports of a period against its runs; what matches none is listed */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        /** `dpkg.log` of hosts; its times have no zone, `offset` says which. */
        dpkg?: ({
          host: string;
          offset?: string;
          text: string;
        })[];
        from: string;
        /** CSV with the columns id, host, start, end, summary. */
        itsm?: (string | null);
        /** What `rpm -qa --qf '%{INSTALLTIME} %{NAME} %{EVR}\n'` prints. */
        rpm?: ({
          host: string;
          text: string;
        })[];
        to: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['PopulationReport']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/audit/samples': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Draw a sample of the live runs of a period; the same log and seed draw the same */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        from: string;
        seed: string;
        size: number;
        to: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          drawn: (string)[];
          of: number;
          population: string;
          seed: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/authorities/keys': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Pinned keys of authorities, and when they count */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          keys: ({
            authority: string;
            fingerprint: string;
            from: string;
            revokedAt: (string | null);
            until: (string | null);
          })[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    /** Pin a public OpenPGP key to an authority, after its fingerprint was compared over another way */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        armored: string;
        /** FSC, FSS, FSI, or another body. */
        authority: string;
        fingerprint: string;
        from: string;
        until?: (string | null);
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          fingerprint: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/authorities/keys/revocation': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** From now on a key proves nothing; what it proved before stays proven */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        /** FSC, FSS, FSI, or another body. */
        authority: string;
        fingerprint: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          fingerprint: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/break-glass': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Seal a new code of the break-glass account; earlier ones count no more */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          code: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/cases': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Cases that whoever asks may see, the newest first */
    get: {
      parameters: {
        query?: { after?: string; limit?: number; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          cases: (components['schemas']['Case'])[];
          next: (string | null);
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    /** Open a case: an application, one that the inspectors refer, or an inquiry in advance */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        authority: ("FSS" | "FSC" | "FSI");
        /** Who does it: a pseudonym. */
        by: string;
        /** Pseudonym of an individual who applies; null: the institution. */
        individual?: (string | null);
        kind: ("application" | "ex-officio" | "prior-inquiry");
        /** The individual works for the company no more. */
        left?: boolean;
        plan?: (string | null);
        run?: (string | null);
        title: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Case']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/cases/{case}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** A case at the level of whoever asks, or at a lower one */
    get: {
      parameters: {
        query?: { level?: ("public" | "redacted" | "member"); };
        header?: never;
        path: { case: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Case']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/cases/{case}/answers': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Answer a question, with the numbers of the records that show it */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { case: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        /** Who does it: a pseudonym. */
        by: string;
        level: ("public" | "redacted" | "member");
        question: number;
        records: (number)[];
        text: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Case']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/cases/{case}/ballots': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Cast a ballot; until the chair opens them all nobody else sees it, and the newest of a member counts */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { case: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        /** Who does it: a pseudonym. */
        by: string;
        opinion: ("accords" | "partly-accords" | "does-not-accord" | "cannot-tell");
        reasons: (string | null);
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Case']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/cases/{case}/ballots/opening': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Open the ballots, by the chair */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { case: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        absent: (string)[];
        /** Who does it: a pseudonym. */
        by: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Case']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/cases/{case}/filing': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Record that the case was handed to the authority */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { case: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        /** Who does it: a pseudonym. */
        by: string;
        filedAt: string;
        reference: string;
        window: (("inspection" | "opinion") | null);
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Case']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/cases/{case}/letter': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The letter of a case: the inquiry, or the notice of the result */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { case: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          en: string;
          ko: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/cases/{case}/members': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Seat a member of the committee; they see this case from then on */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { case: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        /** Who does it: a pseudonym. */
        by: string;
        person: string;
        seat: ("chair" | "legal-adviser" | "rights-officer" | "member");
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Case']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/cases/{case}/positions': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** State the reading of an open question, or on gross negligence */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { case: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        /** Who does it: a pseudonym. */
        by: string;
        level: ("public" | "redacted" | "member");
        reading: (string | null);
        text: string;
        topic: (string | "gross-negligence");
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Case']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/cases/{case}/questions': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Ask the applicant a question */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { case: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        /** Who does it: a pseudonym. */
        by: string;
        level: ("public" | "redacted" | "member");
        text: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Case']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/cases/{case}/recusals': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Recuse oneself; the chair recuses others. Whoever is recused sees the case no more */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { case: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        /** Who does it: a pseudonym. */
        by: string;
        person: string;
        reason: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Case']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/cases/{case}/reply': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Record the reply to an inquiry; it is not binding */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { case: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        /** Who does it: a pseudonym. */
        by: string;
        document: (string | null);
        reference: string;
        reply: ("within-scope" | "outside-scope" | "conditional" | "no-view");
        text: string;
        toldAt: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Case']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/cases/{case}/result': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Record the result that the committee told; it is not binding */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { case: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        /** Who does it: a pseudonym. */
        by: string;
        document: (string | null);
        reference: string;
        result: ("accords" | "partly-accords" | "does-not-accord" | "cannot-tell");
        text: string;
        toldAt: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Case']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/cases/{case}/sections': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The open questions with the numbers under every reading and the applicant’s own, and the section on gross negligence */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { case: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['CaseSections']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/cases/{case}/trust': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** What the versions of a case are verified with: the policy of the log, the keys of persons and hosts */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { case: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          keys: components['schemas']['breakwater.keys-1'];
          policy: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/cases/{case}/versions': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Seal the dossier of the case’s run as its next version, with what changed since the one before */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { case: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        /** Who does it: a pseudonym. */
        by: string;
        pack?: (string | null);
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Case']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/cases/{case}/versions/{version}/dossier': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The file of a sealed version (application/zip) */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { case: string; version: number; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content?: never };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/cases/{case}/windows': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Record a window of the case, as a letter names it */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { case: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        /** Who does it: a pseudonym. */
        by: string;
        from: string;
        source: string;
        until: (string | null);
        window: ("inspection" | "opinion" | "reply");
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Case']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/cases/{case}/withdrawal': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Withdraw an application or an inquiry */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { case: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        /** Who does it: a pseudonym. */
        by: string;
        reason: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Case']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/claims': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Claims in the order they were opened */
    get: {
      parameters: {
        query?: { run?: string; state?: ("open" | "accepted" | "refused" | "paid"); source?: ("proactive" | "filed"); unmatched?: string; proposed?: string; after?: string; limit?: number; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          claims: (components['schemas']['Claim'])[];
          next: (string | null);
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    /** Take a claim that a consumer filed */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        /** Whether another announced way was tried. */
        alternative?: ("worked" | "failed" | "not-tried");
        amount: ({
          high: (number | null);
          low: number;
        } | null);
        /** The kind of loss. */
        basis?: ("fee" | "interest" | "price-difference" | "penalty" | "other");
        by: string;
        /** What it is shown by, by digest; never the document. */
        evidence?: ({
          digest: (string | null);
          obtainedAt: string;
          source: string;
        })[];
        occurredAt: string;
        /** Names this filing: the same name again, however late, gives the same claim. */
        once?: string;
        reference: (string | null);
        run: (string | null);
        service: string;
        subject: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          claim: string;
          merged: boolean;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/claims/due': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Claims whose result must be told before a time, the soonest first */
    get: {
      parameters: {
        query: { before: string; limit?: number; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          claims: ({
            claim: string;
            dueBy: string;
            run: (string | null);
            state: string;
          })[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/claims/import': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Open a proactive claim for each failed transaction of a run */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        /** These are all failed transactions of the run. */
        complete: boolean;
        /** Only those that failed while their service was down; epoch ms. */
        during?: ({
          end: (number | null);
          service: string;
          start: number;
        })[];
        run: string;
        transactions: ({
          at: string;
          feeKrw: number;
          id: string;
          krw: number;
          reason?: (string | null);
          service: string;
          subject: string;
        })[];
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          opened: number;
          outside: number;
          repeated: number;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/claims/second-decisions': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Hand in the signed word of the second person on a decision that waits for it */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        amount: number;
        at: string;
        claim: string;
        decision: ("accepted" | "refused");
        institution: string;
        key: string;
        nonce: string;
        person: string;
        role: string;
        schema: "breakwater.claim-decision/1";
        signature: string;
        verdict: ("approve" | "return");
        webauthn?: components['schemas']['Assertion'];
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          claim: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/claims/told': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Record that the results of decided claims were told by the company's own means */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        channel: string;
        claims: (string)[];
        reference: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          told: number;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/claims/{id}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** One claim, without who claims */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { id: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Claim']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/claims/{id}/appeal': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Open a decided claim again: whoever claimed does not accept the decision */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { id: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        amount: ({
          high: (number | null);
          low: number;
        } | null);
        by: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          claim: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/claims/{id}/case': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** What a claim is about: its disruption, what its customer was told, how alternatives stood, complaints */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { id: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          /** Until when the result must be told; null once it was. */
          dueBy: (string | null);
          escalations: ({
            at: string;
            authority: ("fss" | "court");
            by: string;
            case: string;
            stage: string;
          })[];
          link: ({
            alternatives: ({
              downMs: (number | null);
              service: string;
              watched: string;
            })[];
            disruption: ({
              end: (string | null);
              id: string;
              service: string;
              start: string;
            } | null);
            /** How far the claimed time lies outside the disruption. */
            distanceMs: (number | null);
            linkedAt: string;
            notices: ({
              at: (string | null);
              channel: string;
              notice: string;
              told: string;
            })[];
            run: string;
          } | null);
          statements: ({
            alternative: string;
            basis: string;
            evidence: ({
              digest: (string | null);
              obtainedAt: string;
              source: string;
            })[];
            filedAt: string;
            hasContact: boolean;
          })[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/claims/{id}/contact': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Read the telephone numbers that a consumer gave with a claim; who reads them, and why, is kept */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { id: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        reason: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          numbers: (string)[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/claims/{id}/decision': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Accept or refuse an open claim; above the limit of the policy it then waits for a second person */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { id: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        amount: number;
        by: string;
        code?: (("fee-refund" | "interest-waived" | "price-difference" | "third-party-penalty" | "in-part" | "goodwill" | "outside-disruption" | "no-such-transaction" | "booked-after-all" | "alternative-worked" | "other-cause" | "no-loss" | "duplicate" | "not-shown") | null);
        decision: ("accepted" | "refused");
        reason: (string | null);
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          claim: string;
          state: ("decided" | "waiting");
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/claims/{id}/escalations': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Record a stage of a complaint at the Financial Supervisory Service or a court */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { id: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        authority: ("fss" | "court");
        by: string;
        case: string;
        stage: ("filed" | "agreement" | "committee" | "proposal" | "accepted" | "rejected" | "court" | "closed");
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          claim: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/claims/{id}/payee': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Read whom a claim is about: pseudonym and transaction; who reads them, and why, is kept */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { id: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        reason: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          reference: (string | null);
          subject: (string | null);
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/claims/{id}/payments': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Record a payment of an accepted claim, or a part of it */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { id: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        amount: number;
        by: string;
        payment: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          claim: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/claims/{id}/run': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Give a claim that no disruption matched its run */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { id: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        run: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          claim: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/containment/events': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Attempts to leave a scope as they are seen (server-sent events) */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/containment/runs/{run}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** What the cages of a run reported, and what its tests tried outside their scope */
    get: {
      parameters: {
        query?: { after?: number; limit?: number; };
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          attempts: ({
            address: string;
            at: string;
            id: number;
            packets: number;
            port: (number | null);
            protocol: ("tcp" | "udp" | "icmp" | "other");
          })[];
          next: (number | null);
          reports: ({
            report: {
              allowed: ({
                address: string;
                connections: number;
                port: (number | null);
                protocol: ("tcp" | "udp" | "icmp" | "other");
              })[];
              bytes: {
                in: number;
                out: number;
              };
              denied: ({
                address: string;
                packets: number;
                port: (number | null);
                protocol: ("tcp" | "udp" | "icmp" | "other");
              })[];
              endedAt?: string;
              evidence?: ({
                bytes: number;
                digest: string;
                name: string;
              })[];
              exitCode: (number | null);
              level: ("kernel" | "rootless" | "container" | "cooperative");
              lostToCap: {
                packets: number;
              };
              notHeld?: ({
                en: string;
                ko: string;
              })[];
              outcome: ("exited" | "stopped" | "window-closed" | "lease-lost" | "refused");
              schema: "breakwater.containment/1";
              selfTest?: {
                insideAnswered: (boolean | null);
                outsideBlocked: (boolean | null);
                rounds: number;
              };
              signed: boolean;
              startedAt?: string;
              stoppedAfterMs: (number | null);
              trip: (({
                limit: number;
                observed: number;
                reason: "attempts";
              } | {
                canary: ("inside" | "outside");
                detail: string;
                reason: "self-test";
              } | {
                reason: "proxy-gone";
              } | {
                reason: "window-start";
                startsAt: string;
              } | {
                endedAt: string;
                reason: "window-end";
              } | {
                reason: "lease-lost";
                silentMs: number;
              } | {
                by: string;
                reason: "lever";
              }) | null);
            };
            step: string;
            tools: (string)[];
          })[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/copies': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Requests for copies: one’s own, or all for whoever conducts cases */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          copies: (components['schemas']['PersonalCopy'])[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    /** Ask for a sealed copy of what concerns an individual’s own acts in a run */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        /** Whom it is for; of others only whoever conducts cases asks, on their letter. */
        person: string;
        /** Where the request itself is kept, such as a letter’s number. */
        received: string;
        run: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['PersonalCopy']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/copies/{copy}/answer': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Seal the copy, or say why there is none */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { copy: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        refusal?: (string | null);
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['PersonalCopy']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/copies/{copy}/file': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The file of a copy (application/zip) */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { copy: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content?: never };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/disseminations': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** What authorities sent, the newest first, each with its verdict and what that rests on */
    get: {
      parameters: {
        query?: { limit?: number; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          disseminations: (components['schemas']['KeptDissemination'])[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    /** Keep what an authority sent, with the verdict on its signature at receipt; the body is the document or its scan */
    post: {
      parameters: {
        query: { by: string; id: string; authority: string; channel: ("csaf" | "taxii" | "letter" | "portal" | "mail"); receivedAt: string; vulnerabilities?: string; signature?: string; remediation?: string; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/octet-stream': unknown; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Dissemination']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/disseminations/transcripts': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** A second person reads an unsigned document: the same ids attest it */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        id: string;
        vulnerabilities: (string)[];
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Dissemination']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/dossiers/{manifest}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The file of a sealed dossier (application/zip) */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { manifest: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content?: never };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/exposures': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** What of the inventory is exposed to which vulnerability, the most urgent first, each with its reasons */
    get: {
      parameters: {
        query?: { vulnerability?: string; asset?: string; component?: number; document?: number; decision?: ("track" | "track*" | "attend" | "act"); filtered?: ("yes" | "no"); offset?: number; limit?: number; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          /** There are more matches than are weighed at once: narrow the question. */
          cut: boolean;
          exposures: (components['schemas']['Exposure'])[];
          /** Hidden by VEX. */
          filtered: number;
          total: number;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/findings': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Findings that everybody may read, by fingerprint; those of the restricted group are not among them */
    get: {
      parameters: {
        query?: { run?: string; after?: string; limit?: number; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          findings: (components['schemas']['Finding'])[];
          next: (string | null);
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/findings/import': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Keep the findings of a tool’s file, all of them or none; the body is the file */
    post: {
      parameters: {
        query: { run: string; format: ("nmap" | "nuclei" | "openvas" | "sarif" | "tester"); by: string; asset?: string; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/octet-stream': unknown; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          /** Fingerprints that the run had not been seen with. */
          added: number;
          /** In the file. */
          findings: number;
          /** The policy holds the run. */
          held: boolean;
          /** Rows of the file that tell of no weakness. */
          ignored: number;
          run: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/findings/restricted': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Critical findings, for a person of the restricted group who signs for reading them */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        after?: (string | null);
        limit?: number;
        signature: {
          key: string;
          signature: string;
          webauthn?: components['schemas']['Assertion'];
        };
        statement: {
          act: ("read" | "isolate" | "report-to-fsi" | "request-dissemination" | "emergency-plan");
          at: string;
          fingerprint: (string | null);
          institution: string;
          nonce: string;
          person: string;
          schema: "breakwater.restricted-act/1";
        };
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          findings: (components['schemas']['Finding'])[];
          next: (string | null);
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/findings/restricted/drafts': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Draft what may be done about a critical finding, for a person of the restricted group who signs for it */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        /** A submitted plan of the same services: a draft plan takes over what is not about its work. */
        plan?: (string | null);
        signature: {
          key: string;
          signature: string;
          webauthn?: components['schemas']['Assertion'];
        };
        statement: {
          act: ("read" | "isolate" | "report-to-fsi" | "request-dissemination" | "emergency-plan");
          at: string;
          fingerprint: (string | null);
          institution: string;
          nonce: string;
          person: string;
          schema: "breakwater.restricted-act/1";
        };
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          mediaType: ("text/plain" | "application/yaml");
          text: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/host-certificates': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Certificates of servers, levers and hosts on other machines that have not run out */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          certificates: (components['schemas']['HostCertificate'])[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    /** A certificate for somebody who may stop runs on hosts of other machines, and nothing else */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        name: string;
        /** Certificate request (PKCS #10, PEM) of a P-256 key that stays where it was made. */
        request: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['IssuedCertificate']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/host-certificates/{serial}/revoke': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Revoke a certificate; every host that answers hears of it at once */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { serial: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        /** It stays in the evidence: no names. */
        reason: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          serial: string;
          /** Hosts that did not answer: they hear of it within a minute of coming back. */
          untold: (string)[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/host-enrolments': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Enrol a host by its one-time code: its key that signs journals, and a certificate for TLS */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        host: string;
        publicKey: string;
        /** Certificate request (PKCS #10, PEM) of a P-256 key that stays where it was made. */
        request: string;
        secret: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['IssuedCertificate']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/hosts': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Execution hosts and what they said of themselves */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          hosts: (components['schemas']['ExecutionHost'])[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    /** Enrol the key by which a host signs its journals */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        host: string;
        publicKey: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['ExecutionHost']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/hosts/{host}/invitation': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** A one-time code by which a host on another machine enrols itself, within an hour */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { host: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          code: string;
          host: string;
          until: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/hosts/{host}/rotate': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Give a host on another machine a new key and certificate now; they are renewed by themselves otherwise */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { host: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          host: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/identities/unlink': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Take such a link away */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        issuer: string;
        /** What the identity provider calls the person (`sub`). */
        subject: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          unlinked: true;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/inventory/assets': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Assets that are present, by id */
    get: {
      parameters: {
        query?: { after?: string; limit?: number; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          assets: (components['schemas']['InventoryAsset'])[];
          next: (string | null);
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/inventory/components': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Components that are present: of an asset, of a package, or all */
    get: {
      parameters: {
        query?: { asset?: string; package?: string; after?: (string | ""); limit?: number; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          components: (components['schemas']['InventoryComponent'])[];
          next: (string | null);
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/inventory/end-of-life': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Assets and components without support on a day, the earliest end first */
    get: {
      parameters: {
        query?: { on?: string; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          items: ({
            asset: string;
            component: (string | null);
            endsOn: string;
            kind: ("asset" | "component");
          })[];
          on: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    /** Keep days at which the support of packages ends, in the place of those kept for the same packages */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        /** The document that states them. */
        document: string;
        entries: ({
          endsOn: string;
          package: string;
          /** 3.8 means 3.8 and 3.8.x. */
          prefix: string;
        })[];
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          entries: number;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/inventory/imports': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Imports, newest first */
    get: {
      parameters: {
        query?: { limit?: number; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          imports: ({
            at: string;
            by: string;
            counts: { [name: string]: {
              added: number;
              changed: number;
              gone: number;
            } };
            digest: string;
            format: string;
            id: number;
            source: string;
          })[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    /** Say what a file changes in the inventory, and change it with apply=yes; the body is the file */
    post: {
      parameters: {
        query: { by: string; format?: ("cyclonedx-json" | "cyclonedx-xml" | "spdx-json" | "spdx-tag-value" | "spdx3-json" | "nmap" | "dpkg" | "rpm" | "apk" | "collected" | "cmdb-csv" | "inventory"); source?: string; asset?: string; distro?: string; mapping?: string; apply?: ("yes" | "no"); base?: number; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/octet-stream': unknown; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['InventoryImport']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/inventory/listeners': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Ports that listen */
    get: {
      parameters: {
        query?: { asset?: string; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          listeners: ({
            address: string;
            asset: (string | null);
            firstSeen: string;
            lastSeen: string;
            port: number;
            product: (string | null);
            protocol: ("tcp" | "udp" | "sctp");
            service: (string | null);
            source: string;
            version: (string | null);
          })[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/inventory/not-seen': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Assets and sources that nothing has been seen of since an instant */
    get: {
      parameters: {
        query: { since: string; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          items: ({
            id: string;
            kind: ("asset" | "source");
            lastSeen: string;
          })[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/inventory/services': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Services, their modules, and the assets of each module */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          services: (components['schemas']['InventoryService'])[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/inventory/unmatched': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Components that cannot be matched, with why */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          components: ({
            asset: string;
            name: string;
            source: string;
            version: (string | null);
            why: string;
          })[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/keys': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Operator keys */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          keys: (components['schemas']['OperatorKey'])[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    /** Enrol a key */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': components['schemas']['SignedEnrolment']; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['OperatorKey']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/keys/export': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Operator keys as a verifier takes them (breakwater.keys/1) */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['breakwater.keys-1']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/keys/founding': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Found the keys of an institution that has none: two persons enrol each other */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        founders: [components['schemas']['SignedEnrolment'], components['schemas']['SignedEnrolment']];
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          keys: (components['schemas']['OperatorKey'])[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/keys/proposals': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Keys that wait for a second person to enrol them */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          proposals: (components['schemas']['KeyProposal'])[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    /** Propose one’s own key; the person whom the statement names enrols it with `POST /keys` */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        possession: {
          signature: string;
          webauthn?: components['schemas']['Assertion'];
        };
        statement: {
          enrolledBy: string;
          from: string;
          institution: string;
          nonce: string;
          person: string;
          publicKey: string;
          role: string;
          schema: "breakwater.enrolment/1";
          to: string;
          webauthn?: components['schemas']['PasskeyPlace'];
        };
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          key: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/keys/revocations': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Revoke a key */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        signature: {
          key: string;
          signature: string;
          webauthn?: components['schemas']['Assertion'];
        };
        statement: {
          at: string;
          by: string;
          institution: string;
          key: string;
          nonce: string;
          schema: "breakwater.revocation/1";
        };
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          key: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/log/checkpoint': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The newest signed checkpoint (C2SP tlog-checkpoint) */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content?: never };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/log/checkpoints': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Signed checkpoints, newest first, with their witnesses and time stamps */
    get: {
      parameters: {
        query?: { before?: number; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          checkpoints: ({
            cosigned: ({
              at: string;
              witness: string;
            })[];
            note: string;
            origin: string;
            signedAt: string;
            size: number;
            stampAsked: boolean;
            stamped: ({
              at: string;
              authority: string;
            })[];
          })[];
          /** Those that this log asks. */
          witnesses: (string)[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/log/keys': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Leaves in the log, and its keys with their successions */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          keys: ({
            succession: (string | null);
            vkey: string;
          })[];
          size: number;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/log/proof/{index}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The offline proof of one record (C2SP tlog-proof) */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { index: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content?: never };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/log/records': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Records of the log, newest first */
    get: {
      parameters: {
        query?: { before?: number; domain?: string; run?: string; person?: string; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          /** `before` of the next call; null: that was all. */
          next: (number | null);
          records: ({
            erased: boolean;
            index: number;
            leaf: {
              actor: {
                id: string;
                kind: ("person" | "host" | "system");
              };
              at: string;
              commitment: string;
              institution: string;
              receivedAt: string;
              schema: "breakwater.leaf/1";
              subjects: { [name: string]: string };
              type: string;
            };
          })[];
          /** Leaves in the log. */
          size: number;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/log/records/{index}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** One record, with what opens its commitment */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { index: number; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['LogRecord']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/log/status': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Whether the log continues what was signed, its size and keys */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          keptSize: (number | null);
          keys: ({
            succession: (string | null);
            vkey: string;
          })[];
          origin: string;
          pending: number;
          refusal: ({
            code: string;
            message: string;
          } | null);
          signedSize: number;
          size: number;
          vkey: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/log/tile/{*}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** A tile of hashes or a bundle of entries (C2SP tlog-tiles) */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { '*': string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content?: never };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/notices': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Notices, the newest first; the last 100 */
    get: {
      parameters: {
        query?: { plan?: string; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          notices: (components['schemas']['ListedNotice'])[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    /** Write a notice down; the same document for the same plan is the same notice */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        document: components['schemas']['breakwater.notice-1'];
        plan: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          notice: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/notices/decisions': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Hand in a signed decision about a notice */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        at: string;
        decision: ("approve" | "return");
        digest: string;
        key: string;
        nonce: string;
        notice: string;
        person: string;
        role: string;
        schema: "breakwater.notice-decision/1";
        signature: string;
        waiver: (string | null);
        webauthn?: components['schemas']['Assertion'];
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          approved: boolean;
          document: string;
          needed: number;
          notice: string;
          persons: (string)[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/notices/drafts': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Drafts that are neither announced nor discarded, with their lint; those of a trip lie here prefilled */
    get: {
      parameters: {
        query?: { plan?: string; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          drafts: ({
            by: string;
            document: components['schemas']['breakwater.notice-1'];
            draft: string;
            draftedAt: string;
            lint: {
              findings: ({
                message: {
                  en: string;
                  ko: string;
                };
                path: string;
                rule: ("field.missing" | "field.placeholder" | "window.order" | "window.past" | "window.weekday" | "scope.mismatch" | "channel.in-scope" | "channel.closed" | "text.url" | "text.advert" | "text.charset" | "text.too-long" | "text.vulnerability-detail" | "sender.unregistered" | "phone.missing");
                severity: ("error" | "warning");
              })[];
              ok: boolean;
              schema: "breakwater.lint/1";
              sms: {
                bytes: number;
                type: ("SMS" | "LMS");
              };
            };
            origin: ("person" | "plan" | "trip");
            plan: string;
            revision: number;
            run: (string | null);
            savedAt: string;
          })[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    /** Begin a draft of a notice */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        document: components['schemas']['breakwater.notice-1'];
        plan: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          by: string;
          document: components['schemas']['breakwater.notice-1'];
          draft: string;
          draftedAt: string;
          lint: {
            findings: ({
              message: {
                en: string;
                ko: string;
              };
              path: string;
              rule: ("field.missing" | "field.placeholder" | "window.order" | "window.past" | "window.weekday" | "scope.mismatch" | "channel.in-scope" | "channel.closed" | "text.url" | "text.advert" | "text.charset" | "text.too-long" | "text.vulnerability-detail" | "sender.unregistered" | "phone.missing");
              severity: ("error" | "warning");
            })[];
            ok: boolean;
            schema: "breakwater.lint/1";
            sms: {
              bytes: number;
              type: ("SMS" | "LMS");
            };
          };
          origin: ("person" | "plan" | "trip");
          plan: string;
          revision: number;
          run: (string | null);
          savedAt: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/notices/drafts/{id}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    /** Save a draft; refused when somebody saved it since this revision */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: { id: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        document: components['schemas']['breakwater.notice-1'];
        revision: number;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          by: string;
          document: components['schemas']['breakwater.notice-1'];
          draft: string;
          draftedAt: string;
          lint: {
            findings: ({
              message: {
                en: string;
                ko: string;
              };
              path: string;
              rule: ("field.missing" | "field.placeholder" | "window.order" | "window.past" | "window.weekday" | "scope.mismatch" | "channel.in-scope" | "channel.closed" | "text.url" | "text.advert" | "text.charset" | "text.too-long" | "text.vulnerability-detail" | "sender.unregistered" | "phone.missing");
              severity: ("error" | "warning");
            })[];
            ok: boolean;
            schema: "breakwater.lint/1";
            sms: {
              bytes: number;
              type: ("SMS" | "LMS");
            };
          };
          origin: ("person" | "plan" | "trip");
          plan: string;
          revision: number;
          run: (string | null);
          savedAt: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    post?: never;
    /** Give up a draft */
    delete: {
      parameters: {
        query: { by: string; };
        header?: never;
        path: { id: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          discarded: true;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/notices/gate': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Whether a work may start as far as its notices go: by receipts, met, not met or unknown, with numbers */
    get: {
      parameters: {
        query: { plan: string; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          findings: ({
            status: ("met" | "not-met" | "unknown");
            what: ("website" | "coverage" | "lead" | "progress");
            words: {
              en: string;
              ko: string;
            };
          })[];
          status: ("met" | "not-met" | "unknown");
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/notices/halt': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Whether all sendings are held */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          halted: ({
            at: string;
            by: string;
            reason: string;
          } | null);
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    /** Hold all sendings, also those that are begun later */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        reason: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          halted: ({
            at: string;
            by: string;
            reason: string;
          } | null);
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/notices/release': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Let sendings go on */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          halted: ({
            at: string;
            by: string;
            reason: string;
          } | null);
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/notices/reports': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Take what became of messages from a gateway that brings it; the same report again changes nothing */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        reports: ({
          at: string;
          code: string;
          key: string;
          state: ("accepted" | "delivered" | "failed" | "viewed" | "certified");
        })[];
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          taken: number;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/notices/{id}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Where a notice stands and what became of it */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { id: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          document: components['schemas']['breakwater.notice-1'];
          notice: string;
          plan: string;
          sendings: ({
            accepted: number;
            arrived: number;
            certified: number;
            channel: ("sms" | "email");
            delivered: (number | null);
            failed: (number | null);
            gateway: (string | null);
            halted: boolean;
            intended: number;
            lines: number;
            notice: string;
            repeated: number;
            resubmitted: number;
            stalled: boolean;
            state: ("loading" | "sending" | "paused" | "settling" | "settled" | "stopped");
            submitted: number;
            suppressed: number;
            switchedAt: (string | null);
            unknown: number;
            viewed: number;
          })[];
          submittedAt: string;
          submittedBy: string;
          website: ({
            at: string;
            url: string;
          } | null);
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/notices/{id}/announce': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Publish a draft or a notice and, where it must be told again, send it by text message: to those who were told before, or else to the customers of its services */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { id: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        wake?: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          notice: string;
          sms: ({
            accepted: number;
            arrived: number;
            certified: number;
            channel: ("sms" | "email");
            delivered: (number | null);
            failed: (number | null);
            gateway: (string | null);
            halted: boolean;
            intended: number;
            lines: number;
            notice: string;
            repeated: number;
            resubmitted: number;
            stalled: boolean;
            state: ("loading" | "sending" | "paused" | "settling" | "settled" | "stopped");
            submitted: number;
            suppressed: number;
            switchedAt: (string | null);
            unknown: number;
            viewed: number;
          } | null);
          website: {
            at: string;
            content: string;
            hash: string;
            page: string;
            url: string;
            version: number;
          };
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/notices/{id}/approval': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** How far a notice is approved */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { id: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          approved: boolean;
          document: string;
          needed: number;
          notice: string;
          persons: (string)[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/notices/{id}/erase': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Make the addresses of an ended sending unreadable for ever */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { id: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        channel?: ("sms" | "email");
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          erased: number;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/notices/{id}/estimate': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** How many a draft or a notice would tell, at which price, and whether in time: before anybody approves */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { id: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          leadMs: number;
          message: {
            bytes: number;
            type: ("SMS" | "LMS");
          };
          notice: string;
          price: (number | null);
          quiet: ({
            end: string;
            start: string;
          })[];
          recipients: {
            atMost: (number | null);
            from: ("customers" | "before" | "none");
            unlisted: (string)[];
          };
          schedule: ({
            inTime: boolean;
            latestStart: string;
            reachedBeforeStart: number;
            reachedInTime: number;
            words: {
              en: string;
              ko: string;
            };
          } | null);
          urgency: ("planned" | "emergency");
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/notices/{id}/pause': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Hold a sending: what was not handed over waits */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { id: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        channel?: ("sms" | "email");
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          sendings: ({
            accepted: number;
            arrived: number;
            certified: number;
            channel: ("sms" | "email");
            delivered: (number | null);
            failed: (number | null);
            gateway: (string | null);
            halted: boolean;
            intended: number;
            lines: number;
            notice: string;
            repeated: number;
            resubmitted: number;
            stalled: boolean;
            state: ("loading" | "sending" | "paused" | "settling" | "settled" | "stopped");
            submitted: number;
            suppressed: number;
            switchedAt: (string | null);
            unknown: number;
            viewed: number;
          })[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/notices/{id}/publish': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Put a notice on the public site */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { id: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          at: string;
          content: string;
          hash: string;
          page: string;
          url: string;
          version: number;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/notices/{id}/rejected': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Lines of a list that reach nobody, and why; the first 10,000 */
    get: {
      parameters: {
        query?: { channel?: ("sms" | "email"); after?: number; };
        header?: never;
        path: { id: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          lines: ({
            line: number;
            reason: string;
          })[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/notices/{id}/resume': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Go on with a sending that is held */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { id: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        channel?: ("sms" | "email");
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          sendings: ({
            accepted: number;
            arrived: number;
            certified: number;
            channel: ("sms" | "email");
            delivered: (number | null);
            failed: (number | null);
            gateway: (string | null);
            halted: boolean;
            intended: number;
            lines: number;
            notice: string;
            repeated: number;
            resubmitted: number;
            stalled: boolean;
            state: ("loading" | "sending" | "paused" | "settling" | "settled" | "stopped");
            submitted: number;
            suppressed: number;
            switchedAt: (string | null);
            unknown: number;
            viewed: number;
          })[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/notices/{id}/sendings': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Send a notice by message; the body (text/csv) has one address a line. Sent again, it goes on where it broke off */
    post: {
      parameters: {
        query: { by: string; channel?: ("sms" | "email"); column?: string; wake?: string; };
        header?: never;
        path: { id: string; };
        cookie?: never;
      };
      requestBody: { content: { 'text/csv': unknown; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          accepted: number;
          arrived: number;
          certified: number;
          channel: ("sms" | "email");
          delivered: (number | null);
          failed: (number | null);
          gateway: (string | null);
          halted: boolean;
          intended: number;
          lines: number;
          notice: string;
          repeated: number;
          resubmitted: number;
          stalled: boolean;
          state: ("loading" | "sending" | "paused" | "settling" | "settled" | "stopped");
          submitted: number;
          suppressed: number;
          switchedAt: (string | null);
          unknown: number;
          viewed: number;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/notices/{id}/stop': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Stop a sending: what was not submitted never is */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { id: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        channel?: ("sms" | "email");
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          sendings: ({
            accepted: number;
            arrived: number;
            certified: number;
            channel: ("sms" | "email");
            delivered: (number | null);
            failed: (number | null);
            gateway: (string | null);
            halted: boolean;
            intended: number;
            lines: number;
            notice: string;
            repeated: number;
            resubmitted: number;
            stalled: boolean;
            state: ("loading" | "sending" | "paused" | "settling" | "settled" | "stopped");
            submitted: number;
            suppressed: number;
            switchedAt: (string | null);
            unknown: number;
            viewed: number;
          })[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/notices/{id}/told': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Whether a number was told, when, with which text, and the proof */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { id: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        channel?: ("sms" | "email");
        number: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          told: ({
            channel: string;
            level: (("submitted" | "accepted" | "delivered" | "viewed" | "certificate") | null);
            notice: string;
            proof: ({
              batch: number;
              delivery: {
                acceptedAt: (string | null);
                certificate: (string | null);
                channel: string;
                code: (string | null);
                notice: string;
                recipient: string;
                schema: "breakwater.delivery/1";
                settledAt: (string | null);
                state: string;
                submittedAt: (string | null);
                text: string;
                viewedAt: (string | null);
              };
              index: number;
              leaves: number;
              path: (string)[];
              root: string;
              schema: "breakwater.delivery-proof/1";
            } | null);
            settledAt: (string | null);
            state: string;
            submittedAt: (string | null);
            text: string;
          } | null);
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/notices/{id}/visibility': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** How often the public page was looked at, and whether it could be read as it was published */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { id: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          asPublished: number;
          first: (string | null);
          last: (string | null);
          lastFault: (string | null);
          looks: number;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/packs': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Every policy pack with its approvals */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          packs: (components['schemas']['KnownPack'])[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    /** Load a policy pack; it is used once two other persons approved it */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        document: Json;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['KnownPack']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/packs/decisions': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Hand in a signed decision about a loaded pack */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        at: string;
        decision: ("approve" | "return");
        digest: string;
        key: string;
        nonce: string;
        pack: string;
        person: string;
        role: string;
        schema: "breakwater.pack-decision/1";
        signature: string;
        webauthn?: components['schemas']['Assertion'];
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['KnownPack']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/passkeys': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** One’s own passkeys */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          passkeys: (components['schemas']['Passkey'])[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    /** Register the passkey that a browser made */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        label: string;
        response: ({
          id: string;
          rawId: string;
          response: ({
            clientDataJSON: string;
          } & { [name: string]: unknown });
          type: "public-key";
        } & { [name: string]: unknown });
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Passkey']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/passkeys/options': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** What a browser needs to make a passkey */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': ({
          challenge: string;
        } & { [name: string]: unknown }); } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/passkeys/{credential}/remove': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Take one of one’s own passkeys away */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { credential: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          credential: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/patch-exceptions': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Exceptions as they stand, the newest first */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          exceptions: (components['schemas']['PatchException'])[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    /** Ask that exposures be left as they are until a day; two others have to agree */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        exposures: (string)[];
        /** What is done against the danger until then. */
        meanwhile: string;
        reason: string;
        until: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['PatchException']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/patch-exceptions/decisions': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Hand in a signed word on an exception */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        signature: {
          key: string;
          signature: string;
          webauthn?: components['schemas']['Assertion'];
        };
        statement: {
          at: string;
          decision: ("approve" | "return");
          digest: string;
          exception: string;
          institution: string;
          nonce: string;
          person: string;
          role: string;
          schema: "breakwater.exception-decision/1";
        };
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['PatchException']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/patch-exceptions/{id}/end': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** End an exception before its day */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { id: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        reason: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['PatchException']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/patches': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Patches with how far each is, the newest first */
    get: {
      parameters: {
        query?: { open?: ("yes" | "no"); };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          patches: (components['schemas']['Patch'])[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    /** Open the patch of a plan: the exposures that it is to remove; the plan need not be submitted yet */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        assets?: ((string)[] | null);
        by: string;
        exposures: (string)[];
        plan: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Patch']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/patches/ageing': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** How old every exposure is, when it is due and what is done about it; the most overdue first */
    get: {
      parameters: {
        query?: { offset?: number; limit?: number; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['AgeingReport']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/patches/{plan}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The patch of a plan, each of its exposures on each asset */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { plan: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Patch']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/patches/{plan}/verification': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Ask the inventory as it is matched now about an executed patch; imports do so by themselves */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { plan: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Patch']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/patches/{plan}/withdrawal': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Give a patch up before it is executed */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { plan: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        reason: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Patch']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/persons': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Persons and their roles */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          persons: (components['schemas']['Person'])[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    /** Register a person, or give a known one more roles or another name */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        name?: (string | null);
        person: string;
        roles?: (("operator" | "author" | "approver" | "ciso" | "consumer-protection" | "compliance" | "auditor" | "committee-member" | "administrator" | "hub-operator" | "hub-member"))[];
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Person']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/persons/{person}/disabled': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Let a person in no more, ending their sessions at once; or let them in again */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { person: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        disabled: boolean;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Person']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/persons/{person}/identities': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Link an account at the identity provider to a person */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { person: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        issuer: string;
        /** What the identity provider calls the person (`sub`). */
        subject: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          person: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/persons/{person}/roles/{role}/revoke': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Take a role from a person, at once */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { person: string; role: ("operator" | "author" | "approver" | "ciso" | "consumer-protection" | "compliance" | "auditor" | "committee-member" | "administrator" | "hub-operator" | "hub-member"); };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Person']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/plans': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The newest revision of each plan */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          plans: (components['schemas']['ListedPlan'])[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    /** Submit a plan; another document is another revision, without approvals */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        document: Json;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['PlanRevision']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/plans/decisions': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Hand in a signed decision about a plan */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': components['schemas']['Approval']; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['ApprovalTally']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/plans/drafts': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Draft a work plan for exposures: steps in rings, owners, dissemination, notice; nothing is kept */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        assets?: ((string)[] | null);
        /** The author of the plan. */
        by: string;
        exposures: (string)[];
        id?: (string | null);
        /** Start of the window; left out = the next quiet night. */
        start?: (string | null);
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['PlanDraft']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/plans/{plan}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** A plan with its approvals and rehearsals */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { plan: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Plan']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/plans/{plan}/readiness': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Whether a plan could start now, judged with everything that is known */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { plan: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['RunJudged']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/plans/{plan}/revisions': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** All revisions of a plan, oldest first */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { plan: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          revisions: (components['schemas']['PlanRevision'])[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/readyz': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The server can do its work */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Readiness']; } };
        503: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Readiness']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/relief/events': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** What people are to know: steps of damage, ends of time, leaks, assessments that were opened again */
    get: {
      parameters: {
        query?: { run?: string; after?: number; limit?: number; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          events: ({
            at: string;
            detail: { [name: string]: Json };
            id: number;
            kind: string;
            run: (string | null);
            subject: (string | null);
          })[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/relief/leaks/{leak}/duties/{duty}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Record that a duty of a leak was done */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { leak: string; duty: ("pipc-report" | "subject-notice" | "credit-leak-notice" | "credit-leak-report"); };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        doneAt: string;
        reference: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          leak: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/relief/leaks/{leak}/notice-draft': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** A draft of the notice to the persons whose data leaked */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { leak: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          missing: ({
            en: string;
            ko: string;
          })[];
          sms: string;
          website: {
            en: string;
            ko: string;
          };
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/relief/payment-files': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** What is owed on accepted claims as CSV for the payment system; that it was made is evidence */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        /** null: of all runs. */
        run: (string | null);
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content?: never };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/relief/payment-files/masked': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** The same with only the last two characters of pseudonyms, for who checks it */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        /** null: of all runs. */
        run: (string | null);
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content?: never };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/relief/policy': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** What the company set for its relief, and where its defaults come from */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          policy: {
            answerWithinDays: number;
            damageLimit: number;
            damageSteps: (number)[];
            fields: { [name: string]: {
              class: ("personalCredit" | "other");
              special: boolean;
            } };
            goodwillCounts: boolean;
            lateFactsDays: number;
            matchWithinMinutes: number;
            proactiveWithinDays: number;
            remindDaysBefore: (number)[];
            schema: "breakwater.relief-policy/1";
            secondApproverAbove: number;
            secondRefusalAbove: (number | null);
          };
          sources: { [name: string]: {
            clause: (string | null);
            date: string;
            document: string;
          } };
          /** 0: the defaults. */
          version: number;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    /** Set the relief policy; leaks are classified again under its table of fields */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        policy: Json;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          version: number;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/relief/preparations': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Say, before a work, until when and where claims are taken */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        claimsUntil: string;
        contact: string;
        plan: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          claimsUntil: string;
          contact: string;
          plan: string;
          preparedAt: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/relief/runs/{run}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The claims of a run summed, and its damage ledger */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          damage: {
            company: ({
              high: (number | null);
              low: number;
            } | null);
            customer: ({
              high: (number | null);
              low: number;
            } | null);
            goodwill: ({
              high: (number | null);
              low: number;
            } | null);
            recourse: ({
              high: (number | null);
              low: number;
            } | null);
            thirdParty: ({
              high: (number | null);
              low: number;
            } | null);
          };
          figures: {
            accepted: number;
            acceptedAmount: number;
            count: number;
            estimatedHigh: (number | null);
            estimatedLow: number;
            open: number;
            openHigh: (number | null);
            openLow: number;
            paid: number;
            paidAmount: number;
            refused: number;
            unpaidAmount: number;
          };
          /** Until when late facts are taken; null: its plan is not known. */
          lateFactsUntil: (string | null);
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/relief/runs/{run}/acceptance': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Accept every open proactive claim of a run for its fee; one without a fee is left to a person */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          accepted: number;
          amount: number;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/relief/runs/{run}/channels': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Attest when an alternative channel was down; a time that ends as it begins says that it never was */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        end: string;
        evidence: ({
          digest: (string | null);
          obtainedAt: string;
          source: string;
        })[];
        service: string;
        start: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          run: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/relief/runs/{run}/damage': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The damage ledger of a run: its rows as they stand, and what they come to */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          byType: {
            company: ({
              high: (number | null);
              low: number;
            } | null);
            customer: ({
              high: (number | null);
              low: number;
            } | null);
            goodwill: ({
              high: (number | null);
              low: number;
            } | null);
            recourse: ({
              high: (number | null);
              low: number;
            } | null);
            thirdParty: ({
              high: (number | null);
              low: number;
            } | null);
          };
          rows: ({
            amount: ({
              high: (number | null);
              low: number;
            } | null);
            at: string;
            by: string;
            evidence: ({
              digest: (string | null);
              obtainedAt: string;
              source: string;
            })[];
            id: string;
            revision: number;
            state: ("claimed" | "estimated" | "accepted" | "paid");
            type: ("customer" | "company" | "thirdParty" | "goodwill" | "recourse");
          })[];
          /** Percent of the limit that was reached, of the steps of the policy. */
          step: number;
          totals: {
            accepted: number;
            best: {
              high: (number | null);
              low: number;
            };
            settled: number;
            unknown: (("customer" | "company" | "thirdParty" | "goodwill" | "recourse"))[];
            upper: {
              high: (number | null);
              low: number;
            };
          };
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    /** Attest parts of the damage that no claim tells */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        parts: {
          company?: ({
            high: (number | null);
            low: number;
          } | null);
          goodwill?: ({
            high: (number | null);
            low: number;
          } | null);
          recourse?: ({
            high: (number | null);
            low: number;
          } | null);
          thirdParty?: ({
            high: (number | null);
            low: number;
          } | null);
        };
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          company: ({
            high: (number | null);
            low: number;
          } | null);
          customer: ({
            high: (number | null);
            low: number;
          } | null);
          goodwill: ({
            high: (number | null);
            low: number;
          } | null);
          recourse: ({
            high: (number | null);
            low: number;
          } | null);
          thirdParty: ({
            high: (number | null);
            low: number;
          } | null);
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/relief/runs/{run}/damage/rows': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Add a row to the damage ledger, or say what a row is now; every revision stays */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        /** null: nobody knows yet. */
        amount: ({
          high: (number | null);
          low: number;
        } | null);
        by: string;
        evidence: ({
          digest: (string | null);
          obtainedAt: string;
          source: string;
        })[];
        /** Left out: a new row. */
        row?: string;
        state: ("claimed" | "estimated" | "accepted" | "paid");
        type: ("customer" | "company" | "thirdParty" | "goodwill" | "recourse");
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          revision: number;
          row: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/relief/runs/{run}/erase': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Erase the pseudonyms and transactions of the claims of a run */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          erased: number;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/relief/runs/{run}/late-facts': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Take late facts of a run for longer */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        reason: string;
        until: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          run: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/relief/runs/{run}/leaks': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The leaks of a run with their classes and the duties they started */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          leaks: (components['schemas']['Leak'])[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    /** Record leaked records by class, as measured or attested */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        attestedBy: (string | null);
        leaks: {
          other: ({
            high: (number | null);
            low: number;
          } | null);
          personalCredit: ({
            high: (number | null);
            low: number;
          } | null);
          unclassified: ({
            high: (number | null);
            low: number;
          } | null);
        };
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          run: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/relief/runs/{run}/leaks/entries': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Enter a leak, or say what is known of one now: counts and names of fields, never the data */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        entry: {
          awareAt: string;
          cause: (("work" | "mixed" | "other") | null);
          discoveredAt: string;
          fields: (string)[];
          illegalExternalAccess: (boolean | null);
          kind: (("access" | "exfiltration") | null);
          persons: ({
            high: (number | null);
            low: number;
          } | null);
          records: ({
            high: (number | null);
            low: number;
          } | null);
          source: string;
        };
        /** Left out: a new leak. */
        leak?: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Leak']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/relief/runs/{run}/payments': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Record that every accepted claim of a run was paid in full */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        payment: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          amount: number;
          paid: number;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/relief/runs/{run}/results': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Tell the result, by one text message, to whoever filed a claim of the run that is decided and not told */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          claims: number;
          notice: (string | null);
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/runs': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The newest runs */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          runs: (components['schemas']['RunSummary'])[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    /** Ask for a run or a rehearsal of a submitted plan; the start gate answers at once */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        mode: ("live" | "rehearsal");
        plan: string;
        waivers?: (components['schemas']['SignedWaiver'])[];
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['RunRequested']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/runs/{run}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** A run as it stands */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Run']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/runs/{run}/assessments': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** All assessments of a run, oldest first */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          assessments: (components['schemas']['MadeAssessment'])[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    /** Assess what the sealed records of a run say; earlier assessments stay */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        asOf?: (string | null);
        pack?: (string | null);
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['MadeAssessment']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/runs/{run}/causes': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Record how the cause of a disruption was classified, and on what evidence */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        cause: ("work" | "mixed" | "other");
        disruption: string;
        evidence: (string)[];
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          run: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/runs/{run}/declarations': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Record what the applicant states about fault and consumer loss */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        consumerDamage: (boolean | null);
        consumerLossSerious: (boolean | null);
        grossNegligence: (boolean | null);
        intent: (boolean | null);
        privateInterest: (boolean | null);
        proceduralDefect: (boolean | null);
        /** The institution, or the pseudonym of a person. */
        subject: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          run: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/runs/{run}/dossiers': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The sealed dossiers of a run, oldest first */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          dossiers: (components['schemas']['SealedDossier'])[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    /** Export and seal the dossier of a run */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        asOf?: (string | null);
        /** Also seal the English edition, without persons, and answer it. */
        edition?: "en";
        pack?: (string | null);
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          assessment: components['schemas']['breakwater.assessment-1'];
          dossier: components['schemas']['SealedDossier'];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/runs/{run}/duties': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** What must be reported and told about a run: each duty with its source, its time, and whether it was done */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['FilingClocks']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/runs/{run}/duties/{duty}/draft': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The draft of a report, filled from the evidence; what no record tells is listed as missing */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; duty: ("efars-initial" | "efars-interim" | "efars-final" | "pipc-report" | "subject-notice" | "credit-leak-notice" | "credit-leak-report" | "user-cause-and-result"); };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['FilingDraft']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/runs/{run}/duties/{duty}/filings': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Record that a report was filed, or that persons were told */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; duty: ("efars-initial" | "efars-interim" | "efars-final" | "pipc-report" | "subject-notice" | "credit-leak-notice" | "credit-leak-report" | "user-cause-and-result"); };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by: string;
        delayReason?: (string | null);
        /** The digest of what was handed over. */
        document?: (string | null);
        filedAt: string;
        /** The number under which it was received. */
        reference: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['FilingClocks']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/runs/{run}/feed': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The events of a run as they are written, and what its host says twice a second (server-sent events) */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content?: never };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/runs/{run}/limits': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** What the host guards a run by: limits, and rehearsed times */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['RunLimits']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/runs/{run}/log': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The hash-chained log of a run */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          /** First row that does not follow from the one before it. */
          brokenAt: (number | null);
          rows: ({
            at: string;
            data: string;
            epoch: number;
            hash: string;
            prevHash: (string | null);
            seq: number;
            type: string;
          })[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/runs/{run}/resume': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Hand in one person’s signed approval to go on after a hold; two persons’ are needed */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        signature: {
          key: string;
          signature: string;
          webauthn?: components['schemas']['Assertion'];
        };
        statement: {
          at: string;
          hold: number;
          nonce: string;
          person: string;
          run: string;
          schema: "breakwater.resume/1";
        };
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          approvedBy: (string)[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/runs/{run}/rollback': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Roll a run back */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by?: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          run: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/runs/{run}/stop': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Pull a lever; never refused */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        by?: string;
        lever: ("hold" | "cut" | "abort-all");
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Stopped']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/runs/{run}/trust': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** What outsiders verify the dossiers of a run with: the policy of the log, the keys of persons and hosts */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          keys: components['schemas']['breakwater.keys-1'];
          policy: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/runs/{run}/watch': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** A run as it stands, again at each change (server-sent events `run`) */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { run: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content?: never };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/session': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Who the caller is, and what they may do */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Session']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/session/break-glass': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Open the break-glass account for one hour; it raises an alarm */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        code: string;
        /** Why; it stays in the evidence, so it names no person. */
        reason: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          expiresAt: string;
          person: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/session/end': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Sign out */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          ended: (string)[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/session/link': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Sign in with a one-time link; answers with the cookie of the session */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        /** What stands after `#link=` in the address. */
        link: string;
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          expiresAt: string;
          person: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/session/oidc': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Go to the identity provider to sign in (302) */
    get: {
      parameters: {
        query?: { again?: "yes"; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/session/oidc/callback': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Where the identity provider sends the browser back to */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/session/passkey': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Sign in with a passkey; signing in again takes the place of the session before */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        response: ({
          id: string;
          rawId: string;
          response: ({
            clientDataJSON: string;
          } & { [name: string]: unknown });
          type: "public-key";
        } & { [name: string]: unknown });
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          expiresAt: string;
          person: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/session/passkey/options': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** What a browser needs to sign in with a passkey */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': ({
          challenge: string;
        } & { [name: string]: unknown }); } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/sessions': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** One’s own sessions */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          sessions: (components['schemas']['SignInSession'])[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/sessions/{session}/end': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** End one of one’s own sessions, or all of them (`all`), at once */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { session: (string | "all"); };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          ended: (string)[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/sign-in-links': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Issue a one-time sign-in link for a person */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        /** Answer 409 once an administrator has signed in. */
        onlyFirst?: boolean;
        person?: (string | null);
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['SignInLink']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/starts': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Whether starts are forbidden, and why */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Starts']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/starts/allow': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Hand in one person’s signature that starts are allowed again; two persons’ are needed */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        signature: {
          key: string;
          signature: string;
          webauthn?: components['schemas']['Assertion'];
        };
        statement: {
          at: string;
          ban: string;
          institution: string;
          nonce: string;
          person: string;
          schema: "breakwater.starts/1";
        };
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['StartsReleased']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/starts/reason': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Say afterwards why starts are forbidden */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        /** Names no person. */
        note?: (string | null);
        reason: ("service-fault" | "suspected-incident" | "authority-request" | "other");
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Starts']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/stop': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Pull a lever of every run of every host, which then refuse new runs; never refused */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        lever: ("hold" | "cut" | "abort-all");
        /** Names no person. */
        note?: (string | null);
        /** Why; it may be said later. */
        reason?: (("service-fault" | "suspected-incident" | "authority-request" | "other") | null);
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Stopped']; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/suppressions': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** How many get no notices, by reason */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          reasons: ({
            count: number;
            reason: string;
          })[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    /** Add the addresses of a list to those who get no notices */
    post: {
      parameters: {
        query: { by: string; reason: ("wrong-number" | "deceased" | "customer-request" | "closed-account"); column?: string; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'text/csv': unknown; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          changed: number;
          rejected: (number)[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/suppressions/remove': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Take the addresses of a list out of those who get no notices */
    post: {
      parameters: {
        query: { by: string; column?: string; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'text/csv': unknown; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          changed: number;
          rejected: (number)[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/tokens': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** API tokens, without their secrets */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          tokens: (components['schemas']['ApiToken'])[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    /** Issue an API token; its secret is in this answer and nowhere else */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { 'application/json': {
        days?: number;
        label: string;
        scope: (("read" | "session.read" | "session.own" | "case.read" | "case.conduct" | "case.answer" | "case.deliberate" | "plan.submit" | "plan.decide" | "advisory.record" | "inventory.import" | "advisory.import" | "authority.pin" | "advisory.match" | "patch.track" | "exception.ask" | "exception.decide" | "run.request" | "run.stop" | "run.rollback" | "run.resume" | "starts.allow" | "run.waive" | "notice.submit" | "notice.publish" | "notice.send" | "notice.decide" | "notice.halt" | "notice.told" | "notice.suppress" | "notice.report" | "notice.erase" | "claim.open" | "claim.decide" | "claim.contact" | "claim.second" | "claim.payee" | "claim.erase" | "relief.record" | "relief.policy" | "pack.import" | "pack.decide" | "run.assess" | "review.declare" | "duty.file" | "dossier.export" | "finding.import" | "finding.restricted" | "key.found" | "passkey.register" | "key.propose" | "key.enrol" | "key.revoke" | "host.enrol" | "person.read" | "person.change" | "role.change" | "token.read" | "token.change" | "webhook.read" | "webhook.redeliver" | "break-glass.seal" | "sign-in.invite"))[];
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          secret: string;
          token: components['schemas']['ApiToken'];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/tokens/{token}/revoke': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Revoke an API token, at once */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { token: string; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          token: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/webhook-deliveries': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** What was told to webhooks and how each try ended, newest first */
    get: {
      parameters: {
        query?: { webhook?: string; open?: ("yes" | "no"); before?: number; limit?: number; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          deliveries: (components['schemas']['WebhookDelivery'])[];
          next: (number | null);
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/webhook-deliveries/{delivery}/redeliver': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Tell a webhook again, also what it has taken */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { delivery: number; };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          delivery: number;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/webhooks': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Webhooks that the settings name; never their addresses */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          webhooks: ({
            name: string;
            source: string;
          })[];
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/problem+json': components['schemas']['Problem']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}

export interface components {
  schemas: {
    Advisory: {
      /** FSC, FSS, FSI, or another body. */
      disseminatedBy: string;
      document: (string | null);
      id: string;
      /** proven: by the signature of a pinned key. attested: by two named persons. */
      proof: ("proven" | "attested" | "absent");
      receivedAt: string;
      vulnerabilities: (string)[];
    };
    AdvisoryDocument: {
      aliases: (string)[];
      digest: string;
      format: string;
      id: number;
      importedAt: string;
      /** Component versions that are there and match. */
      matches: number;
      modifiedAt: (string | null);
      name: string;
      /** What of it could not be judged, and rules that it breaks. */
      notes: (string)[];
      publisher: string;
      revision: string;
      source: string;
      title: string;
      tlp: (string | null);
      vulnerabilities: (string)[];
      withdrawnAt: (string | null);
    };
    AdvisoryTaken: {
      advisory: ({
        change: ("added" | "changed" | "same" | "older");
        /** Mandatory rules of its format that it breaks; they stand in its notes. */
        faults: number;
        id: string;
        matches: {
          added: number;
          changed: number;
          matches: number;
          removed: number;
        };
        notes: (string)[];
        vulnerabilities: (string)[];
      } | null);
      changed: (number | null);
      digest: string;
      /** Of a list of signals, or statements of VEX. */
      entries: (number | null);
      kind: ("advisory" | "kev" | "epss" | "vex");
    };
    AgeingReport: {
      asOf: string;
      closed: {
        inTime: number;
        late: number;
        medianDays: (number | null);
        patches: number;
        unlimited: number;
      };
      cut: boolean;
      rows: ({
        ageDays: number;
        assets: (string)[];
        component: string;
        decision: ("track" | "track*" | "attend" | "act");
        dueAt: (string | null);
        exception: ({
          id: string;
          until: string;
        } | null);
        exposure: string;
        overdueDays: (number | null);
        owners: (string)[];
        patch: ({
          plan: string;
          state: ("planned" | "rehearsed" | "announced" | "executed" | "verified" | "closed" | "withdrawn");
        } | null);
        since: string;
        /** Who sets the limit, or says that there is none. */
        source: {
          clause: (string | null);
          date: string;
          document: string;
        };
        version: string;
        vulnerability: string;
      })[];
      total: number;
      totals: ({
        decision: ("track" | "track*" | "attend" | "act");
        excepted: number;
        medianAgeDays: (number | null);
        mostAgeDays: (number | null);
        open: number;
        overdue: number;
        unplanned: number;
      })[];
    };
    ApiToken: {
      expiresAt: string;
      id: string;
      issuedAt: string;
      issuedBy: string;
      label: string;
      revokedAt: (string | null);
      /** Actions that it may do, and no others. */
      scope: (string)[];
    };
    Approval: {
      at: string;
      decision: ("approve" | "return");
      expires: string;
      key: string;
      nonce: string;
      person: string;
      planHash: string;
      role: string;
      schema: "breakwater.approval/1";
      signature: string;
      webauthn?: components['schemas']['Assertion'];
    };
    ApprovalTally: {
      approvedBy: ({
        person: string;
        role: string;
      })[];
      faults: ({
        fault: string;
        index: number;
      })[];
      returnedBy: (string)[];
    };
    Assertion: {
      authenticatorData: string;
      clientDataJSON: string;
    };
    Case: {
      acts: (("opened" | "window-set" | "filed" | "member-seated" | "recused" | "version-sealed" | "question-asked" | "question-answered" | "position-stated" | "ballot-cast" | "ballots-opened" | "result-told" | "reply-told" | "withdrawn"))[];
      applicant: {
        individual: boolean;
        /** The individual works for the company no more. */
        left: boolean;
        person: (string | null);
      };
      authority: ("FSS" | "FSC" | "FSI");
      case: string;
      filing: ({
        filedAt: string;
        /** Whether it lay outside its window; null: not known. */
        late: (boolean | null);
        reference: (string | null);
        window: (string | null);
      } | null);
      kind: ("application" | "ex-officio" | "prior-inquiry");
      /** What the view was made for. */
      level: ("public" | "redacted" | "member");
      members: ({
        person: string;
        recused: ({
          at: string;
          reason: (string | null);
        } | null);
        seat: ("chair" | "legal-adviser" | "rights-officer" | "member");
      })[];
      openedAt: string;
      plan: (string | null);
      positions: ({
        at: string;
        by: string;
        level: ("public" | "redacted" | "member");
        reading: (string | null);
        text: (string | null);
        topic: string;
      })[];
      questions: ({
        answers: ({
          at: string;
          by: string;
          level: ("public" | "redacted" | "member");
          records: (number)[];
          text: (string | null);
        })[];
        at: string;
        by: string;
        level: ("public" | "redacted" | "member");
        number: number;
        text: (string | null);
      })[];
      reply: ({
        binding: false;
        note: {
          en: string;
          ko: string;
        };
        reference: (string | null);
        reply: ("within-scope" | "outside-scope" | "conditional" | "no-view");
        text: (string | null);
        toldAt: string;
      } | null);
      result: ({
        binding: false;
        note: {
          en: string;
          ko: string;
        };
        reference: (string | null);
        result: ("accords" | "partly-accords" | "does-not-accord" | "cannot-tell");
        text: (string | null);
        toldAt: string;
      } | null);
      run: (string | null);
      state: ("draft" | "filed" | "voted" | "told" | "withdrawn");
      title: (string | null);
      versions: ({
        /** What differs from the version before; null for the first. */
        changed: ((string)[] | null);
        end: number;
        first: number;
        manifest: string;
        number: number;
        sealedAt: string;
      })[];
      vote: ({
        /** The own one before the opening, all after it. */
        ballots: ({
          minority: boolean;
          opinion: ("accords" | "partly-accords" | "does-not-accord" | "cannot-tell");
          person: string;
          reasons: (string | null);
        })[];
        cast: number;
        majority: (("accords" | "partly-accords" | "does-not-accord" | "cannot-tell") | null);
        openedAt: (string | null);
        sitting: number;
        /** null until the chair opened the ballots. */
        tally: ({ [name: string]: number } | null);
      } | null);
      windows: ({
        from: string;
        /** To the end, negative when it is over; null: the end is not known. */
        remainingMs: (number | null);
        source: string;
        state: ("ahead" | "open" | "over");
        /** null: no letter has named the end yet. */
        until: (string | null);
        window: ("inspection" | "opinion" | "reply");
      })[];
      withdrawal: ({
        at: string;
        reason: (string | null);
      } | null);
    };
    CaseSections: {
      negligence: {
        against: ({
          at: string;
          index: number;
          kind: string;
        })[];
        applicant: ({
          at: string;
          by: string;
          text: string;
        } | null);
        presumption: ("stands" | "contested" | "open");
        procedure: ({
          records: (number)[];
          step: string;
        })[];
        statements: ({
          at: string;
          by: string;
          grossNegligence: (boolean | null);
          index: number;
          intent: (boolean | null);
          privateInterest: (boolean | null);
          proceduralDefect: (boolean | null);
          subject: string;
        })[];
      };
      questions: ({
        /** The applicant’s own reading; a statement, not evidence. */
        applicant: ({
          at: string;
          by: string;
          reading: (string | null);
          text: string;
        } | null);
        criteria: (string)[];
        en: string;
        grounds: ({
          criterion: string;
          rule: string;
          status: string;
        })[];
        id: string;
        ko: string;
        /** Whether the answer could change a finding. */
        raised: boolean;
        readings: ({
          bound: ({
            operator: string;
            value: number;
          } | null);
          criterion: string;
          name: string;
          standing: (("inside" | "beyond" | "straddling") | null);
          unit: (string | null);
          value: {
            high: (number | null);
            low: number;
          };
        })[];
      })[];
      /** The sealed version that the numbers are of; null: of the newest assessment. */
      version: (number | null);
    };
    Claim: {
      amount: ({
        high: (number | null);
        low: number;
      } | null);
      appeals: number;
      decided: ({
        amount: number;
        at: string;
        by: string;
        code: (("fee-refund" | "interest-waived" | "price-difference" | "third-party-penalty" | "in-part" | "goodwill" | "outside-disruption" | "no-such-transaction" | "booked-after-all" | "alternative-worked" | "other-cause" | "no-loss" | "duplicate" | "not-shown") | null);
        reason: (string | null);
        second: (string | null);
      } | null);
      id: string;
      occurredAt: string;
      openedAt: string;
      paidAmount: number;
      paidAt: (string | null);
      /** A decision that waits for the signature of a second person. */
      proposal: ({
        amount: number;
        at: string;
        by: string;
        code: (("fee-refund" | "interest-waived" | "price-difference" | "third-party-penalty" | "in-part" | "goodwill" | "outside-disruption" | "no-such-transaction" | "booked-after-all" | "alternative-worked" | "other-cause" | "no-loss" | "duplicate" | "not-shown") | null);
        decision: ("accepted" | "refused");
        reason: (string | null);
      } | null);
      run: (string | null);
      service: string;
      source: ("proactive" | "filed");
      state: ("open" | "accepted" | "refused" | "paid");
      toldAt: (string | null);
    };
    Dissemination: {
      /** Why a signature proves nothing. */
      doubt: (string | null);
      fingerprint: (string | null);
      id: string;
      proof: ("proven" | "attested" | "absent");
      sha512: string;
      /** More persons who must read the same ids until it is attested. */
      transcriptsNeeded: number;
      vulnerabilities: (string)[];
    };
    ExecutionHost: {
      enrolledAt: string;
      enrolledBy: string;
      host: string;
      publicKey: string;
      /** What it last said of itself; null: it never answered. */
      seen: ({
        boot: string;
        clockOffsetMs: number;
        level: string;
        protocol: number;
        seenAt: string;
      } | null);
    };
    Exposure: {
      component: {
        distro: (string | null);
        id: number;
        package: string;
        /** Type of its package URL. */
        type: string;
        version: string;
      };
      dissemination: ({
        by: string;
        id: string;
        proof: ("proven" | "attested" | "absent");
        receivedAt: string;
      } | null);
      /** The lowest version that every document that names one calls fixed. */
      fixedIn: (string | null);
      id: string;
      names: (string)[];
      places: ({
        asset: string;
        criticality: (("critical" | "high" | "medium" | "low") | null);
        endOfLife: (string | null);
        internetFacing: (boolean | null);
        modules: (string)[];
        owner: (string | null);
        services: ({
          criticality: (("critical" | "high" | "medium" | "low") | null);
          id: string;
        })[];
        zone: (string | null);
      })[];
      priority: {
        criticality: (("critical" | "high" | "medium" | "low") | null);
        cvss: ({
          kind: string;
          score: number;
          vector: string;
        } | null);
        /** The strictest that the known inputs allow (CISA SSVC). */
        decision: ("track" | "track*" | "attend" | "act");
        disseminated: ("proven" | "attested" | "absent");
        endOfLife: (boolean | null);
        epss: (number | null);
        inputs: {
          automatable: {
            source: (("kev" | "cisa" | "cvss" | "inventory") | null);
            /** More than one: not known, and read in every way. */
            values: (string)[];
          };
          exploitation: {
            source: (("kev" | "cisa" | "cvss" | "inventory") | null);
            /** More than one: not known, and read in every way. */
            values: (string)[];
          };
          mission: {
            source: (("kev" | "cisa" | "cvss" | "inventory") | null);
            /** More than one: not known, and read in every way. */
            values: (string)[];
          };
          technicalImpact: {
            source: (("kev" | "cisa" | "cvss" | "inventory") | null);
            /** More than one: not known, and read in every way. */
            values: (string)[];
          };
        };
        internetFacing: (boolean | null);
        kevAdded: (string | null);
        /** The day by which CISA asks for it to be gone. */
        kevDue: (string | null);
        mildest: ("track" | "track*" | "attend" | "act");
      };
      reasons: ({
        document: {
          format: string;
          id: number;
          name: string;
          publisher: string;
          revision: string;
        };
        doubt: (("distro-unknown" | "advisory-unclear" | "version-unreadable") | null);
        interval: string;
        matchedAt: string;
        /** Where the document says so. */
        path: string;
        rule: ("version" | "range" | "every-version" | "before-fixed" | "unstated" | "unreadable" | "under-investigation");
        verdict: ("affected" | "undetermined");
      })[];
      /** When it was first known to be there. */
      since: string;
      title: string;
      verdict: ("affected" | "undetermined");
      vex: ({
        at: (string | null);
        author: string;
        justification: (string | null);
        statement: (string | null);
        status: ("not-affected" | "affected" | "fixed" | "under-investigation");
      } | null);
      vulnerability: string;
    };
    FilingClocks: {
      clocks: ({
        /** The earliest reading; null: no time is set, or none can be told. */
        due: (string | null);
        duty: ("efars-initial" | "efars-interim" | "efars-final" | "pipc-report" | "subject-notice" | "credit-leak-notice" | "credit-leak-report" | "user-cause-and-result");
        filed: ({
          delayReason: (string | null);
          duty: ("efars-initial" | "efars-interim" | "efars-final" | "pipc-report" | "subject-notice" | "credit-leak-notice" | "credit-leak-report" | "user-cause-and-result");
          filedAt: string;
          reference: string;
        })[];
        source: {
          clause: (string | null);
          date: string;
          document: string;
        };
        standing: ("open" | "filed" | "late" | "overdue");
        /** conditional: owed unless the work is closed before. */
        status: ("due" | "possible" | "conditional" | "unknown");
        title: {
          en: string;
          ko: string;
        };
        to: {
          en: string;
          ko: string;
        };
      })[];
    };
    FilingDraft: {
      duty: ("efars-initial" | "efars-interim" | "efars-final" | "pipc-report" | "subject-notice" | "credit-leak-notice" | "credit-leak-report" | "user-cause-and-result");
      missing: (string)[];
      parts: ({
        part: string;
        records: (number)[];
        title: {
          en: string;
          ko: string;
        };
        value: ({
          en: string;
          ko: string;
        } | null);
      })[];
      /** The same to be copied into a form. */
      text: {
        en: string;
        ko: string;
      };
      title: {
        en: string;
        ko: string;
      };
      to: {
        en: string;
        ko: string;
      };
    };
    Finding: {
      asset: string;
      cves: (string)[];
      evidence: (string | null);
      fingerprint: string;
      history: {
        /** What the newest run says about its place; null: it was seen there, or no cage reported. */
        coverage: (("tested" | "not-allowed" | "lost-to-cap" | "untouched") | null);
        firstRun: string;
        lastRun: string;
        state: ("new" | "persistent" | "remediated" | "regressed");
      };
      path: (string | null);
      port: (number | null);
      protocol: ("tcp" | "udp" | "icmp" | "other");
      rule: string;
      seenAt: string;
      seenBy: ({
        evidence: (string | null);
        rule: string;
        seenAt: string;
        severity: {
          given: (string | null);
          level: (("critical" | "high" | "medium" | "low" | "info") | null);
        };
        tool: string;
      })[];
      severity: {
        given: (string | null);
        level: (("critical" | "high" | "medium" | "low" | "info") | null);
      };
      title: string;
      tool: string;
    };
    HostCertificate: {
      issuedAt: string;
      issuedBy: string;
      name: string;
      notAfter: string;
      revokedAt: (string | null);
      /** `server` plans, works and stops; `host` is a guardd; `lever` stops. */
      role: ("server" | "host" | "lever");
      serial: string;
    };
    InventoryAsset: {
      addresses: (string)[];
      components: number;
      criticality: (("critical" | "high" | "medium" | "low") | null);
      dataClass: (string | null);
      endOfLife: (string | null);
      firstSeen: string;
      id: string;
      internetFacing: (boolean | null);
      /** server, vm, container, network, appliance, … */
      kind: (string | null);
      lastSeen: string;
      /** What runs on it. */
      modules: (string)[];
      name: (string | null);
      /** Team or pseudonym, never a name of a person. */
      owner: (string | null);
      source: string;
      zone: (string | null);
    };
    InventoryComponent: {
      asset: string;
      distro: (string | null);
      firstSeen: string;
      id: string;
      lastSeen: string;
      package: string;
      /** itself, source (what it was built from) or cpe. */
      role: string;
      source: string;
      version: string;
    };
    InventoryImport: {
      applied: boolean;
      asset: (string | null);
      /** The import that the diff was made against; give it back to apply exactly this diff. */
      base: (number | null);
      diff: {
        assets: {
          added: (string)[];
          changed: ({
            fields: (string)[];
            id: string;
          })[];
          gone: (string)[];
        };
        components: {
          added: ({
            name: string;
            version: (string | null);
          })[];
          changed: ({
            after: (string)[];
            before: (string)[];
            name: string;
          })[];
          gone: ({
            name: string;
            version: (string | null);
          })[];
          same: number;
        };
        listeners: {
          added: (string)[];
          gone: (string)[];
        };
        modules: {
          added: (string)[];
          changed: ({
            fields: (string)[];
            id: string;
          })[];
          gone: (string)[];
        };
        services: {
          added: (string)[];
          changed: ({
            fields: (string)[];
            id: string;
          })[];
          gone: (string)[];
        };
      };
      digest: string;
      format: ("cyclonedx-json" | "cyclonedx-xml" | "spdx-json" | "spdx-tag-value" | "spdx3-json" | "nmap" | "dpkg" | "rpm" | "apk" | "collected" | "cmdb-csv" | "inventory");
      /** Matches with advisories that new components brought; null until it is applied. */
      matches: (number | null);
      notes: (string)[];
      source: string;
      unmatched: ({
        name: string;
        version: (string | null);
        why: (string | null);
      })[];
    };
    InventoryService: {
      criticality: (("critical" | "high" | "medium" | "low") | null);
      id: string;
      modules: ({
        assets: (string)[];
        id: string;
        name: (string | null);
        owner: (string | null);
        service: string;
      })[];
      name: (string | null);
      /** Team or pseudonym, never a name of a person. */
      owner: (string | null);
      subscribers: (number | null);
    };
    IssuedCertificate: {
      /** PEM of who signed it. */
      authority: string;
      certificate: string;
      /** SHA-256 of that certificate, base64url. */
      digest: string;
    };
    Json: Json;
    KeptDissemination: {
      authority: string;
      channel: ("csaf" | "taxii" | "letter" | "portal" | "mail");
      /** Why a signature proves nothing. */
      doubt: (string | null);
      fingerprint: (string | null);
      id: string;
      proof: ("proven" | "attested" | "absent");
      /** Who read the ids in an unsigned document; with two of them it is attested. */
      readers: ({
        at: string;
        person: string;
      })[];
      receivedAt: string;
      recordedAt: string;
      recordedBy: string;
      remediation: (string | null);
      sha256: string;
      sha512: string;
      /** More persons who must read the same ids until it is attested. */
      transcriptsNeeded: number;
      vulnerabilities: (string)[];
    };
    KeyProposal: {
      possession: {
        signature: string;
        /** Of a passkey only: what the signature is over. */
        webauthn?: components['schemas']['Assertion'];
      };
      proposedAt: string;
      statement: {
        enrolledBy: string;
        from: string;
        institution: string;
        nonce: string;
        person: string;
        publicKey: string;
        role: string;
        schema: "breakwater.enrolment/1";
        to: string;
        webauthn?: components['schemas']['PasskeyPlace'];
      };
    };
    KnownPack: {
      approved: boolean;
      approvedBy: (string)[];
      basis: string;
      digest: string;
      id: string;
      origin: ("built-in" | "imported");
      title: {
        en: string;
        ko: string;
      };
      version: string;
    };
    Leak: {
      at: string;
      by: string;
      class: ("personalCredit" | "other" | "unclassified");
      duties: ({
        doneAt: (string | null);
        dueAt: string;
        duty: ("pipc-report" | "subject-notice" | "credit-leak-notice" | "credit-leak-report");
        reference: (string | null);
        status: ("due" | "possible" | "lapsed");
        title: {
          en: string;
          ko: string;
        };
      })[];
      entry: {
        awareAt: string;
        cause: (("work" | "mixed" | "other") | null);
        discoveredAt: string;
        fields: (string)[];
        illegalExternalAccess: (boolean | null);
        kind: (("access" | "exfiltration") | null);
        persons: ({
          high: (number | null);
          low: number;
        } | null);
        records: ({
          high: (number | null);
          low: number;
        } | null);
        source: string;
      };
      fields: ({
        class: string;
        field: string;
      })[];
      id: string;
      revision: number;
      run: string;
    };
    ListedAssessment: {
      contradicted: (string)[];
      digest: string;
      madeAt: string;
      open: (string)[];
      pack: {
        id: string;
        version: string;
      };
      run: string;
      /** How many criteria have each status. */
      statuses: { [name: string]: number };
    };
    ListedNotice: {
      document: components['schemas']['breakwater.notice-1'];
      notice: string;
      plan: string;
      sendings: ({
        channel: ("sms" | "email");
        intended: number;
        state: ("loading" | "sending" | "paused" | "settling" | "settled" | "stopped");
      })[];
      submittedAt: string;
      submittedBy: string;
      website: ({
        at: string;
        url: string;
      } | null);
    };
    ListedPlan: {
      author: string;
      host: string;
      kind: ("emergency-patch" | "security-test");
      plan: string;
      planHash: string;
      revision: number;
      services: (string)[];
      submittedAt: string;
      submittedBy: string;
      title: {
        en: string;
        ko: string;
      };
      window: {
        end: string;
        start: string;
      };
    };
    LogRecord: {
      index: number;
      leaf: {
        actor: {
          id: string;
          kind: ("person" | "host" | "system");
        };
        at: string;
        commitment: string;
        institution: string;
        receivedAt: string;
        schema: "breakwater.leaf/1";
        subjects: { [name: string]: string };
        type: string;
      };
      /** RFC 6962 hash of the leaf. */
      leafHash: string;
      /** Null: erased. */
      payload: (Json | null);
      /** Null: erased. */
      salt: (string | null);
    };
    MadeAssessment: {
      assessment: components['schemas']['breakwater.assessment-1'];
      digest: string;
      madeAt: string;
    };
    OpenedAssessment: {
      assessment: components['schemas']['breakwater.assessment-1'];
      digest: string;
      /** `breakwater.facts/1` */
      facts: Json;
      madeAt: string;
      /** `breakwater.pack/1` */
      pack: Json;
      run: string;
    };
    OperatorKey: {
      enrolledBy: string;
      from: string;
      key: string;
      person: string;
      publicKey: string;
      revokedAt: (string | null);
      revokedBy: (string | null);
      role: string;
      to: string;
      /** Where a passkey answers. */
      webauthn: ({
        origin: string;
        rpId: string;
      } | null);
    };
    Passkey: {
      /** base64url, as browsers name it. */
      credential: string;
      /** How it is named once it is an operator key. */
      key: string;
      label: string;
      lastUsedAt: (string | null);
      publicKey: string;
      registeredAt: string;
      /** Its key leaves its device: it signs in, and decides nothing. */
      synced: boolean;
      webauthn: {
        origin: string;
        rpId: string;
      };
    };
    PasskeyPlace: {
      origin: string;
      rpId: string;
    };
    Patch: {
      /** The dissemination that it answers. */
      advisory: (string | null);
      /** What its state permits a person to do. */
      can: (("withdraw" | "verify"))[];
      /** The earliest limit of its exposures; null = nothing sets one. */
      dueAt: (string | null);
      exposures: ({
        assets: (string)[];
        component: string;
        decision: string;
        dueAt: (string | null);
        exposure: string;
        since: string;
        version: string;
        vulnerability: string;
      })[];
      openedAt: string;
      openedBy: string;
      plan: string;
      /** When each state was reached; null = it was not, or no longer holds. */
      reached: {
        announced: (string | null);
        closed: (string | null);
        executed: (string | null);
        planned: (string | null);
        rehearsed: (string | null);
        verified: (string | null);
        withdrawn: (string | null);
      };
      run: ({
        id: string;
        outcome: (string | null);
      } | null);
      state: ("planned" | "rehearsed" | "announced" | "executed" | "verified" | "closed" | "withdrawn");
      targets: ({
        asset: string;
        at: (string | null);
        exposure: string;
        /** What an inventory newer than the work says; waiting = none does yet. */
        state: ("waiting" | "gone" | "still-exposed");
      })[];
    };
    PatchException: {
      askedAt: string;
      askedBy: string;
      /** What others sign. */
      digest: string;
      exposures: (string)[];
      id: string;
      meanwhile: string;
      reason: string;
      state: ("asked" | "in-force" | "returned" | "expired" | "ended");
      until: string;
      words: ({
        at: string;
        decision: ("approve" | "return");
        person: string;
      })[];
    };
    Person: {
      disabledAt: (string | null);
      /** For screens of the company’s own people. */
      name: (string | null);
      /** Pseudonym: what evidence and logs know. */
      person: string;
      roles: (("operator" | "author" | "approver" | "ciso" | "consumer-protection" | "compliance" | "auditor" | "committee-member" | "administrator" | "hub-operator" | "hub-member"))[];
    };
    PersonalCopy: {
      answeredAt: (string | null);
      answeredBy: (string | null);
      copy: string;
      manifest: (string | null);
      person: string;
      received: string;
      refusal: (string | null);
      requestedAt: string;
      requestedBy: string;
      run: string;
    };
    Plan: {
      approvals: components['schemas']['ApprovalTally'];
      approvalsNeeded: number;
      author: string;
      /** Signed decisions about this revision, in the order in which they were made. */
      decisions: ({
        at: string;
        decision: ("approve" | "return");
        expires: string;
        /** Why it does not count; null: it counts. */
        fault: (string | null);
        key: string;
        passkey: boolean;
        person: string;
        role: string;
      })[];
      document: Json;
      plan: string;
      planHash: string;
      rehearsals: ({
        at: string;
        host: string;
        passed: boolean;
        /** Rollback of everything up to and including a step, ms. */
        rollbackMs: { [name: string]: number };
        run: string;
      })[];
      rehearsalsNeeded: number;
      revision: number;
      state: ("draft" | "rehearsed" | "submitted" | "approved" | "announced" | "running" | "observing" | "closed" | "returned" | "withdrawn");
      submittedAt: string;
      submittedBy: string;
    };
    PlanDraft: {
      /** The plan of the same services whose surroundings were taken over, and its rehearsed way back. */
      earlier: ({
        plan: string;
        rehearsals: number;
        rollbackMs: (number | null);
      } | null);
      eligibility: {
        by: (string)[];
        covered: ("all" | "part" | "none");
        en: string;
        ko: string;
      };
      /** What a person must fill in or decide. */
      gaps: ({
        en: string;
        ko: string;
        path: string;
      })[];
      modules: (string)[];
      /** A draft in the shape of `breakwater.notice/1`. */
      notice: Json;
      owners: (string)[];
      /** In the shape of `breakwater.plan/1`; not ready while gaps are open. */
      plan: Json;
      /** Canary first. */
      rings: ({
        assets: (string)[];
        ring: number;
      })[];
    };
    PlanRevision: {
      author: string;
      plan: string;
      planHash: string;
      revision: number;
      submittedAt: string;
      submittedBy: string;
    };
    PopulationReport: {
      matched: ({
        change: {
          from: string;
          host: (string | null);
          reference: string;
          source: ("dpkg" | "rpm" | "itsm" | "inventory");
          to: string;
          what: string;
        };
        runs: (string)[];
      })[];
      runs: ({
        host: string;
        plan: string;
        record: number;
        run: string;
      })[];
      unmatched: ({
        change: {
          from: string;
          host: (string | null);
          reference: string;
          source: ("dpkg" | "rpm" | "itsm" | "inventory");
          to: string;
          what: string;
        };
        why: ("no-run" | "other-host");
      })[];
      /** Runs that no source tells of. */
      unseen: (string)[];
    };
    Problem: {
      /** Stable and machine-readable, e.g. `plan.not-found` or `refused.would-cross-pnr`. */
      code: string;
      /** What is wrong and how to mend it. */
      detail: string;
      /** The detail in Korean, for refusals. */
      ko?: string;
      /** Where: a JSON Pointer into the request, or empty for the whole. */
      path: string;
      /** The refusal with its numbers. */
      refusal?: ({
        reason: string;
      } & { [name: string]: unknown });
      /** Quote it to the operator; the log has the cause under it. */
      requestId?: string;
      status: number;
      /** The status in words. */
      title: string;
      /** `urn:breakwater:problem:` and the code. */
      type: string;
    };
    Readiness: {
      checks: ({
        detail: (string | null);
        id: string;
        ok: boolean;
      })[];
      ready: boolean;
    };
    Run: {
      alarms: ({
        at: string;
        detail: string;
        kind: string;
      })[];
      closedAt: (string | null);
      disruptions: ({
        id: string;
        over: boolean;
        service: string;
        start: string;
      })[];
      epoch: number;
      /** Journal entry that began the present hold; approvals to go on are signed for it. */
      hold: (number | null);
      host: string;
      /** What the execution host says now; null: it does not answer, or the run has ended. */
      hostState: ({
        damage: ({
          high: (number | null);
          low: number;
        } | null);
        epoch: number;
        lastSeq: number;
        leaseSilentMs: number;
        mode: ("live" | "rehearsal");
        outageLimitMs: number;
        outageMs: number;
        phase: ("ready" | "working" | "held" | "tripped" | "recovering" | "observing" | "closed");
        pnrRemainingMs: (number | null);
        records: ({
          high: (number | null);
          low: number;
        } | null);
        run: string;
        services: { [name: string]: ("up" | "down" | "unknown") };
        step: (string | null);
        test?: {
          attempts: number;
          connections: (number | null);
          findings: number;
          level: ("kernel" | "rootless" | "container" | "cooperative");
          responses: ({
            baselineMs: (number | null);
            probe: string;
            recentMs: (number | null);
            service: string;
          })[];
          running: boolean;
        };
      } | null);
      /** Of the plan; the policy may narrow them. */
      limits: {
        damageWon: number;
        outageMs: number;
        records: number;
      };
      mode: ("live" | "rehearsal");
      outageMs: (number | null);
      outcome: (string | null);
      /** The worker that owns it. */
      owner: (string | null);
      phase: ("requested" | "ready" | "starting" | "working" | "held" | "tripped" | "recovering" | "closed" | "ended");
      plan: string;
      planHash: string;
      pnr: ({
        at: (string | null);
        remainingMs: (number | null);
        step: (string | null);
      } | null);
      refusal: (({
        reason: string;
      } & { [name: string]: unknown }) | null);
      requestedAt: string;
      requestedBy: string;
      resumeApprovals: (string)[];
      run: string;
      /** Last event of the run’s log. */
      seq: number;
      serviceRestored: (boolean | null);
      startedAt: (string | null);
      steps: ({
        attempts: number;
        beganAt: (string | null);
        endedAt: (string | null);
        id: string;
        state: ("pending" | "begun" | "done" | "failed" | "cut" | "unresolved" | "undone");
        title: ({
          en: string;
          ko: string;
        } | null);
      })[];
      /** Why the guard stopped it, with the numbers. */
      trip: (({
        reason: string;
      } & { [name: string]: unknown }) | null);
    };
    RunJudged: {
      findings: ({
        rule: string;
        severity: ("error" | "warning");
        unknown: boolean;
      })[];
      readiness: {
        findings: ({
          class: ("never" | "waivable");
          criterion: string;
          message: {
            en: string;
            ko: string;
          };
          path: string;
          reason: string;
          rule: ("scope.undisseminated" | "scope.no-ai" | "pre-test.missing" | "kill-switch.missing" | "isolation.missing" | "continuity.missing" | "notice.missing" | "notice.channel" | "notice.fields" | "notice.too-late" | "relief.missing" | "limits.beyond-policy" | "pnr.impossible" | "approval.missing" | "approval.self" | "window.past" | "window.protected-day" | "window.conflict" | "probe.missing" | "step.no-way-back" | "rehearsal.missing" | "rehearsal.unlike" | "vendor.unconfirmed" | "authority.missing" | "playbook.changed");
          severity: ("error" | "warning");
          source: {
            clause: (string | null);
            date: string;
            document: string;
          };
          unknown: boolean;
          waived?: {
            person: string;
            reason: string;
          };
        })[];
        planHash: string;
        ready: boolean;
        schema: "breakwater.readiness/1";
      };
      startable: boolean;
    };
    RunLimits: {
      blindAfterMs: number;
      clockErrorMs?: number;
      damageWon: number;
      outageMs: number;
      personalCredit: number;
      records: number;
      rehearsed: {
        decideMs: number;
        detectMs: number;
        reserveMs: number;
        rollbackMs: { [name: string]: (number)[] };
        stepMs: { [name: string]: (number)[] };
        stopMs: number;
        verifyMs: number;
      };
      serviceDownMs?: { [name: string]: number };
      slowerBy?: { [name: string]: {
        overMs: number;
        percent: number;
      } };
      takeoverGraceMs: number;
      windowEndEpochMs: number;
    };
    RunRequested: {
      findings: ({
        rule: string;
        severity: ("error" | "warning");
        unknown: boolean;
      })[];
      outcome: ("requested" | "attached" | "refused");
      readiness: {
        findings: ({
          class: ("never" | "waivable");
          criterion: string;
          message: {
            en: string;
            ko: string;
          };
          path: string;
          reason: string;
          rule: ("scope.undisseminated" | "scope.no-ai" | "pre-test.missing" | "kill-switch.missing" | "isolation.missing" | "continuity.missing" | "notice.missing" | "notice.channel" | "notice.fields" | "notice.too-late" | "relief.missing" | "limits.beyond-policy" | "pnr.impossible" | "approval.missing" | "approval.self" | "window.past" | "window.protected-day" | "window.conflict" | "probe.missing" | "step.no-way-back" | "rehearsal.missing" | "rehearsal.unlike" | "vendor.unconfirmed" | "authority.missing" | "playbook.changed");
          severity: ("error" | "warning");
          source: {
            clause: (string | null);
            date: string;
            document: string;
          };
          unknown: boolean;
          waived?: {
            person: string;
            reason: string;
          };
        })[];
        planHash: string;
        ready: boolean;
        schema: "breakwater.readiness/1";
      };
      run: string;
    };
    RunSummary: {
      host: string;
      mode: ("live" | "rehearsal");
      outcome: (string | null);
      plan: string;
      planHash: string;
      requestedAt: string;
      requestedBy: string;
      run: string;
    };
    SealedDossier: {
      /** en: the English edition for transfer abroad; null: the dossier itself. */
      edition: ("en" | null);
      endIndex: number;
      firstIndex: number;
      manifest: string;
      run: string;
      sealedAt: string;
      zipSha256: string;
    };
    Session: {
      /** What they may do, before any one thing is looked at: a state or an author may still forbid it. */
      actions: { [name: string]: {
        allowed: boolean;
        /** Why not: an arm of the denials; null when allowed. */
        reason: (string | null);
        /** Why not, for a person. */
        text: ({
          en: string;
          ko: string;
        } | null);
      } };
      actor: ("machine" | "token" | "person");
      institution: string;
      name: (string | null);
      /** Pseudonym. */
      person: (string | null);
      roles: (("operator" | "author" | "approver" | "ciso" | "consumer-protection" | "compliance" | "auditor" | "committee-member" | "administrator" | "hub-operator" | "hub-member"))[];
      session: (components['schemas']['SignInSession'] | null);
    };
    SignInLink: {
      expiresAt: string;
      person: string;
      /** Open it in a browser on the machine of the server. It works once. */
      url: string;
    };
    SignInSession: {
      /** What the browser called itself. */
      agent: string;
      /** When the person last showed who they are. */
      authenticatedAt: string;
      beganAt: string;
      current: boolean;
      /** When it ends however much it is used. */
      expiresAt: string;
      id: string;
      /** When it ends if it is not used. */
      idleEnds: string;
      lastUsedAt: string;
      method: ("link" | "passkey" | "oidc" | "break-glass");
    };
    SignedEnrolment: {
      /** By the person who enrols. */
      enroller: {
        key: string;
        signature: string;
        /** Of a passkey only: what the signature is over. */
        webauthn?: components['schemas']['Assertion'];
      };
      /** By the key that is enrolled: shows that the person holds it. Of a passkey with its assertion. */
      possession: (string | {
        signature: string;
        /** Of a passkey only: what the signature is over. */
        webauthn?: components['schemas']['Assertion'];
      });
      statement: {
        enrolledBy: string;
        from: string;
        institution: string;
        nonce: string;
        person: string;
        publicKey: string;
        role: string;
        schema: "breakwater.enrolment/1";
        to: string;
        webauthn?: components['schemas']['PasskeyPlace'];
      };
    };
    SignedWaiver: {
      signature: {
        key: string;
        signature: string;
        /** Of a passkey only: what the signature is over. */
        webauthn?: components['schemas']['Assertion'];
      };
      statement: {
        at: string;
        expires: string;
        nonce: string;
        person: string;
        planHash: string;
        reason: string;
        rule: string;
        schema: "breakwater.waiver/1";
      };
    };
    StartBan: {
      at: string;
      by: string;
      id: string;
      note: (string | null);
      /** Null: not said yet. */
      reason: (("service-fault" | "suspected-incident" | "authority-request" | "other") | null);
      /** Who signed that starts are allowed again. */
      releasedBy: (string)[];
    };
    Starts: {
      /** Null: starts are allowed. */
      forbidden: (components['schemas']['StartBan'] | null);
      releasesNeeded: number;
    };
    StartsReleased: {
      allowed: boolean;
      /** Hosts on which a lever stays that was put there by hand. */
      held: (string)[];
      releasedBy: (string)[];
      unreachable: (string)[];
    };
    Stopped: {
      answers: ({
        latencyMs: (number | null);
        method: string;
        run: string;
      })[];
      recorded: boolean;
      unreachable: (string)[];
    };
    WebhookDelivery: {
      attempts: ({
        at: string;
        /** Null: it was taken. */
        failure: (string | null);
        ms: number;
      })[];
      deliveredAt: (string | null);
      delivery: number;
      header: string;
      /** The same in every try: a receiver knows by it what it has. */
      id: string;
      leftAt: string;
      /** Which setting names the webhook: notice, containment or auth. */
      source: string;
      webhook: string;
    };
    'breakwater.assessment-1': {
      asOf: string;
      carveOut: {
        personalCredit: ("applies" | "does-not-apply" | "undetermined");
      };
      contradicted: (string)[];
      duties: ({
        due: (string | null);
        id: string;
        status: ("due" | "possible" | "unknown");
        why: {
          en: string;
          ko: string;
        };
      })[];
      facts: string;
      findings: ({
        bound: ({
          operator: ("<" | "<=" | ">" | ">=");
          unit: ("ms" | "KRW" | "records" | "persons" | "claims" | "ratio");
          value: number;
        } | null);
        clause: {
          article: (string | null);
          date: string;
          document: string;
          source: string;
        };
        criterion: string;
        evidence: (string)[];
        grounds: ({
          rule: string;
          status: ("not-met" | "undetermined" | "for-committee" | "not-applicable");
        })[];
        margin: ({
          high: (number | null);
          low: (number | null);
        } | null);
        readings: { [name: string]: (number | {
          high: (number | null);
          low: number;
        }) };
        reason: {
          en: string;
          ko: string;
        };
        status: ("met" | "not-met" | "undetermined" | "for-committee" | "not-applicable");
        value: (({
          high: (number | null);
          low: number;
          unit: ("ms" | "KRW" | "records" | "persons" | "claims" | "ratio");
        } | {
          coverage: {
            high: (number | null);
            low: number;
            unit: ("ms" | "KRW" | "records" | "persons" | "claims" | "ratio");
          };
          leadTime: ({
            high: (number | null);
            low: number;
            unit: ("ms" | "KRW" | "records" | "persons" | "claims" | "ratio");
          } | null);
        }) | null);
      })[];
      open: (string)[];
      pack: {
        basis: string;
        digest: string;
        id: string;
        version: string;
      };
      parameters: { [name: string]: (((string | number | boolean | null) | ((string | number | boolean | null))[]) | { [name: string]: ((string | number | boolean | null) | ((string | number | boolean | null))[]) }) };
      questions: ({
        en: string;
        id: string;
        ko: string;
      })[];
      schema: "breakwater.assessment/1";
    };
    'breakwater.keys-1': {
      keys: ({
        from: string;
        person: string;
        publicKey: string;
        revoked: (string | null);
        role: string;
        to: (string | null);
        webauthn?: components['schemas']['PasskeyPlace'];
      })[];
      schema: "breakwater.keys/1";
    };
    'breakwater.notice-1': {
      company?: ({
        name?: ({
          en: string;
          ko: string;
        } | null);
        phone?: (string | null);
      } | null);
      fields: {
        alternativeChannels?: (({
          closes: string;
          name: string;
          opens: string;
          service: string;
        })[] | null);
        details?: (string | null);
        scope?: (string | null);
        timing?: (string | null);
      };
      kind: ("advance" | "reminder" | "change" | "extension" | "postponement" | "cancel" | "start" | "disruption" | "end" | "result");
      planServices?: ((string)[] | null);
      registeredSenders?: ((string)[] | null);
      schema: "breakwater.notice/1";
      sender?: (string | null);
      serviceNames?: ({ [name: string]: {
        en: string;
        ko: string;
      } } | null);
      services: (string)[];
      texts: {
        sms?: (string | null);
        website?: ({
          en?: (string | null);
          ko?: (string | null);
        } | null);
      };
      title?: ({
        en?: (string | null);
        ko?: (string | null);
      } | null);
      window: {
        end: string;
        start: string;
      };
      windows?: (({
        end: string;
        start: string;
      })[] | null);
      work: ("emergency-patch" | "security-test" | "other");
    };
  };
}
