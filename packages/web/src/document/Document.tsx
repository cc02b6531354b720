/**
 * The document that the server sends for a page: frame, and on the page of a run its levers, as plain HTML that works
 * before script and data. The console takes its place when it has loaded.
 */
import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import type { BuiltFiles, DocumentRequest, LeverPulled } from '#build';
import { nowWords, StopAll } from '#now';
import { Levers, runWords, type LeverState } from '#runner';
import { Frame, Page, sectionOf, shellWords } from '#shell';
import { LanguageContext, sayIn } from '#words';
import { runOfPage } from './pages.ts';

/** The whole HTML document. Everything in it is escaped by React. */
export function documentOf(request: DocumentRequest, files: BuiltFiles): string {
  return `<!doctype html>${renderToStaticMarkup(<Document request={request} files={files} />)}`;
}

function Document({ request, files }: { request: DocumentRequest; files: BuiltFiles }): ReactNode {
  const { language, theme, nonce } = request;
  return (
    <html lang={language} data-theme={theme ?? undefined}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content={theme ?? 'light dark'} />
        <title>Breakwater</title>
        {files.styles.map((href) => (
          <link key={href} rel="stylesheet" href={href} />
        ))}
        <link rel="icon" href="data:," />
      </head>
      <body>
        <div id="root" data-pulled={request.pulled === null ? undefined : JSON.stringify(request.pulled)}>
          <LanguageContext value={language}>
            <Frame path={request.path}>
              <Holding request={request} />
            </Frame>
          </LanguageContext>
        </div>
        {files.preloads.map((href) => (
          <link key={href} rel="modulepreload" href={href} nonce={nonce} />
        ))}
        <script type="module" src={files.script} nonce={nonce} />
      </body>
    </html>
  );
}

/** The page before its data. */
function Holding({ request: { path, language, pulled } }: { request: DocumentRequest }): ReactNode {
  const run = runOfPage(path);
  const section = sectionOf(path);
  const title = section === null ? 'Breakwater' : sayIn(shellWords, language)(section.id);
  if (path === '/') {
    const toStopAll = sayIn(nowWords, language)('toStopAll');
    return (
      <Page title={title} skip={{ to: '#stop', words: toStopAll }} sideFirst side={<StopAll pulled={pulled} />}>
        {null}
      </Page>
    );
  }
  if (run === null) return <Page title={title}>{null}</Page>;
  const say = sayIn(runWords, language);
  return (
    <Page
      title={title}
      about={run}
      skip={{ to: '#levers', words: say('toLevers') }}
      sideFirst
      side={<Levers run={run} phase={null} states={pulled === null ? {} : { [pulled.lever]: stateOf(pulled) }} />}
    >
      {null}
    </Page>
  );
}

function stateOf({ at, latencyMs, unreachable, refused }: LeverPulled): LeverState {
  const when = Date.parse(at);
  if (refused !== null) return { is: 'refused', at: when, why: refused };
  return { is: 'confirmed', at: when, latencyMs, unreachable };
}
