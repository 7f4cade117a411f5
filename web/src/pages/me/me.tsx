import { useState } from 'react';

import { useSession } from '../../app/session';
import { Empty } from '../../kit/empty';
import { Page } from '../../kit/page';
import { en } from '../../words/entry.en';
import { zh } from '../../words/entry.zh';
import { en as shellEn } from '../../words/shell.en';
import { zh as shellZh } from '../../words/shell.zh';
import { useText, useWords } from '../../words/words';
import { NewPassword } from '../entry/new-password';
import { SecondFactor } from '../entry/second-factor';

/** One's own account: roles, password, second factor. */
export function Me() {
  const words = useWords(zh, en);
  const shell = useWords(shellZh, shellEn);
  const text = useText();
  const session = useSession();
  const [saved, setSaved] = useState(false);
  const grants = session?.grants ?? [];
  const idle = grants.every((grant) => !grant.actions?.includes('read_figures'));
  return (
    <Page title={words.me} about={words.meAbout}>
      {idle && <Empty action={<p className="quiet">{shell.nothingAllowedDo}</p>}>{shell.nothingAllowed}</Empty>}
      <div className="columns">
        <section aria-labelledby="my-roles">
          <h2 id="my-roles">{words.roles}</h2>
          <table className="table">
            <thead><tr><th scope="col">{words.role}</th><th scope="col">{words.territory}</th></tr></thead>
            <tbody>
              {grants.map((grant) => (
                <tr key={grant.role + grant.territory.id}><td>{text(grant.title)}</td><td>{grant.territory.name}</td></tr>
              ))}
            </tbody>
          </table>
        </section>
        <section aria-labelledby="my-password">
          <h2 id="my-password">{words.password}</h2>
          <NewPassword onSaved={() => setSaved(true)} />
          {saved && <p role="status">{words.saved}</p>}
        </section>
        <section aria-labelledby="my-factor">
          <h2 id="my-factor">{words.factor}</h2>
          <SecondFactor onConfirmed={() => undefined} />
        </section>
      </div>
    </Page>
  );
}
