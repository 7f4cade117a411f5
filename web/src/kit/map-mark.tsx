import type { Schemas } from '../api/client';
import { en } from '../words/kit.en';
import { zh } from '../words/kit.zh';
import { useWords } from '../words/words';

/** What must stand on a map, on the screen, on paper and on the big screen: the approval number of its boundaries, or that it is a schematic. */
export function MapMark({ picture }: { picture: Schemas['MapOutputBody'] }) {
  const words = useWords(zh, en);
  return (
    <p className="map-mark">
      {picture.approval_number === undefined ? words.schematic : <>{words.approvalNumber} <span data-of-the-city>{picture.approval_number}</span></>}
    </p>
  );
}
