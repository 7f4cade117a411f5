import { Map as MapLibre, Marker, setWorkerUrl, type GeoJSONSource, type GeoJSONSourceSpecification, type StyleSpecification } from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';

import type { Schemas } from '../api/client';
import { en } from '../words/kit.en';
import { zh } from '../words/kit.zh';
import { useWords } from '../words/words';
import './map-canvas.css';

setWorkerUrl(workerUrl);

/** An area of the map: its colour, and the words beside its name. */
export interface Area {
  colour: string;
  dark: boolean;
  note: string;
}

type Feature = NonNullable<Schemas['MapOutputBody']['features']>[number];
type Point = [number, number];

interface Props {
  areas: Record<string, Area>;
  collection: Schemas['MapOutputBody'];
  /** whose names are written and whose borders are drawn thick; the areas' own without it */
  names?: Schemas['MapOutputBody'] | undefined;
  label: string;
  onOpen: (division: string) => void;
}

const style: StyleSpecification = { version: 8, sources: {}, layers: [{ id: 'paper', type: 'background', paint: { 'background-color': '#ffffff' } }] };

const pointsOf = (feature: Feature) => (feature.geometry.coordinates ?? []).flatMap((polygon) => (polygon ?? []).flatMap((ring) => (ring ?? []) as unknown as Point[]));
const middleOf = (feature: Feature) => feature.label as unknown as Point;

/**
 * A map of areas without tiles or labels from elsewhere. Colours change without drawing the map anew. What the mouse is over, or the arrow keys have
 * come to, is said below; Enter or a press opens it.
 */
export default function MapCanvas({ areas, collection, names, label, onOpen }: Props) {
  const words = useWords(zh, en);
  const place = useRef<HTMLDivElement>(null);
  const open = useRef(onOpen);
  const drawn = useRef<{ map: MapLibre; paint: () => void } | null>(null);
  const painted = useRef(areas);
  const waiting = useRef(false);
  const [at, setAt] = useState<string | null>(null);
  const features = collection.features ?? [];
  useEffect(() => {
    open.current = onOpen;
  }, [onOpen]);
  useEffect(() => {
    painted.current = areas;
    // numbers come before colours: while a slider moves, the map follows as soon as nothing else is to be done
    if (waiting.current) return;
    waiting.current = true;
    window.requestIdleCallback(() => {
      waiting.current = false;
      drawn.current?.paint();
    }, { timeout: 200 });
  }, [areas]);
  useEffect(() => {
    const container = place.current;
    const shown = collection.features ?? [];
    if (!container || shown.length === 0) return undefined;
    const { map, stop } = mapOf(container, shown, names?.features ?? shown, painted, setAt, (id) => open.current(id));
    map.map.getCanvas().setAttribute('aria-hidden', 'true');
    drawn.current = map;
    return () => {
      drawn.current = null;
      stop();
    };
  }, [collection, names]);
  useEffect(() => {
    const map = drawn.current?.map;
    if (!map?.getSource('areas') || at === null) return undefined;
    map.setFeatureState({ source: 'areas', id: at }, { chosen: true });
    return () => {
      if (map === drawn.current?.map) map.setFeatureState({ source: 'areas', id: at }, { chosen: false });
    };
  }, [at]);
  const chosen = features.find((feature) => feature.properties.id === at);
  const walk = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && at !== null) onOpen(at);
    const way = ways[event.key];
    if (way === undefined) return;
    event.preventDefault();
    setAt(nextOf(features, at, way));
  };
  return (
    <>
      {/* a map is moved in with the arrow keys, which no other role says; the table beside it tells the same */}
      <div className="map-keys" role="application" aria-label={label} tabIndex={0} onKeyDown={walk}>
        <div ref={place} className="map" />
      </div>
      <p className="map-at" role="status">{chosen && <><span data-of-the-city>{chosen.properties.name}</span> {areas[chosen.properties.id]?.note ?? words.noValue}</>}</p>
    </>
  );
}

const ways: Record<string, Point> = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/** The nearest area in a direction; the first one where none is chosen yet, the same where there is none further. */
function nextOf(features: Feature[], from: string | null, way: Point): string | null {
  const here = features.find((feature) => feature.properties.id === from);
  if (!here) return features[0]?.properties.id ?? null;
  const start = middleOf(here);
  let best: [number, string] | null = null;
  for (const feature of features) {
    const [x, y] = middleOf(feature);
    const [dx, dy] = [x - start[0], y - start[1]];
    const along = dx * way[0] + dy * way[1];
    const aside = Math.abs(dx * way[1]) + Math.abs(dy * way[0]);
    if (along <= 1e-9 || aside > 2 * along) continue;
    const far = along + 2 * aside;
    if (best === null || far < best[0]) best = [far, feature.properties.id];
  }
  return best?.[1] ?? from;
}

/** The frame of all areas; official boundaries have more points than a call has room for arguments. */
function frameOf(features: Feature[]): [number, number, number, number] {
  return features.flatMap(pointsOf).reduce<[number, number, number, number]>(
    ([west, south, east, north], [x, y]) => [Math.min(west, x), Math.min(south, y), Math.max(east, x), Math.max(north, y)],
    [Infinity, Infinity, -Infinity, -Infinity],
  );
}

function mapOf(container: HTMLElement, features: Feature[], named: Feature[], areas: { current: Record<string, Area> }, over: (id: string | null) => void, open: (id: string) => void) {
  const [west, south, east, north] = frameOf(features);
  const map = new MapLibre({
    container, style, bounds: [west, south, east, north], fitBoundsOptions: { padding: 16 }, attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, fadeDuration: 0, scrollZoom: false,
  });
  map.keyboard.disable();
  map.getCanvas().tabIndex = -1;
  const own = named === features;
  const labels = new globalThis.Map<string, HTMLElement>();
  const markers: Marker[] = [];
  const colours = new globalThis.Map<string, string>();
  const paint = () => {
    if (!map.getSource<GeoJSONSource>('areas')) return;
    for (const feature of features) {
      const id = feature.properties.id;
      const colour = areas.current[id]?.colour ?? '#ffffff';
      if (colours.get(id) === colour) continue;
      colours.set(id, colour);
      map.setFeatureState({ source: 'areas', id }, { colour });
    }
    if (own) labels.forEach((name, id) => {
      name.classList.toggle('map-name-dark', areas.current[id]?.dark ?? false); // maplibre has classes of its own on it
      if (name.lastChild) name.lastChild.textContent = areas.current[id]?.note ?? '';
    });
  };
  map.on('load', () => {
    const source = (list: Feature[]) => ({ type: 'geojson', promoteId: 'id', data: { type: 'FeatureCollection', features: list } }) as unknown as GeoJSONSourceSpecification;
    map.addSource('areas', source(features));
    map.addLayer({ id: 'fill', type: 'fill', source: 'areas', paint: { 'fill-color': ['to-color', ['feature-state', 'colour'], '#ffffff'] } });
    map.addLayer({ id: 'line', type: 'line', source: 'areas', paint: { 'line-color': own ? '#8c959f' : '#d0d7de', 'line-width': own ? 1 : 0.5 } });
    if (!own) {
      map.addSource('names', source(named));
      map.addLayer({ id: 'borders', type: 'line', source: 'names', paint: { 'line-color': '#57606a', 'line-width': 1.2 } });
    }
    map.addLayer({ id: 'chosen', type: 'line', source: 'areas', paint: { 'line-color': '#9a3412', 'line-width': ['case', ['boolean', ['feature-state', 'chosen'], false], 3, 0] } });
    for (const feature of named) {
      const name = document.createElement('div');
      name.className = own ? 'map-name' : 'map-name map-name-halo';
      name.setAttribute('data-of-the-city', '');
      name.append(feature.properties.name);
      if (own) name.append(document.createElement('br'), '');
      labels.set(feature.properties.id, name);
      markers.push(new Marker({ element: name }).setLngLat(middleOf(feature)).addTo(map));
      // maplibre names markers for readers of the screen; ours are words already
      name.removeAttribute('role');
      name.removeAttribute('aria-label');
    }
    paint();
  });
  const idOf = (event: { features?: { properties: unknown }[] }) => (event.features?.[0]?.properties as { id?: string } | undefined)?.id;
  map.on('click', 'fill', (event) => {
    const id = idOf(event);
    if (id !== undefined) open(id);
  });
  map.on('mousemove', 'fill', (event) => {
    map.getCanvas().classList.add('map-over');
    over(idOf(event) ?? null);
  });
  map.on('mouseleave', 'fill', () => {
    map.getCanvas().classList.remove('map-over');
    over(null);
  });
  const stop = () => {
    markers.forEach((marker) => marker.remove());
    map.remove();
  };
  return { map: { map, paint }, stop };
}
