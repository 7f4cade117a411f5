import { Link } from '@tanstack/react-router';
import { Input } from 'antd';
import { useState } from 'react';

import { useMoment } from '../../app/moment';
import { useAddress } from '../../kit/address';
import { Choice } from '../../kit/choice';
import { useDivision } from '../../kit/division-picker';
import { Empty } from '../../kit/empty';
import { Field } from '../../kit/field';
import { useFormat } from '../../kit/format';
import { Page } from '../../kit/page';
import { ProblemMessage } from '../../kit/problem';
import { Waiting } from '../../kit/waiting';
import { en } from '../../words/portfolio.en';
import { zh } from '../../words/portfolio.zh';
import { useWords } from '../../words/words';
import { useNouns } from '../portfolio/filters';
import { NewNoun } from '../portfolio/edit/new-noun';
import { useProjectLists, useRuleNames } from '../portfolio/lists';
import { MoreRows, pageOfRows } from '../portfolio/rows';
import { RateNumber, rateNames } from './rates';

/** The groups and companies with what came of what they signed, in the order of their names. */
export function Organisations() {
  const words = useWords(zh, en);
  const format = useFormat();
  const rule = useRuleNames();
  const { options } = useProjectLists();
  const { home, asOf } = useMoment();
  const place = useDivision(home, asOf);
  const [address, setAddress] = useAddress();
  const [find, setFind] = useState('');
  const [shown, setShown] = useState(pageOfRows);
  const kind = address['kind'] ?? 'central_group';
  const nouns = useNouns('/api/organisations');
  const rows = (nouns.data?.rows ?? [])
    .filter((row) => row.organisation?.kind === kind && (row.organisation.name.includes(find.trim())))
    .sort((a, b) => (a.organisation?.name ?? '').localeCompare(b.organisation?.name ?? '', 'zh'));
  return (
    <Page title={words.organisations} about={words.organisationsAbout(place.data?.name ?? '')} rule={rule} action={<NewNoun noun="organisation" />}>
      <div className="filters">
        <Field label={words.organisationKind}><Choice value={kind} options={options('organisations')} onChange={(next) => setAddress({ kind: next })} /></Field>
        <Field label={words.findName}><Input allowClear value={find} onChange={(event) => setFind(event.target.value)} /></Field>
      </div>
      {nouns.isError && <ProblemMessage error={nouns.error} retry={() => void nouns.refetch()} />}
      {nouns.isPending && <Waiting lines={14} height={520} />}
      {nouns.isSuccess && rows.length === 0 && <Empty>{words.organisationEmpty}</Empty>}
      {rows.length > 0 && (
        <div className="scroll">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{words.organisationName}</th><th scope="col" className="n">{words.agreementsCount}</th><th scope="col" className="n">{words.projectsCount}</th>
                {rateNames.map((name) => <th key={name} scope="col" className="n">{words.rates[name]}</th>)}
              </tr>
            </thead>
            <tbody data-of-the-city>
              {rows.slice(0, shown).map((row) => (
                <tr key={row.id}>
                  <td><Link to="/organisations/$organisation" params={{ organisation: row.id }}>{row.organisation?.name}</Link></td>
                  <td className="n">{format.number(row.rates?.agreements)}</td>
                  <td className="n">{format.number(row.rates?.projects)}</td>
                  {rateNames.map((name) => <td key={name} className="n"><RateNumber name={name} rates={row.rates} path="/api/organisations/{id}" id={row.id} title={row.organisation?.name ?? ''} /></td>)}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <MoreRows shown={shown} all={rows.length} onMore={() => setShown(shown + pageOfRows)} />
    </Page>
  );
}
