import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { api, take } from '../../api/client';
import { useFormat } from '../../kit/format';
import { en } from '../../words/household.en';
import { zh } from '../../words/household.zh';
import { useWords } from '../../words/words';

/** What the household came out of, and what came out of it. Nothing stands here where it has neither. */
export function Links({ household }: { household: string }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const links = useQuery({ queryKey: ['links', household], queryFn: () => take(api.GET('/api/households/{id}/links', { params: { path: { id: household } } })) }).data?.links ?? [];
  if (links.length === 0) return null;
  return (
    <section aria-labelledby="links">
      <h2 id="links">{words.links}</h2>
      <ul className="plain">
        {links.map((link) => (
          <li key={link.recorded_at + link.kind}>
            {words.linkSaid(link.kind === 'moved', link.outward, format.day(link.on))}{' '}
            {link.household === undefined ? link.division.name : <Link to="/register/$household" params={{ household: link.household }}>{link.division.name}</Link>}
            {link.waiting && <span className="quiet"> {words.linkWaits}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
