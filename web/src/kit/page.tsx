import { useEffect, type ReactNode } from 'react';

import { en } from '../words/shell.en';
import { zh } from '../words/shell.zh';
import { useWords } from '../words/words';
import { Provenance } from './provenance';

/** The frame of every page: its title, what it is in one sentence, its one main action, and at the foot where its numbers come from. */
export function Page({ title, about, action, rule, children }: { title: string; about?: ReactNode; action?: ReactNode; rule?: string | undefined; children: ReactNode }) {
  const words = useWords(zh, en);
  useEffect(() => {
    document.title = `${title} · ${words.name}`;
  }, [title, words]);
  return (
    <>
      <main id="main" className="page" tabIndex={-1}>
        <header className="page-head">
          <div>
            <h1>{title}</h1>
            {about !== undefined && <p className="quiet">{about}</p>}
          </div>
          {action !== undefined && <div className="page-action">{action}</div>}
        </header>
        {children}
      </main>
      <Provenance rule={rule} />
    </>
  );
}
