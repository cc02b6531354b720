import { useId, type ReactNode } from 'react';
import type { Finding } from '@breakwater/rules';
import { paths } from '#shell';
import { useLanguage, useText, useWords, type Text } from '#words';
import { amount, boundText, range, rangeOf, type CriteriaSay } from './amounts.ts';
import { StatusWord } from './Status.tsx';
import { criteriaWords } from './words.ts';
import css from './assessment.module.css';

export interface CriterionRowProps {
  finding: Finding;
  title: Text | null;
  /** Readings in the order of the pack; others follow. */
  names: readonly string[];
  /** Its status in the sealed assessment, when it says something else now. */
  changedFrom: Finding['status'] | null;
  /** The parameter by which its reading is chosen; null: there is no choice. */
  parameter: string | null;
  reading(parameter: string): string;
  onReading(parameter: string, reading: string): void;
}

/** One criterion: article left, then what was found, its numbers, and every way of reading them. */
export function CriterionRow(props: CriterionRowProps): ReactNode {
  const { finding, title, changedFrom } = props;
  const say = useWords(criteriaWords);
  const text = useText();
  const language = useLanguage();
  const { criterion, status, clause, reason, bound } = finding;
  return (
    <tr className={changedFrom === null ? undefined : css['changed']}>
      <th scope="row" className={css['article']}>
        <span>{clause.article ?? say('articleUnread')}</span>
        <span className="quiet">
          {clause.document}, {clause.date}
        </span>
      </th>
      <td>
        <p>
          <b>{title === null ? criterion : text(title)}</b> <code className="quiet">{criterion}</code>
        </p>
        <p>
          <StatusWord status={status} />
          {changedFrom !== null && (
            <b className={css['mark']}>
              {' '}
              {say('changed')}
              {changedFrom !== status && (
                <span className="quiet"> {say('changedFrom', { from: say(changedFrom) })}</span>
              )}
            </b>
          )}
        </p>
        <p className="second">{text(reason)}</p>
      </td>
      <td className={css['numbers']}>
        <Values finding={finding} />
        {bound !== null && <span className="quiet">{boundText(bound, language)}</span>}
      </td>
      <td className={css['numbers']}>
        <Margin finding={finding} />
      </td>
      <td>
        <Readings {...props} />
      </td>
      <td>
        <Numbers evidence={finding.evidence} />
      </td>
    </tr>
  );
}

function Values({ finding: { value } }: { finding: Finding }): ReactNode {
  const say = useWords(criteriaWords);
  const language = useLanguage();
  if (value === null) return <span className="quiet">{say('noBound')}</span>;
  if ('unit' in value) return <b>{range(value, value.unit, language, say)}</b>;
  return (
    <>
      {value.leadTime !== null && (
        <span>
          <span className="quiet">{say('leadTime')}</span>{' '}
          <b>{range(value.leadTime, value.leadTime.unit, language, say)}</b>
        </span>
      )}
      <span>
        <span className="quiet">{say('coverage')}</span>{' '}
        <b>{range(value.coverage, value.coverage.unit, language, say)}</b>
      </span>
    </>
  );
}

/** How much of the bound is used, and what is left of it; the upper end where it is not exactly known. */
function Margin({ finding: { value, bound, margin } }: { finding: Finding }): ReactNode {
  const say = useWords(criteriaWords);
  const language = useLanguage();
  if (bound === null || value === null || !('unit' in value) || margin === null) return null;
  if (value.high === null || margin.low === null) return <span className="attention">{say('unknown')}</span>;
  const share = (used: number): number =>
    Math.min(100, bound.value === 0 ? (used > 0 ? 100 : 0) : (used / bound.value) * 100);
  const beyond = margin.low < 0;
  const text = amount(Math.abs(margin.low), bound.unit, language, beyond ? 'used' : 'left');
  return (
    <>
      <svg
        className={css['bar']}
        role="img"
        aria-label={say('marginSpoken', { percent: Math.ceil(share(value.high)) })}
      >
        <rect width="100%" height="8" rx="2" className={css['track']} />
        {value.high > value.low && <rect width={`${share(value.high)}%`} height="8" rx="2" className={css['maybe']} />}
        <rect width={`${share(value.low)}%`} height="8" rx="2" className={beyond ? css['over'] : css['used']} />
      </svg>
      <span className={beyond ? 'crossed' : 'quiet'}>{say(beyond ? 'beyond' : 'left', { by: text })}</span>
    </>
  );
}

function Readings({ finding, names: order, parameter, reading, onReading }: CriterionRowProps): ReactNode {
  const say = useWords(criteriaWords);
  const language = useLanguage();
  const group = useId();
  const { readings, value } = finding;
  const names = [...new Set([...order, ...Object.keys(readings)])].filter((name) => name in readings);
  if (names.length === 0 || value === null || !('unit' in value)) return null;
  const { unit } = value;
  const shown = (name: string): string => range(rangeOf(readings[name] ?? 0), unit, language, say);
  if (parameter === null) {
    return (
      <ul className={css['readings']}>
        {names.map((name) => (
          <li key={name}>
            <span>{nameOf(name, say)}</span> <b>{shown(name)}</b>
          </li>
        ))}
      </ul>
    );
  }
  return (
    <fieldset className={css['readings']}>
      <legend className="spoken">{`${finding.criterion} ${say('readings')}`}</legend>
      {names.map((name) => (
        <label key={name}>
          <input
            type="radio"
            name={group}
            checked={reading(parameter) === name}
            onChange={() => onReading(parameter, name)}
          />
          <span title={name}>{nameOf(name, say)}</span> <b>{shown(name)}</b>
        </label>
      ))}
    </fieldset>
  );
}

/** Numbers of records lead to their proofs; other references stand as they are. */
function Numbers({ evidence }: { evidence: readonly string[] }): ReactNode {
  return (
    <span className={css['evidence']}>
      {evidence.map((number) =>
        /^\d{1,15}$/.test(number) ? (
          <a key={number} href={paths.record(Number(number))}>
            {number}
          </a>
        ) : (
          <code key={number}>{number}</code>
        ),
      )}
    </span>
  );
}

/** The readings of packs that come with Breakwater have words; one of a company's own pack stands by its name. */
function nameOf(name: string, say: CriteriaSay): string {
  const word = `r-${name}`;
  return word in criteriaWords.ko ? say(word as 'r-union') : name;
}
