import { Map as MapLibre, Marker, setWorkerUrl, type GeoJSONSourceSpecification, type StyleSpecification } from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { useEffect, useRef } from 'react';

import type { Schemas } from '../api/client';

setWorkerUrl(workerUrl);

/** An area of the map: its colour, and the words beside its name. */
export interface Area {
  colour: string;
  dark: boolean;
  note: string;
}

const style: StyleSpecification = { version: 8, sources: {}, layers: [{ id: 'paper', type: 'background', paint: { 'background-color': '#ffffff' } }] };

/** A map of areas without tiles or labels from elsewhere. Areas are pressed with the mouse; a table beside the map serves the keyboard. */
export default function MapCanvas({ areas, collection, label, onOpen }: { areas: Record<string, Area>; collection: Schemas['MapOutputBody']; label: string; onOpen: (division: string) => void }) {
  const place = useRef<HTMLDivElement>(null);
  const open = useRef(onOpen);
  useEffect(() => {
    open.current = onOpen;
  }, [onOpen]);
  useEffect(() => {
    const container = place.current;
    const features = collection.features ?? [];
    if (!container || features.length === 0) return undefined;
    const points = features.flatMap((feature) => (feature.geometry.coordinates ?? []).flatMap((ring) => ring ?? [])).map((point) => point as unknown as [number, number]);
    const [west, south] = [Math.min(...points.map((p) => p[0])), Math.min(...points.map((p) => p[1]))];
    const [east, north] = [Math.max(...points.map((p) => p[0])), Math.max(...points.map((p) => p[1]))];
    const map = new MapLibre({
      container, style, bounds: [west, south, east, north], fitBoundsOptions: { padding: 16 }, attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, fadeDuration: 0, scrollZoom: false,
    });
    map.keyboard.disable();
    map.getCanvas().setAttribute('aria-label', label);
    map.getCanvas().tabIndex = -1;
    const markers: Marker[] = [];
    map.on('load', () => {
      const coloured = features.map((feature) => ({ ...feature, properties: { ...feature.properties, colour: areas[feature.properties.id]?.colour ?? '#ffffff' } }));
      map.addSource('areas', { type: 'geojson', data: { type: 'FeatureCollection', features: coloured } } as unknown as GeoJSONSourceSpecification);
      map.addLayer({ id: 'fill', type: 'fill', source: 'areas', paint: { 'fill-color': ['get', 'colour'] } });
      map.addLayer({ id: 'line', type: 'line', source: 'areas', paint: { 'line-color': '#8c959f', 'line-width': 1 } });
      for (const feature of features) {
        const ring = (feature.geometry.coordinates?.[0] ?? []).map((point) => point as unknown as [number, number]);
        const middle: [number, number] = [ring.reduce((sum, p) => sum + p[0], 0) / ring.length, ring.reduce((sum, p) => sum + p[1], 0) / ring.length];
        const area = areas[feature.properties.id];
        const name = document.createElement('div');
        name.className = area?.dark ? 'map-name map-name-dark' : 'map-name';
        name.append(feature.properties.name, document.createElement('br'), area?.note ?? '');
        markers.push(new Marker({ element: name }).setLngLat(middle).addTo(map));
        // maplibre names markers for readers of the screen; ours are words already
        name.removeAttribute('role');
        name.removeAttribute('aria-label');
      }
    });
    map.on('click', 'fill', (event) => {
      const id: unknown = event.features?.[0]?.properties['id'];
      if (typeof id === 'string') open.current(id);
    });
    map.on('mousemove', 'fill', () => map.getCanvas().classList.add('map-over'));
    map.on('mouseleave', 'fill', () => map.getCanvas().classList.remove('map-over'));
    return () => {
      markers.forEach((marker) => marker.remove());
      map.remove();
    };
  }, [collection, areas, label]);
  return <div ref={place} className="map" />;
}
