import { en } from '../words/shell.en';
import { zh } from '../words/shell.zh';
import { useWords } from '../words/words';

/** Lines that keep the room of what is being read, so that nothing jumps. */
export function Waiting({ lines = 4, height }: { lines?: number; height?: number }) {
  const words = useWords(zh, en);
  return (
    <div className="waiting" role="status" aria-label={words.loading} style={height === undefined ? undefined : { minHeight: height }}>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className="waiting-line" style={{ width: `${100 - ((line * 17) % 40)}%` }} />
      ))}
    </div>
  );
}
