import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import { lazy, Suspense, type ReactNode } from 'react';

import { useMoment } from '../../app/moment';
import { useSession } from '../../app/session';
import { chartHeight, type Chart } from '../../kit/chart';
import { useDivision } from '../../kit/division-picker';
import { useFormat } from '../../kit/format';
import { ProblemMessage } from '../../kit/problem';
import { csv, pngOf, saveFile } from '../../kit/save';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/measures.en';
import { zh } from '../../words/measures.zh';
import { useWords } from '../../words/words';
import { useQuestion, type Profile } from './question';

const ChartCanvas = lazy(() => import('../../kit/chart-canvas'));

export type Cells = (string | number | null | undefined)[][];

/** The place, the days and the lines in words, for the foot of a file. */
function useSource(profiles: (Profile | undefined)[]): string {
  const words = useWords(zh, en);
  const format = useFormat();
  const session = useSession();
  const { division, asOf } = useMoment();
  const { against } = useQuestion();
  const place = useDivision(division, asOf);
  const amounts = profiles.map((profile) => format.number(profile?.line));
  const said = words.source(place.data?.name ?? '', [against, asOf].map(format.day).join(words.comma), words.lines(amounts[0] ?? '', amounts[1] ?? ''));
  return session?.demo === true ? `${said}${words.demoSource}` : said;
}

/** A chart with its files: the same numbers as a table for a sheet, and the picture for a report. */
export function ChartBlock({ title, name, chart, rows, profiles, children }: { title: string; name: string; chart: Chart | null; rows: () => Cells; profiles: (Profile | undefined)[]; children?: ReactNode }) {
  const words = useWords(zh, en);
  const { division, asOf } = useMoment();
  const place = useDivision(division, asOf).data?.name ?? '';
  const source = useSource(profiles);
  const file = `${place}-${title}-${asOf}`;
  const picture = useMutation({
    mutationFn: async (kind: 'svg' | 'png') => {
      if (!chart) return;
      const { pictureOf } = await import('../../kit/chart-canvas');
      const drawing = pictureOf(chart, `${place} ${title}`, source);
      saveFile(`${file}.${kind}`, kind === 'svg' ? new Blob([drawing], { type: 'image/svg+xml' }) : await pngOf(drawing));
    },
  });
  return (
    <div className="chart-block" data-chart={name}>
      {chart && (
        <Suspense fallback={<Waiting lines={6} height={chartHeight(chart)} />}>
          <ChartCanvas chart={chart} label={words.chartLabel(title, place)} />
        </Suspense>
      )}
      {children}
      <p className="chart-files">
        <Button size="small" onClick={() => saveFile(`${file}.csv`, csv(rows()))}>{words.csv}</Button>
        {chart && <Button size="small" loading={picture.isPending && picture.variables === 'svg'} onClick={() => picture.mutate('svg')}>{words.svg}</Button>}
        {chart && <Button size="small" loading={picture.isPending && picture.variables === 'png'} onClick={() => picture.mutate('png')}>{words.png}</Button>}
      </p>
      {picture.isError && <ProblemMessage error={picture.error} />}
    </div>
  );
}
