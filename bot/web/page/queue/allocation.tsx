import { useState } from "preact/hooks";
import type { Colleague, QueueLine } from "../../queueShape";
import { allocate, type Result, sorry } from "./queueState";

interface AllocationProps {
  staff: readonly Colleague[];
  chosen: ReadonlyMap<string, QueueLine>;
  choose: (chosen: ReadonlyMap<string, QueueLine>) => void;
  /** Cases were changed: what is shown is old. */
  changed: () => void;
}

const roleName = { assessor: "Assessor", iqa: "Quality assurer" } as const;

/** Puts an assessor or quality assurer on the ticked cases; stands at the foot while some are ticked. */
export function Allocation({ staff, chosen, choose, changed }: AllocationProps) {
  const [role, setRole] = useState<"assessor" | "iqa">("assessor");
  const [person, setPerson] = useState("");
  const [reason, setReason] = useState("");
  const [result, tell] = useState<Result>();
  const [trouble, setTrouble] = useState<string>();
  const [sending, setSending] = useState(false);
  // One id until it is answered: a press after a lost answer is the same press.
  const [id, renew] = useState(() => crypto.randomUUID());
  const cases = [...chosen.values()];
  const free = staff.filter(({ roles }) => roles.includes(role));
  const replaces = cases.filter((c) => c[role] !== null).length;
  const against = cases.filter((c) => c.conflicts.includes(person));
  const missing = free.every((one) => one.person !== person) || (replaces > 0 && reason.trim() === "");

  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    if (sending || missing) return;
    setSending(true);
    tell(undefined);
    setTrouble(undefined);
    try {
      const name = free.find((one) => one.person === person)?.name ?? "";
      const told = await allocate({ id, role, person, reason }, name, cases);
      tell(told.result);
      choose(new Map([...chosen].filter(([caseId]) => !told.done.has(caseId))));
      if (told.result.refused.length === 0) setReason("");
      renew(crypto.randomUUID());
      changed();
    } catch (error) {
      setTrouble(`${sorry(error)} Nothing is done twice.`);
    }
    setSending(false);
  };
  // What is asked for changed: it is another press.
  const fresh =
    <V,>(set: (value: V) => void) =>
    (value: V) => {
      set(value);
      renew(crypto.randomUUID());
    };

  return (
    <div class={cases.length > 0 || result || trouble ? "allocation" : "hidden"}>
      <div role="status">
        {result && result.done > 0 && (
          <p>
            <b>{result.name}</b> is put on {result.done === 1 ? "1 case" : `${result.done} cases`}.
          </p>
        )}
        {result && result.refused.length > 0 && (
          <ul class="refused">
            {result.refused.map(({ ref, says }) => (
              <li key={ref}>
                <b class="whole">{ref}</b> {says}
              </li>
            ))}
          </ul>
        )}
        {trouble && <p class="wrong">{trouble}</p>}
      </div>
      {cases.length > 0 && (
        <form class="bar" aria-label="Allocate" onSubmit={(e) => void send(e)}>
          <b class="count">{cases.length} ticked</b>
          <select
            class="field"
            aria-label="Part"
            value={role}
            onChange={(e) => fresh(setRole)(e.currentTarget.value as typeof role)}
          >
            {Object.entries(roleName).map(([value, title]) => (
              <option key={value} value={value}>
                {title}
              </option>
            ))}
          </select>
          <select
            class="field"
            aria-label="Who"
            required
            value={person}
            onChange={(e) => fresh(setPerson)(e.currentTarget.value)}
          >
            <option value="">Choose a person</option>
            {free.map((one) => (
              <option key={one.person} value={one.person}>
                {one.name}, {one.open[role]} open
              </option>
            ))}
          </select>
          {against.length > 0 && (
            <p class="wrong" role="status">
              A conflict of interest is declared in {against.map(({ ref }) => ref).join(", ")}. Choose somebody else
              there.
            </p>
          )}
          {replaces > 0 && (
            <input
              class="field reason"
              required
              maxLength={2000}
              aria-label="Why someone else, kept in the record"
              placeholder="Why someone else, kept in the record"
              value={reason}
              onInput={(e) => fresh(setReason)(e.currentTarget.value)}
            />
          )}
          <button type="submit" class="button primary" aria-disabled={sending}>
            {sending ? "Allocating" : "Allocate"}
          </button>
          <button type="button" class="button" onClick={() => choose(new Map())}>
            Clear
          </button>
        </form>
      )}
    </div>
  );
}
