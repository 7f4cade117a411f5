import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { lazy, Suspense, useMemo, useState } from 'react';

import { api, take, type Schemas } from '../../api/client';
import { useMoment } from '../../app/moment';
import { useDivision } from '../../kit/division-picker';
import { useFormat } from '../../kit/format';
import { LightTag } from '../../kit/light';
import type { Area } from '../../kit/map-canvas';
import { MapMark } from '../../kit/map-mark';
import { Panel } from '../../kit/panel';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en as kitEn } from '../../words/kit.en';
import { zh as kitZh } from '../../words/kit.zh';
import { en } from '../../words/portfolio.en';
import { zh } from '../../words/portfolio.zh';
import { useWords } from '../../words/words';
import { colourOf, stepOf, stepsOf } from '../overview/steps';
import { useQueryOf, type Filter } from './filter';
import { useNouns } from './filters';
import { useProjectLists } from './lists';
import { MoreRows, pageOfRows } from './rows';

const MapCanvas = lazy(() => import('../../kit/map-canvas'));

type Spot = Schemas['SpotView'];

/** Where the projects of a filter are: gathered by the divisions below the one looked at, because their records name no finer place. */
export function ProjectMap({ filter }: { filter: Filter }) {
  const words = useWords(zh, en);
  const kit = useWords(kitZh, kitEn);
  const { division, asOf, home, setDivision } = useMoment();
  const query = useQueryOf(filter);
  const from = useDivision(home, asOf);
  const [opened, setOpened] = useState<string | null>(null);
  const picture = useQuery({ queryKey: ['map', division, asOf], queryFn: () => take(api.GET('/api/map', { params: { query: { division, as_of: asOf } } })), staleTime: Infinity });
  const places = useQuery({ queryKey: ['projects', 'places', query], queryFn: () => take(api.GET('/api/projects/places', { params: { query } })) });
  const spots = useMemo(() => places.data?.spots ?? [], [places.data]);
  const areas = useAreas(spots, picture.data?.features ?? []);
  const wide = spots.filter((spot) => spot.division.id === places.data?.of.id);
  const below = spots.filter((spot) => spot.division.id !== places.data?.of.id);
  return (
    <div className="project-map">
      <section className="map-panel" aria-label={words.mapTitle}>
        <p className="quiet">{words.mapAbout} {division !== home && <Button size="small" onClick={() => setDivision(home)}>{words.mapUp(from.data?.name ?? '')}</Button>}</p>
        {(picture.isError || places.isError) && <ProblemMessage error={picture.error ?? places.error} retry={() => void places.refetch()} />}
        <div className="project-map-room">
          {(picture.isPending || places.isPending) && <Waiting lines={10} />}
          {picture.data && places.data && ((picture.data.features ?? []).length === 0 ? <p className="quiet">{words.mapMissing}</p> : (
            <Suspense fallback={<Waiting lines={10} />}>
              <MapCanvas key={division} areas={areas} collection={picture.data} label={kit.mapLabel(words.mapTitle)} onOpen={setOpened} />
              <MapMark picture={picture.data} />
            </Suspense>
          ))}
        </div>
      </section>
      <section aria-label={words.mapPlaces}>
        <table className="table">
          <thead><tr><th scope="col">{words.place}</th><th scope="col" className="n">{words.count}</th><th scope="col">{words.light}</th></tr></thead>
          <tbody>{below.map((spot) => <SpotRow key={spot.division.id} spot={spot} onOpen={setOpened} />)}</tbody>
          {wide.length > 0 && <tfoot>{wide.map((spot) => <SpotRow key={spot.division.id} spot={spot} title={words.mapNone} onOpen={setOpened} />)}</tfoot>}
        </table>
      </section>
      {opened !== null && <PlacePanel division={opened} filter={filter} whole={opened === places.data?.of.id} onInto={() => { setOpened(null); setDivision(opened); }} onClose={() => setOpened(null)} />}
    </div>
  );
}

function SpotRow({ spot, title, onOpen }: { spot: Spot; title?: string; onOpen: (division: string) => void }) {
  const format = useFormat();
  const red = spot.lights['red'] ?? 0;
  return (
    <tr>
      <td>{title === undefined ? <button type="button" className="link" onClick={() => onOpen(spot.division.id)}>{spot.division.name}</button> : title}</td>
      <td className="n">{format.number(spot.projects)}</td>
      <td>{red > 0 && <LightTag light="red" title={format.number(red)} />}</td>
    </tr>
  );
}

function useAreas(spots: Spot[], features: Schemas['Feature'][]): Record<string, Area> {
  const words = useWords(zh, en);
  return useMemo(() => {
    const steps = stepsOf(spots.map((spot) => spot.projects));
    return Object.fromEntries(features.map((feature) => {
      const spot = spots.find((one) => one.division.id === feature.properties.id);
      const step = stepOf(spot?.projects ?? null, steps);
      const red = spot?.lights['red'] ?? 0;
      return [feature.properties.id, {
        colour: colourOf(step, steps.length), dark: step >= 0 && step / Math.max(steps.length - 1, 1) > 0.6,
        note: spot ? `${words.mapNote(String(spot.projects))}${red > 0 ? ` \u25b2${words.mapRed(String(red))}` : ''}` : '',
      }];
    }));
  }, [spots, features, words]);
}

/** The projects and platforms of a place of the map. */
function PlacePanel({ division, filter, whole, onInto, onClose }: { division: string; filter: Filter; whole: boolean; onInto: () => void; onClose: () => void }) {
  const words = useWords(zh, en);
  const format = useFormat();
  const lists = useProjectLists();
  const { asOf } = useMoment();
  const place = useDivision(division, asOf);
  const platforms = (useNouns('/api/platforms').data?.rows ?? []).filter((row) => row.division.id === division);
  const query = { ...useQueryOf(filter), division };
  const list = useInfiniteQuery({
    queryKey: ['projects', 'place', query],
    queryFn: ({ pageParam }) => take(api.GET('/api/projects', { params: { query: { ...query, limit: pageOfRows, after: pageParam } } })),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  });
  const rows = list.data?.pages.flatMap((page) => page.rows ?? []) ?? [];
  const total = list.data?.pages[0]?.total ?? 0;
  return (
    <Panel title={place.data?.name ?? ''} onClose={onClose}>
      {!whole && <p><Button onClick={onInto}>{words.mapInto}</Button></p>}
      {platforms.length > 0 && (
        <>
          <h3>{words.platformsHere}</h3>
          <ul className="plain">{platforms.map((row) => <li key={row.id}><Link to="/platforms/$platform" params={{ platform: row.id }}>{row.platform?.name}</Link> <span className="quiet">{lists.title('platforms', row.platform?.kind)}</span></li>)}</ul>
        </>
      )}
      <h3>{words.projectsHere} {list.data && <span className="quiet">{words.projects(format.number(total))}</span>}</h3>
      {list.isError && <ProblemMessage error={list.error} />}
      {list.isPending && <Waiting lines={6} />}
      <table className="table"><tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td><Link to="/projects/$project" params={{ project: row.id }}>{row.name}</Link></td>
            <td className="nowrap"><LightTag light={row.light} /></td>
            <td className="nowrap">{lists.title('stages', row.stage)}</td>
            <td className="n nowrap">{format.amount(row.amount_fen)}</td>
          </tr>
        ))}
      </tbody></table>
      <MoreRows shown={rows.length} all={total} onMore={() => void list.fetchNextPage()} />
    </Panel>
  );
}
