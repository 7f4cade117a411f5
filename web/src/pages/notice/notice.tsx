import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useEffect } from 'react';

import { api, take, type Schemas } from '../../api/client';
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
import { en } from '../../words/paper.en';
import { zh } from '../../words/paper.zh';
import { useText, useWords } from '../../words/words';

/** The village notice: made for a village from a day on, and printed. */
export function NoticePage() {
  const words = useWords(zh, en);
  const text = useText();
  const { division, asOf } = useMoment();
  const [address, setAddress] = useAddress();
  const village = useDivision(division, asOf);
  const documents = useQuery({ queryKey: ['criteria'], queryFn: () => take(api.GET('/api/criteria')), staleTime: Infinity });
  const criteria = address.criteria ?? documents.data?.documents?.[0]?.id ?? '';
  const from = address.from ?? asOf;
  const notice = useMutation({ mutationFn: () => take(api.POST('/api/notices', { body: { criteria, as_of: asOf, division, from } })) });
  const { reset } = notice;
  useEffect(() => reset(), [criteria, from, division, asOf, reset]); // what stands below is of what stands above
  const isVillage = village.data?.level === 'village';
  return (
    <Page
      title={words.noticeTitle}
      about={words.noticeAbout}
      rule={criteria}
      action={notice.data && <Button type="primary" onClick={() => window.print()}>{words.print}</Button>}
    >
      <form className="filters no-print" onSubmit={(event) => { event.preventDefault(); notice.mutate(); }}>
        <Field label={words.document}>
          <Choice value={criteria} options={(documents.data?.documents ?? []).map((one) => [one.id, `${text(one.title)} ${one.id}`])} onChange={(next) => setAddress({ criteria: next })} />
        </Field>
        <Field label={words.from}><Input type="date" value={from} onChange={(event) => setAddress({ from: event.target.value })} /></Field>
        <Button type="primary" htmlType="submit" disabled={!isVillage || criteria === ''} loading={notice.isPending}>{words.make}</Button>
      </form>
      {documents.isError && <ProblemMessage error={documents.error} retry={() => void documents.refetch()} />}
      {notice.isError && <ProblemMessage error={notice.error} retry={() => notice.mutate()} />}
      {notice.isPending && <Waiting lines={14} height={480} />}
      {village.isSuccess && !isVillage && <Empty>{words.chooseVillage}</Empty>}
      {notice.data && <Poster notice={notice.data} />}
    </Page>
  );
}

/** What is posted. It is Chinese whatever the reader's language: the village reads it. */
function Poster({ notice }: { notice: Schemas['NoticeOutputBody'] }) {
  const format = useFormat();
  const rows = notice.households ?? [];
  return (
    <article className="paper" lang="zh-CN" data-of-the-city>
      {notice.demo && <p className="demo-paper">{zh.demo}</p>}
      <h2>{zh.noticeHead(notice.path)}</h2>
      {rows.length === 0 ? <p>{zh.none}</p> : (
        <>
          <p>{zh.noticeText(notice.title.zh, format.day(notice.as_of), format.number(rows.length), format.number(notice.persons))}</p>
          <table className="table">
            <thead><tr><th scope="col" className="n">{zh.row}</th><th scope="col">{zh.name}</th><th scope="col">{zh.village}</th><th scope="col" className="n">{zh.persons}</th></tr></thead>
            <tbody>
              {rows.map((row, index) => (
                <tr key={index}><td className="n">{index + 1}</td><td>{row.name === '' ? zh.minor : row.name}</td><td>{notice.division.name}</td><td className="n">{format.number(row.persons)}</td></tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {notice.review > 0 && <p>{zh.review(format.number(notice.review))}</p>}
      <p><strong>{zh.period(format.day(notice.from), format.day(notice.until), format.number(notice.days))}</strong></p>
      <p>{zh.objection}</p>
      <p>{zh.handFilled}</p>
      <p className="paper-foot">{zh.committee(notice.division.name)}<br />{format.day(notice.from)}</p>
      <p className="quiet">{zh.basis(notice.basis.text)}</p>
    </article>
  );
}
