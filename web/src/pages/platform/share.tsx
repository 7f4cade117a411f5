import type { Schemas } from '../../api/client';
import { useFormat } from '../../kit/format';

/** How much of a platform's target its latest output is, as a number and a thin bar. */
export function Share({ platform, output }: { platform: Schemas['PortfolioPlatform']; output: Schemas['PortfolioOutput'] | undefined }) {
  const format = useFormat();
  if (platform.target_fen === undefined || output === undefined || platform.target_fen === 0) return null;
  const percent = (100 * output.amount_fen) / platform.target_fen;
  return (
    <span className="share"><svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="8" className="share-room" /><rect width={Math.min(100, percent)} height="8" className="share-part" /></svg> <span className="n">{format.percent(percent)}</span></span>
  );
}
