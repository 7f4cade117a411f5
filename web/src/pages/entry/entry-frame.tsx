import { useEffect, type ReactNode } from 'react';

import { en } from '../../words/shell.en';
import { zh } from '../../words/shell.zh';
import { setLanguage, useLanguage, useWords } from '../../words/words';

/** A narrow sheet of paper with the name on it, for those who are not inside yet. */
export function EntryFrame({ title, about, children }: { title: string; about: ReactNode; children: ReactNode }) {
  const words = useWords(zh, en);
  const language = useLanguage();
  useEffect(() => {
    document.title = `${title} · ${words.name}`;
  }, [title, words]);
  return (
    <main id="main" className="narrow">
      <p className="entry-name"><img src="/mark.svg" width="28" height="28" alt="" /> <strong>{words.name}</strong>
        <button type="button" className="link" lang={language === 'en' ? 'zh' : 'en'} onClick={() => setLanguage(language === 'en' ? 'zh' : 'en')}>{language === 'en' ? '\u4e2d\u6587' : 'English'}</button>
      </p>
      <h1>{title}</h1>
      <p className="quiet">{about}</p>
      {children}
    </main>
  );
}
