// Generated from openapi.json by `npm run openapi`; never edited by hand.

export interface paths {
  '/claims': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Claims in the order they were opened */
    get: {
      parameters: {
        query?: { run?: string; state?: ("open" | "accepted" | "refused" | "paid"); source?: ("proactive" | "filed"); after?: string; limit?: number; };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          claims: ({
            amount: ({
              high: (number | null);
              low: number;
            } | null);
            decided: ({
              amount: number;
              at: string;
              by: string;
              reason: (string | null);
            } | null);
            id: string;
            occurredAt: string;
            openedAt: string;
            paidAmount: number;
            paidAt: (string | null);
            run: (string | null);
            service: string;
            source: ("proactive" | "filed");
            state: ("open" | "accepted" | "refused" | "paid");
          })[];
          next: (string | null);
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
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
        amount: ({
          high: (number | null);
          low: number;
        } | null);
        by: string;
        occurredAt: string;
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
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
      };
    };
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
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
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
    /** Accept or refuse an open claim */
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
        decision: ("accepted" | "refused");
        reason: (string | null);
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          claim: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
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
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/healthz': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The process is alive */
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
          alive: true;
        }; } };
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
    get?: never;
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
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
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
          notice: string;
          plan: string;
          sendings: ({
            arrived: number;
            channel: "sms";
            delivered: (number | null);
            failed: (number | null);
            intended: number;
            notice: string;
            repeated: number;
            stalled: boolean;
            state: ("loading" | "sending" | "settling" | "settled" | "stopped");
            submitted: number;
            unknown: number;
          })[];
          website: ({
            at: string;
            url: string;
          } | null);
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
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
    /** Make the telephone numbers of an ended sending unreadable for ever */
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
          erased: number;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
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
          url: string;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
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
    /** Send a notice by text message; the body (text/csv) has one mobile number a line, in its first column */
    post: {
      parameters: {
        query: { by: string; };
        header?: never;
        path: { id: string; };
        cookie?: never;
      };
      requestBody: { content: { 'text/csv': unknown; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          arrived: number;
          channel: "sms";
          delivered: (number | null);
          failed: (number | null);
          intended: number;
          notice: string;
          repeated: number;
          stalled: boolean;
          state: ("loading" | "sending" | "settling" | "settled" | "stopped");
          submitted: number;
          unknown: number;
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
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
      }; } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          notice: string;
          plan: string;
          sendings: ({
            arrived: number;
            channel: "sms";
            delivered: (number | null);
            failed: (number | null);
            intended: number;
            notice: string;
            repeated: number;
            stalled: boolean;
            state: ("loading" | "sending" | "settling" | "settled" | "stopped");
            submitted: number;
            unknown: number;
          })[];
          website: ({
            at: string;
            url: string;
          } | null);
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
      };
    };
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
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
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
          damage: { [name: string]: ({
            high: (number | null);
            low: number;
          } | null) };
          figures: {
            accepted: number;
            acceptedAmount: number;
            count: number;
            open: number;
            openHigh: (number | null);
            openLow: number;
            paid: number;
            paidAmount: number;
            refused: number;
            unpaidAmount: number;
          };
        }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
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
  '/relief/runs/{run}/damage': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
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
        200: { headers: { [name: string]: unknown }; content: { 'application/json': { [name: string]: ({
          high: (number | null);
          low: number;
        } | null) }; } };
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
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
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
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
    get?: never;
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
        '4XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
        '5XX': { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Error']; } };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}

export interface components {
  schemas: {
    Error: {
      error: {
        /** Stable and machine-readable, e.g. `plan.not-found` or `refused.would-cross-pnr`. */
        code: string;
        /** The message in Korean, for refusals. */
        ko?: string;
        /** What is wrong and how to mend it. */
        message: string;
        /** Where: a JSON Pointer into the request, or empty for the whole. */
        path: string;
        /** The refusal with its numbers. */
        refusal?: ({
          reason: string;
        } & { [name: string]: unknown });
        /** Quote it to the operator; the log has the cause under it. */
        requestId?: string;
      };
    };
    Readiness: {
      checks: ({
        detail: (string | null);
        id: string;
        ok: boolean;
      })[];
      ready: boolean;
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
      kind: ("advance" | "reminder" | "change" | "cancel" | "start" | "end" | "result");
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
      work: ("emergency-patch" | "security-test" | "other");
    };
  };
}
