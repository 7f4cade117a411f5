import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';

import { Empty } from '../kit/empty';
import { ProblemMessage } from '../kit/problem';
import { Page } from '../kit/page';
import { Waiting } from '../kit/waiting';
import { Login } from '../pages/entry/login';
import { en } from '../words/shell.en';
import { zh } from '../words/shell.zh';
import { useWords } from '../words/words';
import { Bar } from './bar';
import { sectionsFor } from './sections';
import { mayDo, useSessionQuery } from './session';

/** What stands around every page: the bar and the sections, or the way in. */
export function Root() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const session = useSessionQuery();
  if (path === '/enter') return <Outlet />;
  if (session.isPending) return <Waiting lines={6} height={400} />;
  if (session.isError) return <main id="main" className="narrow"><ProblemMessage error={session.error} retry={() => void session.refetch()} /></main>;
  if (session.data === null) return <Login />;
  return <Shell />;
}

function Shell() {
  const words = useWords(zh, en);
  const session = useSessionQuery().data ?? null;
  const path = useRouterState({ select: (state) => (state.resolvedLocation ?? state.location).pathname });
  const bare = useRouterState({ select: (state) => state.location.search.screen === '1' });
  const navigate = useNavigate();
  const mine = sectionsFor((action) => mayDo(session, action));
  const first = mine[0]?.sections[0]?.path;
  const elsewhere = path === '/' && first !== '/'; // the overview is not everybody's
  useEffect(() => {
    if (elsewhere) void navigate({ to: first ?? '/me', replace: true } as Parameters<typeof navigate>[0]);
  }, [elsewhere, first, navigate]);
  if (bare) return <Outlet />;
  return (
    <div className="shell">
      <a className="skip" href="#main">{words.skip}</a>
      <header className="head">
        <Bar />
        <nav aria-label={words.navigation}>
          <ul className="sections">
            {mine.map((group) => (
              <li key={group.title ?? ''}>
                {group.title !== null && <span className="section-group" id={`group-${group.title}`}>{words.groups[group.title]}</span>}
                <ul aria-labelledby={group.title === null ? undefined : `group-${group.title}`}>
                  {group.sections.map((section) => (
                    <li key={section.path}>
                      <Link to={section.path as '/'} activeOptions={{ exact: section.path === '/', includeSearch: false }}>{words.sections[section.title]}</Link>
                    </li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
        </nav>
      </header>
      {!elsewhere && <Outlet />}
    </div>
  );
}

export function NotFound() {
  const words = useWords(zh, en);
  return (
    <Page title={words.notFound}>
      <Empty action={<Link to="/">{words.toOverview}</Link>}>{words.notFoundDo}</Empty>
    </Page>
  );
}
