import { useFormat } from '../../kit/format';
import { en } from '../../words/lab.en';
import { zh } from '../../words/lab.zh';
import { useWords } from '../../words/words';
import { areApart, type Standing } from './standings';

/** How the looks, the income and the village's vote stand to each other: each way in which they do, those that disagree first. */
export function StandingsTable({ standings }: { standings: Standing[] }) {
  const words = useWords(zh, en);
  const format = useFormat();
  if (standings.length === 0) return null;
  const said = (truth: string) => (truth === 'yes' ? words.saysPoor : truth === 'no' ? words.saysNotPoor : words.saysNothing);
  const sorted = [...standings].sort((a, b) => Number(areApart(b)) - Number(areApart(a)) || b.households - a.households);
  return (
    <section aria-labelledby="lab-standings">
      <h2 id="lab-standings">{words.standings}</h2>
      <p className="quiet">{words.standingsAbout}</p>
      <table className="table">
        <thead><tr><th scope="col">{words.byLooks}</th><th scope="col">{words.byIncome}</th><th scope="col">{words.byVote}</th><th scope="col" className="n">{words.standingHouseholds}</th><th scope="col" className="n">{words.standingPersons}</th><th scope="col"><span className="unseen">{words.agreement}</span></th></tr></thead>
        <tbody>
          {sorted.map((one) => (
            <tr key={`${one.score} ${one.income} ${one.vote}`}>
              <td>{said(one.score)}</td><td>{said(one.income)}</td><td>{said(one.vote)}</td>
              <td className="n">{format.number(one.households)}</td><td className="n">{format.number(one.members)}</td>
              <td>{areApart(one) ? <strong>{words.disagree}</strong> : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
