import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';

import { api, take, type Schemas } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useFormat } from '../../kit/format';
import type { Area } from '../../kit/map-canvas';
import { MapMark } from '../../kit/map-mark';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en as kitEN } from '../../words/kit.en';
import { zh as kitZH } from '../../words/kit.zh';
import { en } from '../../words/lab.en';
import { zh } from '../../words/lab.zh';
import { useWords } from '../../words/words';
import { colourOf, stepOf, stepsOf } from '../overview/steps';

const MapCanvas = lazy(() => import('../../kit/map-canvas'));

type AreaOf = Schemas['AreaView'];

const shareOf = (persons: number, total: number) => (total > 0 ? (100 * persons) / total : null);

/** Who would be taken in, of a hundred persons, place by place, while the rule moves. The steps are those of the rule as it is, so that a colour keeps its meaning. */
export function LabMap({ division, asOf, level, areas }: { division: string; asOf: string; level: string; areas: AreaOf[] }) {
  const words = useWords(zh, en);
  const kit = useWords(kitZH, kitEN);
  const format = useFormat();
  const { setDivision } = useMoment();
  const picture = useQuery({
    queryKey: ['map', division, asOf, level],
    queryFn: () => take(api.GET('/api/map', { params: { query: { division, as_of: asOf, by: level } } })),
    staleTime: Infinity,
    enabled: level !== '',
  });
  // Borders drawn over schematic areas are schematic as well: official ones would not meet them.
  const schematic = picture.data?.schematic ?? false;
  const names = useQuery({
    queryKey: ['map', division, asOf, '', schematic],
    queryFn: () => take(api.GET('/api/map', { params: { query: { division, as_of: asOf, schematic } } })),
    staleTime: Infinity,
    enabled: picture.isSuccess,
  });
  const before = JSON.stringify(areas.map((area) => [area.before, area.total]));
  const steps = useMemo(() => stepsOf((JSON.parse(before) as [number, number][]).flatMap(([persons, total]) => shareOf(persons, total) ?? [])), [before]);
  const coloured = useMemo<Record<string, Area>>(
    () =>
      Object.fromEntries(
        areas.map((area) => {
          const share = shareOf(area.after, area.total);
          const step = stepOf(share, steps);
          const was = shareOf(area.before, area.total);
          const written = (value: number | null) => (value === null ? kit.noValue : `${format.number(value, 1)}%`);
          return [area.id, { colour: colourOf(step, steps.length), dark: step >= 3, note: words.mapNote(written(was), written(share), format.number(area.after), format.number(area.total)) }];
        }),
      ),
    // the words stand for the language
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [areas, steps, words],
  );
  const apart = names.data !== undefined && picture.data !== undefined && names.data.features?.length !== picture.data.features?.length;
  const problem = picture.error ?? names.error;
  return (
    <section className="lab-map" aria-label={words.map}>
      <h2>{words.map}</h2>
      {problem !== null && <ProblemMessage error={problem} retry={() => { void picture.refetch(); void names.refetch(); }} />}
      <div className="map-room">
        {picture.data && names.data ? (
          <Suspense fallback={<Waiting lines={8} />}>
            <MapCanvas key={division} areas={coloured} collection={picture.data} names={apart ? names.data : undefined} label={words.mapLabel} onOpen={setDivision} />
            <MapMark picture={picture.data} />
          </Suspense>
        ) : (
          problem === null && <Waiting lines={8} />
        )}
      </div>
      <ul className="steps" aria-label={words.mapLegend}>
        {steps.map((begin, step) => (
          <li key={begin}><span className="step-colour" style={{ background: colourOf(step, steps.length) }} /> {words.step(format.number(begin, 1), steps[step + 1] === undefined ? '' : format.number(steps[step + 1], 1))}</li>
        ))}
      </ul>
    </section>
  );
}
