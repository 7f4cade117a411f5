import { Button } from 'antd';
import { useEffect, useId, useRef, type ReactNode } from 'react';

import { en } from '../words/shell.en';
import { zh } from '../words/shell.zh';
import { useWords } from '../words/words';

/** A panel at the side, which Esc closes and which keeps the focus while it is open. Nothing on the page behind it moves. */
export function Panel({ title, onClose, children }: { title: ReactNode; onClose: () => void; children: ReactNode }) {
  const words = useWords(zh, en);
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const shown = dialog.current;
    if (shown && !shown.open) shown.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="panel"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div className="panel-inside">
        <header className="panel-head">
          <h2 id={id}>{title}</h2>
          <Button onClick={onClose}>{words.close}</Button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
