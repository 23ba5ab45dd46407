/** Sixteen by sixteen, drawn with a line; words stand beside them, so nobody needs to hear of them. */
const paths = {
  done: "M3 8.5 6.5 12 13 4.5",
  not: "M4 4l8 8M12 4l-8 8",
  ring: "M13.5 8a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0Z",
  clock: "M13.5 8a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0ZM8 5v3.2l2 1.3",
  warn: "M8 2.5 14 13.5H2L8 2.5ZM8 6.5v3.2M8 11.4v.4",
  pause: "M5.5 3v10M10.5 3v10",
  play: "M5 3v10l8-5Z",
  rec: "M13.5 8a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0ZM10 8a2 2 0 1 1-4 0 2 2 0 0 1 4 0Z",
  cloud: "M4.5 12.5a3 3 0 0 1-.4-6A4 4 0 0 1 12 6.6a3 3 0 0 1-.5 5.9ZM6 9.4l1.4 1.4L10.2 8",
  off: "M4.5 12.5a3 3 0 0 1-.4-6A4 4 0 0 1 12 6.6a3 3 0 0 1 1.5 5M11.5 12.5h-7M2.5 2.5l11 11",
  sync: "M3 6.5A5.2 5.2 0 0 1 12.6 6M13 9.5A5.2 5.2 0 0 1 3.4 10M13 3v3h-3M3 13v-3h3",
  bulb: "M6 11.5h4M6.5 13.5h3M5.8 11.3C5.6 9.8 4 9 4 6.5a4 4 0 0 1 8 0c0 2.5-1.6 3.3-1.8 4.8",
  more: "M3.5 8h.1M8 8h.1M12.5 8h.1",
  down: "M4 6l4 4 4-4",
  plus: "M8 3.5v9M3.5 8h9",
  paper: "M4 2h5l3 3v9H4ZM9 2v3h3",
  lock: "M4 7.5h8v6H4ZM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5",
  person: "M10.5 5a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0ZM3.5 13.5c0-2.5 2-4 4.5-4s4.5 1.5 4.5 4Z",
  line: "M3 8h3M10 8h3M6 5.5v5M10 5.5v5",
  calendar: "M3 4h10v9H3ZM3 7h10M6 2.5V5M10 2.5V5",
  mute: "M6 7V4a2 2 0 0 1 4 0v4M4 8a4 4 0 0 0 6.5 3M8 12v2M3 3l10 10",
  quiet: "M3 4h10v7H8l-3 2.5V11H3ZM6 7.5h4",
  secret: "M2 8c3-5 9-5 12 0-3 5-9 5-12 0ZM10 8a2 2 0 1 1-4 0 2 2 0 0 1 4 0Z",
  leave: "M8 3H3.5v10H8M7 8h6.5M11 5.5 13.5 8 11 10.5",
} as const;
export type IconName = keyof typeof paths;

export const Icon = ({ name }: { name: IconName }) => (
  <svg class={`i i-${name}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    <path d={paths[name]} />
  </svg>
);
