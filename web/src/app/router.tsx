import { createRootRoute, createRoute, createRouter, lazyRouteComponent, retainSearchParams } from '@tanstack/react-router';

import type { Search } from './moment';
import { NotFound, Root } from './shell';

/** Every address keeps the day and the place that are looked at. */
const root = createRootRoute({
  component: Root,
  notFoundComponent: NotFound,
  validateSearch: (search: Record<string, unknown>): Search & Record<string, string> => {
    const kept: Record<string, string> = {};
    for (const [name, value] of Object.entries(search)) if (typeof value === 'string' && value !== '') kept[name] = value;
    return kept;
  },
  search: { middlewares: [retainSearchParams(['as_of', 'division'])] },
});

const at = <P extends string>(path: P, component: ReturnType<typeof lazyRouteComponent>) => createRoute({ getParentRoute: () => root, path, component });

/** One line a page; the page's folder is loaded when it is first opened. */
const tree = root.addChildren([
  at('/', lazyRouteComponent(() => import('../pages/overview/overview'), 'Overview')),
  at('/register', lazyRouteComponent(() => import('../pages/register/register'), 'Register')),
  at('/register/$household', lazyRouteComponent(() => import('../pages/household/household'), 'HouseholdPage')),
  at('/arrivals', lazyRouteComponent(() => import('../pages/arrivals/arrivals'), 'Arrivals')),
  at('/imports', lazyRouteComponent(() => import('../pages/imports/imports'), 'Imports')),
  at('/project-imports', lazyRouteComponent(() => import('../pages/imports/imports'), 'ProjectImports')),
  at('/measures', lazyRouteComponent(() => import('../pages/measures/measures'), 'Measures')),
  at('/lab', lazyRouteComponent(() => import('../pages/lab/lab'), 'Lab')),
  at('/why/$household', lazyRouteComponent(() => import('../pages/why/why'), 'Why')),
  at('/letter/$household', lazyRouteComponent(() => import('../pages/letter/letter'), 'LetterPage')),
  at('/notice', lazyRouteComponent(() => import('../pages/notice/notice'), 'NoticePage')),
  at('/log', lazyRouteComponent(() => import('../pages/log/log'), 'Log')),
  at('/projects', lazyRouteComponent(() => import('../pages/portfolio/portfolio'), 'Portfolio')),
  at('/projects/$project', lazyRouteComponent(() => import('../pages/project/project'), 'ProjectPage')),
  at('/gantt', lazyRouteComponent(() => import('../pages/gantt/gantt'), 'Gantt')),
  at('/platforms', lazyRouteComponent(() => import('../pages/platform/platforms'), 'Platforms')),
  at('/platforms/$platform', lazyRouteComponent(() => import('../pages/platform/platform'), 'PlatformPage')),
  at('/organisations', lazyRouteComponent(() => import('../pages/organisation/organisations'), 'Organisations')),
  at('/organisations/$organisation', lazyRouteComponent(() => import('../pages/organisation/organisation'), 'OrganisationPage')),
  at('/agreements', lazyRouteComponent(() => import('../pages/agreement/agreements'), 'Agreements')),
  at('/agreements/$agreement', lazyRouteComponent(() => import('../pages/agreement/agreement'), 'AgreementPage')),
  at('/claims', lazyRouteComponent(() => import('../pages/claims/claims'), 'Claims')),
  at('/problems', lazyRouteComponent(() => import('../pages/problems/problems'), 'Problems')),
  at('/problems/$problem', lazyRouteComponent(() => import('../pages/problems/problem'), 'ProblemPage')),
  at('/decisions/$decision', lazyRouteComponent(() => import('../pages/problems/decision'), 'DecisionPage')),
  at('/cases', lazyRouteComponent(() => import('../pages/cases/cases'), 'Cases')),
  at('/cases/$case', lazyRouteComponent(() => import('../pages/cases/case'), 'CasePage')),
  at('/briefings', lazyRouteComponent(() => import('../pages/briefings/briefings'), 'Briefings')),
  at('/briefings/$briefing', lazyRouteComponent(() => import('../pages/briefings/briefing'), 'BriefingPage')),
  at('/strategy', lazyRouteComponent(() => import('../pages/strategy/strategy'), 'Strategy')),
  at('/boundaries', lazyRouteComponent(() => import('../pages/boundaries/boundaries'), 'Boundaries')),
  at('/me', lazyRouteComponent(() => import('../pages/me/me'), 'Me')),
  at('/enter', lazyRouteComponent(() => import('../pages/entry/entry'), 'Enter')),
]);

export const router = createRouter({
  routeTree: tree,
  scrollRestoration: true,
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search: Record<string, unknown>) => {
    const kept = Object.entries(search).filter((pair): pair is [string, string] => typeof pair[1] === 'string' && pair[1] !== '');
    const text = new URLSearchParams(kept).toString();
    return text === '' ? '' : `?${text}`;
  },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
