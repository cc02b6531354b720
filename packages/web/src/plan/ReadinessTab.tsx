import type { ReactNode } from 'react';
import { Icon, Loaded, Panel } from '#parts';
import { useWords } from '#words';
import { Findings } from './Findings.tsx';
import type { useReadiness } from './use-plan.ts';
import { planWords } from './words.ts';
import css from './tabs.module.css';

const weight = { error: 0, unjudged: 1, warning: 2 } as const;

/** Every finding of the start gate, what stands in the way first. */
export function ReadinessTab({ query }: { query: ReturnType<typeof useReadiness> }): ReactNode {
  const say = useWords(planWords);
  return (
    <Panel title={say('readiness')} roomy>
      <Loaded query={query} what={say('readinessObject')}>
        {({ startable, readiness }) => (
          <>
            <p className={css['verdict']}>
              <Icon name={startable ? 'done' : 'attention'} className={startable ? '' : 'attention'} />
              <b>{say(startable ? 'ready' : 'notReady')}</b>
            </p>
            <Findings
              rows={readiness.findings
                .map(({ rule, severity, unknown, message, source, path, class: kind, waived }) => ({
                  severity: unknown ? ('unjudged' as const) : severity,
                  rule,
                  message,
                  source,
                  place: path === '' ? '/' : path,
                  about:
                    waived !== undefined
                      ? say('waivedBy', { person: waived.person, reason: waived.reason })
                      : severity === 'error'
                        ? say(kind)
                        : undefined,
                }))
                .toSorted((a, b) => weight[a.severity] - weight[b.severity])}
            />
          </>
        )}
      </Loaded>
    </Panel>
  );
}
