import { Input } from 'antd';

import { DivisionPicker } from '../kit/division-picker';
import { en } from '../words/shell.en';
import { zh } from '../words/shell.zh';
import { useWords } from '../words/words';
import { MyMenu } from './my-menu';
import { useMoment } from './moment';
import { SearchBox } from './search-box';
import { useMay } from './session';

/** The one bar: name, place, search, day, me. */
export function Bar() {
  const words = useWords(zh, en);
  const may = useMay();
  const moment = useMoment();
  return (
    <div className="bar">
      <strong className="bar-name">{words.name}</strong>
      {may('read_figures') && <DivisionPicker value={moment.division} home={moment.home} asOf={moment.asOf} label={words.place} onChange={moment.setDivision} />}
      {may('read_figures') ? <SearchBox /> : <span className="bar-space" />}
      {may('read_figures') && (
        <label className="bar-day" title={words.asOfHint}>
          <span>{words.asOf}</span>
          <Input type="date" value={moment.asOf} min="2000-01-01" max="2099-12-31" onChange={(event) => event.target.value !== '' && moment.setAsOf(event.target.value)} />
        </label>
      )}
      <MyMenu />
    </div>
  );
}
