import type { Schemas } from '../../api/client';
import { useFormat } from '../../kit/format';
import { en } from '../../words/briefings.en';
import { zh } from '../../words/briefings.zh';
import { useWords } from '../../words/words';

type Briefing = Schemas['BriefingView'];
type Span = Schemas['OfficialSpan'];

/** What a number of the text quotes: its footnote, and the value of the book where it is one. */
export interface Quoted {
  note: number;
  value: Schemas['BriefingValue'] | undefined;
}

/** The text as it stands on paper: its marks, sections, tables and chart, and the footnotes beneath. It is Chinese, whatever the reader's language. */
export function BriefingText({ briefing, onOpen }: { briefing: Briefing; onOpen: (quoted: Quoted) => void }) {
  const words = useWords(zh, en);
  const { document } = briefing;
  const values = briefing.values ?? [];
  const span = (one: Span, key: number, nth = 0) => {
    if (one.note === undefined) return <span key={key}>{one.text}</span>;
    const note = one.note;
    const value = values.filter((each) => each.note === note)[nth];
    return <button key={key} type="button" className="quoted" aria-label={words.openNote(one.text, String(note))} onClick={() => onOpen({ note, value })}>{one.text}<sup data-note={note} /></button>;
  };
  return (
    <article className="paper briefing-paper" lang="zh-CN" data-of-the-city>
      {(document.marks ?? []).map((mark) => <p key={mark} className="demo-paper">{mark}</p>)}
      <h2>{document.title}</h2>
      {(document.blocks ?? []).map((block, index) => {
        const spans = (block.spans ?? []).map((one, key) => span(one, key));
        if (block.kind === 'heading') return <h3 key={index}>{spans}</h3>;
        if (block.table) return <BriefingTable key={index} table={block.table} caption={spans} span={span} />;
        if (block.chart) return <Bars key={index} chart={block.chart} caption={spans} />;
        return <p key={index} className="briefing-said">{spans}</p>;
      })}
      {(document.close ?? []).map((one, key) => <p key={key} className="paper-foot">{span(one, key)}</p>)}
      <section className="briefing-notes" aria-label={words.notes}>
        <ol>{(document.notes ?? []).map((note, index) => <li key={index}>{note.text}</li>)}</ol>
      </section>
    </article>
  );
}

/** Cells of a column share a footnote; their values follow each other in the order of the rows. */
function BriefingTable({ table, caption, span }: { table: Schemas['OfficialTable']; caption: React.ReactNode; span: (one: Span, key: number, nth?: number) => React.ReactNode }) {
  const rows = (table.rows ?? []).map((row) => row ?? []);
  const nth = (row: number, column: number) => rows.slice(0, row).filter((one) => one[column]?.note !== undefined).length;
  return (
    <div className="scroll">
      <table className="table">
        <caption>{caption}</caption>
        <thead><tr>{(table.heads ?? []).map((head, column) => <th key={column} scope="col" className={column === 0 ? undefined : 'n'}>{head.text}</th>)}</tr></thead>
        <tbody>{rows.map((row, at) => <tr key={at}>{row.map((cell, column) => <td key={column} className={column === 0 ? undefined : 'n'}>{span(cell, column, nth(at, column))}</td>)}</tr>)}</tbody>
      </table>
    </div>
  );
}

/** The chart as bars, each with its number. */
function Bars({ chart, caption }: { chart: Schemas['OfficialChart']; caption: React.ReactNode }) {
  const format = useFormat();
  const bars = chart.bars ?? [];
  const most = Math.max(...bars.map((bar) => bar.value), 0) || 1;
  const percent = 100;
  return (
    <figure className="bars">
      <figcaption>{caption}</figcaption>
      {bars.map((bar) => (
        <div key={bar.label} className="bars-row"><span>{bar.label}</span><span className="bars-room"><span style={{ width: `${(bar.value * percent) / most}%` }} /></span><span className="n">{format.number(bar.value, chart.decimals)}</span></div>
      ))}
    </figure>
  );
}
