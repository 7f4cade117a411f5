import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Input } from 'antd';
import { useState } from 'react';

import { api, take } from '../../api/client';
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
import { RateNumber, rateNames } from '../organisation/rates';
import { NewNoun } from '../portfolio/edit/new-noun';
import { useProjectLists, useRuleNames } from '../portfolio/lists';
import { MoreRows, pageOfRows } from '../portfolio/rows';

/** What was signed, the latest first, and what came of it. */
export function Agreements() {
  const words = useWords(zh, en);
  const format = useFormat();
  const rule = useRuleNames();
  const { options, title } = useProjectLists();
  const { asOf, home } = useMoment();
  const place = useDivision(home, asOf);
  const [address, setAddress] = useAddress();
  const [find, setFind] = useState('');
  const [shown, setShown] = useState(pageOfRows);
  const kind = address['kind'] ?? '';
  const nouns = useQuery({ queryKey: ['/api/agreements', asOf], queryFn: () => take(api.GET('/api/agreements', { params: { query: { as_of: asOf } } })) });
  const rows = (nouns.data?.rows ?? [])
    .filter((row) => (kind === '' || row.agreement?.kind === kind) && (row.agreement?.name ?? '').includes(find.trim()))
    .sort((a, b) => (b.agreement?.signed ?? '').localeCompare(a.agreement?.signed ?? ''));
  return (
    <Page title={words.agreements} about={words.agreementsAbout(place.data?.name ?? '', format.number(rows.length))} rule={rule} action={<NewNoun noun="agreement" />}>
      <div className="filters">
        <Field label={words.agreementKind}><Choice value={kind} options={[['', words.any], ...options('agreements')]} onChange={(next) => setAddress({ kind: next })} /></Field>
        <Field label={words.findName}><Input allowClear value={find} onChange={(event) => setFind(event.target.value)} /></Field>
      </div>
      {nouns.isError && <ProblemMessage error={nouns.error} retry={() => void nouns.refetch()} />}
      {nouns.isPending && <Waiting lines={14} height={520} />}
      {nouns.isSuccess && rows.length === 0 && <Empty>{words.noAgreements}</Empty>}
      {rows.length > 0 && (
        <div className="scroll">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{words.agreementName}</th><th scope="col">{words.agreementKind}</th><th scope="col">{words.signed}</th><th scope="col" className="n">{words.inUnit(words.amount, format.amountUnit)}</th>
                <th scope="col" className="n">{words.projectsCount}</th>{rateNames.slice(1).map((name) => <th key={name} scope="col" className="n">{words.rates[name]}</th>)}
              </tr>
            </thead>
            <tbody data-of-the-city>
              {rows.slice(0, shown).map((row) => (
                <tr key={row.id}>
                  <td><Link to="/agreements/$agreement" params={{ agreement: row.id }}>{row.agreement?.name}</Link></td>
                  <td className="nowrap">{title('agreements', row.agreement?.kind)}</td>
                  <td className="nowrap">{row.agreement?.no_later_than ? words.noLater(format.day(row.agreement.signed)) : format.day(row.agreement?.signed)}</td>
                  <td className="n">{format.amount(row.agreement?.amount_fen)}</td>
                  <td className="n">{format.number(row.projects)}</td>
                  {rateNames.slice(1).map((name) => <td key={name} className="n"><RateNumber name={name} rates={row.rates} path="/api/agreements/{id}" id={row.id} title={row.agreement?.name ?? ''} /></td>)}
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
