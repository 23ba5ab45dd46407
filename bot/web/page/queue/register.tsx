import { useRef, useState } from "preact/hooks";
import type { RegisterAnswer, RegisteredRow } from "../../registerShape";
import { work } from "../api";
import { useHandOn } from "./handOn";
import { sorry } from "./queueState";
import { Source } from "./source";

const MOST = 500;
const AT_ONCE = 20;

interface Looked {
  /** As they were read, the titles first. */
  rows: string[][];
  answer: RegisterAnswer;
}

/** Registration of many: a file, what would become of each row, and only then, row by row, what did. */
export function Register() {
  const [looked, look] = useState<Looked>();
  const [busy, setBusy] = useState<string>();
  const [trouble, setTrouble] = useState<string>();
  const stop = useRef(false);

  const check = async (rows: string[][]) => {
    setTrouble(undefined);
    look(undefined);
    if (rows.length - 1 > MOST)
      return setTrouble(
        `There are ${rows.length - 1} rows; ${MOST} are taken at once. Split the file, and send the parts.`,
      );
    setBusy("Checking the rows");
    try {
      look({ rows, answer: await work<RegisterAnswer>("register", { do: "check", rows }) });
    } catch (error) {
      setTrouble(sorry(error));
    }
    setBusy(undefined);
  };

  const register = async () => {
    if (!looked || busy) return;
    setTrouble(undefined);
    stop.current = false;
    const [titles = []] = looked.rows;
    const told = [...looked.answer.rows];
    const ready = told.filter(({ state }) => state === "ready" || state === "failed");
    try {
      for (let i = 0; i < ready.length && !stop.current; i += AT_ONCE) {
        setBusy(`Registering: ${i} of ${ready.length}`);
        const part = ready.slice(i, i + AT_ONCE);
        const rows = [titles, ...part.map(({ n }) => looked.rows[n] ?? [])];
        const answer = await work<RegisterAnswer>("register", { do: "register", rows });
        part.forEach(({ n }, k) => {
          const done = answer.rows[k];
          if (done) told[n - 1] = { ...done, n };
        });
        look({ ...looked, answer: { ...looked.answer, rows: [...told] } });
      }
    } catch (error) {
      setTrouble(`${sorry(error)} What is registered stands: send it again for the rest, nothing is done twice.`);
    }
    setBusy(undefined);
  };

  return (
    <section class="many" aria-label="Register many">
      <div class="card pad">
        <h2>Register many</h2>
        <p>
          A CSV or XLSX file with a row for each apprentice, at most {MOST}. Nothing is written before you say so.{" "}
          <a class="plain" href="/tab/registration-template.csv" download="registration-template.csv">
            Download the template
          </a>
        </p>
        <Source label="The file" hint="Apprentice, Apprentice mail, Firm, …" take={(rows) => void check(rows)} />
      </div>
      <p class="progress" role="status">
        {busy}
      </p>
      {trouble && (
        <p class="wrong pad" role="alert">
          {trouble}
        </p>
      )}
      {looked && <Preview looked={looked} busy={busy !== undefined} register={() => void register()} />}
    </section>
  );
}

const word: Readonly<Record<RegisteredRow["state"], string>> = {
  ready: "○ Ready",
  registered: "✓ Registered",
  refused: "✕ Not in order",
  failed: "! Not saved",
};

function Preview({ looked, busy, register }: { looked: Looked; busy: boolean; register: () => void }) {
  const { problems, ignored, rows } = looked.answer;
  const [onlyWrong, setOnlyWrong] = useState(false);
  const count = (state: RegisteredRow["state"]) => rows.filter((row) => row.state === state).length;
  const ready = count("ready") + count("failed");
  const wrong = count("refused");
  const head = useRef<HTMLHeadingElement>(null);
  useHandOn(ready === 0, () => head.current);
  const shown = onlyWrong ? rows.filter(({ state }) => state === "refused" || state === "failed") : rows;
  return (
    <section class="card" aria-labelledby="preview">
      <div class="head">
        <h2 id="preview" tabIndex={-1} ref={head}>
          {rows.length === 1 ? "1 row" : `${rows.length} rows`}
        </h2>
      </div>
      {problems.map((says) => (
        <p class="wrong pad" role="alert" key={says}>
          {says}
        </p>
      ))}
      {ignored.length > 0 && <p class="pad meta">Nothing is made of these columns: {ignored.join(", ")}.</p>}
      {rows.length > 0 && (
        <>
          <p class="pad" role="status">
            {[
              count("registered") > 0 && `${count("registered")} registered`,
              ready > 0 && `${ready} ready`,
              wrong > 0 && `${wrong} not in order`,
            ]
              .filter(Boolean)
              .join(", ")}
            . {wrong > 0 && "Mend them in the file and choose it again: what is registered stays as it is."}
          </p>
          <div class="bar pad">
            {ready > 0 && (
              <button type="button" class="button primary" aria-disabled={busy} onClick={register}>
                Register {ready === 1 ? "1 apprentice" : `${ready} apprentices`}
              </button>
            )}
            {wrong > 0 && (
              <label class="tick wide">
                <input type="checkbox" checked={onlyWrong} onChange={() => setOnlyWrong(!onlyWrong)} />
                Only what is not in order
              </label>
            )}
          </div>
          <ol class="rows">
            {shown.map((row) => (
              <li key={row.n} class={row.state}>
                <span class="line">
                  <span class="meta n">{row.n}</span>
                  <span class="what name">{row.name || "No name"}</span>
                  {row.ref && <span class="meta whole">{row.ref}</span>}
                  <span class="mark">{word[row.state]}</span>
                </span>
                {row.problems.map(({ column, says }) => (
                  <span class="problem" key={`${column} ${says}`}>
                    {column && <b>{column}: </b>}
                    {says}
                  </span>
                ))}
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}
