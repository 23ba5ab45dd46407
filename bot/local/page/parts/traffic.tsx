import { useLayoutEffect, useRef } from "preact/hooks";
import type { TrafficDetail, TrafficLine } from "../../protocol";
import { useAppState, useClient } from "../context";
import { clockTime } from "../dates";
import { ChevronDown, ChevronUp } from "./icons";

const arrows = { toBot: "→", fromBot: "←", mail: "✉" } as const;
const ways = { toBot: "to the bot", fromBot: "from the bot", mail: "mail" } as const;

/** One line of what goes between Teams and the bot; it opens into a log. */
export function Traffic() {
  const client = useClient();
  const { snapshot, traffic, trafficOpen } = useAppState();
  const last = traffic.at(-1);
  const count = snapshot?.trafficCount ?? 0;
  return (
    <section class="traffic" aria-label="Traffic">
      <button
        type="button"
        class="traffic-line"
        aria-expanded={trafficOpen}
        aria-controls="traffic-log"
        data-testid="traffic"
        onClick={() => void client.toggleTraffic()}
      >
        {trafficOpen ? <ChevronDown size={16} /> : <ChevronUp size={16} />}
        <span>
          Traffic, {count} {count === 1 ? "call" : "calls"}
        </span>
        {last && <code>{inOneLine(last)}</code>}
      </button>
      {trafficOpen && <Log />}
    </section>
  );
}

function inOneLine(line: TrafficLine): string {
  if (line.direction === "mail") return line.summary;
  return `${line.method} ${line.path} ${line.status} ${line.ms} ms · ${line.summary}`;
}

function Log() {
  const client = useClient();
  const { traffic, trafficDetail } = useAppState();
  const box = useRef<HTMLDivElement>(null);
  const atFoot = useRef(true);
  useLayoutEffect(() => {
    if (atFoot.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [traffic.length]);
  return (
    <div class="traffic-open" id="traffic-log">
      <div
        class="traffic-log"
        ref={box}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          atFoot.current = scrollHeight - scrollTop - clientHeight < 30;
        }}
      >
        {traffic.length === 0 && <p class="empty">Nothing yet.</p>}
        <ol>
          {traffic.map((line) => (
            <li key={line.n}>
              <button
                type="button"
                aria-pressed={trafficDetail?.n === line.n}
                onClick={() => void client.showTraffic(line.n)}
              >
                <time>{clockTime(line.at)}</time>
                <span title={ways[line.direction]}>
                  <span aria-hidden="true">{arrows[line.direction]}</span>
                  <span class="hidden">{ways[line.direction]}</span>
                </span>
                <span class={line.status >= 400 ? "bad" : ""}>{line.status}</span>
                <span class="ms">{line.ms} ms</span>
                <span class="call">
                  {line.method} {line.path}
                </span>
                <span class="what">{line.summary}</span>
              </button>
            </li>
          ))}
        </ol>
      </div>
      {trafficDetail && <Detail detail={trafficDetail} />}
    </div>
  );
}

function Detail({ detail }: { detail: TrafficDetail }) {
  const parts = [
    { name: "Sent", body: detail.request },
    { name: "Answered", body: detail.response },
  ];
  return (
    <section
      class="traffic-detail"
      aria-label={`Call ${detail.n}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
    >
      {parts.map(({ name, body }) => (
        <div key={name}>
          <h3>{name}</h3>
          <pre>{body === undefined ? "nothing" : typeof body === "string" ? body : JSON.stringify(body, null, 2)}</pre>
        </div>
      ))}
    </section>
  );
}
