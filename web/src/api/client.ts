import createClient from 'openapi-fetch';

import type { components, paths } from './schema';

export type Schemas = components['schemas'];
export type Problem = Schemas['Problem'];
export type Text = Schemas['ErrsText'];
export type Ref = Schemas['Ref'];

/** What the server refused, with its sentences in both languages. */
export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message.en);
  }
}

/** The city's API. Every answer goes through take. */
export const api = createClient<paths>({ baseUrl: '/' });

/** The answer of a request, or a Refusal. A connection that fails is a Refusal too, of status 0. */
export async function take<T>(asked: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  let answer;
  try {
    answer = await asked;
  } catch {
    throw new Refusal(unreachable(0));
  }
  if (answer.response.ok) return answer.data as T;
  throw new Refusal(isProblem(answer.error) ? answer.error : unreachable(answer.response.status));
}

/** The answer of a request whose headers are wanted as well: ETag. */
export async function takeWithHeaders<T>(asked: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<{ data: T; headers: Headers }> {
  let headers = new Headers();
  const data = await take(asked.then((answer) => {
    headers = answer.response.headers;
    return answer;
  }));
  return { data, headers };
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'message' in value && 'kind' in value;
}

/** A status of 0 or a gateway's page has no sentence; the problem component has one for the kind. */
function unreachable(status: number): Problem {
  return { type: 'about:blank', title: '', status, kind: 'unreachable', detail: '', message: { zh: '', en: '' } };
}

/** The problem in whatever was thrown; a mistake of the page itself is the kind broken. */
export function problemOf(error: unknown): Problem {
  return error instanceof Refusal ? error.problem : { ...unreachable(0), kind: 'broken' };
}
