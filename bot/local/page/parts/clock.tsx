import { useEffect, useRef, useState } from "preact/hooks";
import { steps } from "../client";
import { useAppState, useClient, useNow } from "../context";
import { dayAndTime, fromInputs, fullDay, hint, inputParts } from "../dates";
import { ChevronDown, ClockIcon } from "./icons";

/** The product's clock: what it shows, the two commonest moves, and a popover for the rest. */
export function ClockBar() {
  const client = useClient();
  const now = useNow();
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };

  useEffect(() => {
    if (!open) return;
    void client.loadDeadlines();
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && !place.current?.contains(event.target)) setOpen(false);
    };
    addEventListener("pointerdown", outside);
    return () => removeEventListener("pointerdown", outside);
  }, [open, client]);

  return (
    <div class="clock" ref={place} data-testid="clock">
      <div class="segmented">
        <button
          type="button"
          class="clock-now"
          ref={button}
          aria-expanded={open}
          aria-haspopup="dialog"
          data-testid="clock-now"
          onClick={() => setOpen(!open)}
        >
          <ClockIcon />
          <span class="hidden">Clock: </span>
          <time dateTime={now}>{dayAndTime(now)}</time>
          <ChevronDown size={18} />
        </button>
        <button type="button" class="clock-step" onClick={() => void client.advance(steps.hour)}>
          +1 hour
        </button>
        <button type="button" class="clock-step" onClick={() => void client.advance(steps.day)}>
          +1 day
        </button>
        <button type="button" class="clock-next" onClick={() => void client.nextDeadline()}>
          Next deadline
        </button>
      </div>
      {open && <ClockPopover now={now} close={close} />}
    </div>
  );
}

function ClockPopover({ now, close }: { now: string; close: () => void }) {
  const client = useClient();
  const { deadlines } = useAppState();
  const [fields, setFields] = useState(() => inputParts(now));
  const first = useRef<HTMLInputElement>(null);
  const at = fromInputs(fields.date, fields.time);
  const ahead = deadlines.filter((deadline) => Date.parse(deadline.at) > Date.parse(now));

  useEffect(() => first.current?.focus(), []);

  const move = (moved: Promise<void>) => void moved.then(() => setFields(inputParts(client.now())));
  return (
    <div
      class="popover clock-popover"
      role="dialog"
      aria-label="Clock"
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <h2>Clock</h2>
      <form
        class="clock-set"
        onSubmit={(event) => {
          event.preventDefault();
          if (at) move(client.setClock(at));
        }}
      >
        <input
          type="date"
          class="field"
          aria-label="Date"
          required
          ref={first}
          value={fields.date}
          onInput={(event) => setFields({ ...fields, date: event.currentTarget.value })}
        />
        <input
          type="time"
          class="field"
          aria-label="Time"
          required
          value={fields.time}
          onInput={(event) => setFields({ ...fields, time: event.currentTarget.value })}
        />
        <button type="submit" class="button primary">
          Set
        </button>
      </form>
      <div class="clock-steps">
        <button type="button" class="button small" onClick={() => move(client.advance(steps.hour))}>
          +1 hour
        </button>
        <button type="button" class="button small" onClick={() => move(client.advance(steps.day))}>
          +1 day
        </button>
        <button type="button" class="button small" onClick={() => move(client.advance(steps.week))}>
          +1 week
        </button>
        <button type="button" class="button small" onClick={() => move(client.resetClock())}>
          Back to today
        </button>
      </div>
      <h3>Go to</h3>
      {ahead.length === 0 && <p class="quiet">No deadline is ahead.</p>}
      <ul class="deadlines">
        {ahead.map((deadline) => (
          <li key={`${deadline.at} ${deadline.label} ${deadline.sub}`}>
            <button type="button" onClick={() => move(client.setClock(deadline.at))}>
              <span class="deadline-what">{deadline.label}</span>
              <span class="deadline-when">{fullDay(deadline.at)}</span>
              <small>{deadline.sub}</small>
              <small class="deadline-hint">{hint(deadline.at, now)}</small>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
