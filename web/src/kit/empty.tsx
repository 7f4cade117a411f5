import type { ReactNode } from 'react';

/** An empty place: what would fill it, and the way to fill it. */
export function Empty({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <p>{children}</p>
      {action}
    </div>
  );
}
