import { useEffect, useRef, useState } from "preact/hooks";
import type { BankMethod, BanksAnswer, BankTold } from "../../bankShape";
import { work } from "../api";
import { useHandOn } from "./handOn";
import { sorry } from "./queueState";
import { Source } from "./source";

type Pack = BanksAnswer["packs"][number];

/** The question bank of each assessment: what is in force, written out, and the awarding body's own brought in. */
export function Banks() {
  const [packs, set] = useState<readonly Pack[]>();
  const [at, choose] = useState("");
  const [trouble, setTrouble] = useState<string>();
  const load = async () => {
    setTrouble(undefined);
    try {
      set((await work<BanksAnswer>("banks")).packs);
    } catch (error) {
      setTrouble(sorry(error));
    }
  };
  useEffect(() => void load(), []);
  if (!packs)
    return (
      <p class="empty" role={trouble ? "alert" : "status"}>
        {trouble ?? "Loading the question bank"}{" "}
        {trouble && (
          <button type="button" class="plain" onClick={() => void load()}>
            Try again
          </button>
        )}
      </p>
    );
  const all = packs.flatMap((pack) =>
    pack.methods.map((method) => ({ key: `${pack.pack} ${method.method}`, pack, method })),
  );
  const chosen = all.find(({ key }) => key === at) ?? all[0];
  if (!chosen) return <p class="empty">There is no bank of yours.</p>;
  return (
    <section class="many" aria-label="Question bank">
      <div class="choice">
        <label for="bank">Assessment</label>
        <select class="field" id="bank" value={chosen.key} onChange={(e) => choose(e.currentTarget.value)}>
          {all.map(({ key, pack, method }) => (
            <option key={key} value={key}>
              {method.title} · {pack.title}
            </option>
          ))}
        </select>
      </div>
      <OneBank key={chosen.key} pack={chosen.pack} method={chosen.method} changed={load} />
    </section>
  );
}

interface OneProps {
  pack: Pack;
  method: BankMethod;
  changed: () => Promise<void>;
}

interface Looked {
  rows: string[][];
  told: BankTold;
  /** One press, however often it is sent. */
  id: string;
  after: string | null;
}

function OneBank({ pack, method, changed }: OneProps) {
  const [looked, look] = useState<Looked>();
  const [busy, setBusy] = useState(false);
  const [said, say] = useState<string>();
  const [trouble, setTrouble] = useState<string>();
  const head = useRef<HTMLHeadingElement>(null);
  useHandOn(looked === undefined, () => head.current);

  const send = async (what: "check" | "import", { rows, id, after }: Omit<Looked, "told">) => {
    setBusy(true);
    setTrouble(undefined);
    say(undefined);
    try {
      const body = { do: what, id, pack: pack.pack, method: method.method, after, rows };
      const told = await work<BankTold>("banks", body);
      look({ rows, told, id, after });
      if (told.state === "imported" || (what === "import" && told.state === "same")) {
        look(undefined);
        say("It is in force. Sessions drawn from now on draw from it; those drawn before keep theirs.");
        await changed();
      }
    } catch (error) {
      setTrouble(`${sorry(error)} Nothing is done twice.`);
    }
    setBusy(false);
  };
  const check = (rows: string[][]) => {
    if (rows.length > 301) return setTrouble("There are more than 300 rows.");
    void send("check", { rows, id: crypto.randomUUID(), after: pack.version });
  };
  return (
    <>
      <div class="card pad">
        <h2 tabIndex={-1} ref={head}>
          In force
        </h2>
        <p>
          {method.questions.length} questions.{" "}
          {method.since ? `Brought in ${method.since}.` : "The sample that comes with Epilogue."}{" "}
          <button type="button" class="plain" onClick={() => void save(pack, method)}>
            Download as CSV
          </button>
        </p>
        <details>
          <summary>Criteria and their ids</summary>
          <ul class="criteria">
            {method.criteria.map(({ id, text }) => (
              <li key={id}>
                <b class="whole">{id}</b> {text}
              </li>
            ))}
          </ul>
        </details>
        <Source label="A new bank, CSV or XLSX" hint="Id, Question, Criteria" take={check} />
        <p class="meta">
          Titles: Question, Criteria and, to change the words of a question that stays, Id. At least {2 * method.size}{" "}
          questions that together reach every criterion. It takes the place of the whole bank of this assessment.
        </p>
      </div>
      <p class="progress" role="status">
        {busy ? "Checking" : said}
      </p>
      {trouble && (
        <p class="wrong pad" role="alert">
          {trouble}
        </p>
      )}
      {looked && <Preview told={looked.told} busy={busy} bring={() => !busy && void send("import", looked)} />}
    </>
  );
}

const word = { new: "+ New", changed: "↺ Changed", kept: "✓ Stays", refused: "✕ Not in order" } as const;

function Preview({ told, busy, bring }: { told: BankTold; busy: boolean; bring: () => void }) {
  const { state, problems, hints, rows, gone } = told;
  const count = (of: keyof typeof word) => rows.filter((row) => row.state === of).length;
  return (
    <section class="card" aria-labelledby="preview">
      <div class="head">
        <h2 id="preview">{rows.length === 1 ? "1 question" : `${rows.length} questions`}</h2>
      </div>
      <p class="pad" role="status">
        {state === "same"
          ? "This is the bank in force already."
          : [
              count("new") > 0 && `${count("new")} new`,
              count("changed") > 0 && `${count("changed")} changed`,
              count("kept") > 0 && `${count("kept")} that stay`,
              count("refused") > 0 && `${count("refused")} not in order`,
              gone > 0 && `${gone} that go`,
            ]
              .filter(Boolean)
              .join(", ")}
      </p>
      {problems.map((says) => (
        <p class="wrong pad" key={says}>
          {says}
        </p>
      ))}
      {state !== "same" &&
        hints.map((says) => (
          <p class="pad" key={says}>
            ! {says}
          </p>
        ))}
      {state === "ready" && (
        <div class="bar pad">
          <button type="button" class="button primary" aria-disabled={busy} onClick={bring}>
            Bring in {rows.length} questions
          </button>
        </div>
      )}
      <ol class="rows">
        {rows.map((row) => (
          <li key={row.n} class={row.state}>
            <span class="line">
              <span class="meta n">{row.n}</span>
              <span class="what">{row.text || "No question"}</span>
              <span class="mark">{word[row.state]}</span>
            </span>
            <span class="problem meta">{row.criteria}</span>
            {row.problems.map((says) => (
              <span class="problem" key={says}>
                <b>{says}</b>
              </span>
            ))}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The bank in force as a file that can be changed and brought in again. */
async function save(pack: Pack, { method, questions }: BankMethod): Promise<void> {
  const { csvOf } = await import("./files");
  const rows = questions.map(({ id, text, criteria }) => [id, text, criteria.join(" ")]);
  const url = URL.createObjectURL(new Blob([csvOf([["Id", "Question", "Criteria"], ...rows])], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${method}-${pack.version ?? "bank"}.csv`;
  link.click();
  URL.revokeObjectURL(url);
}
