import type { ComponentChildren } from "preact";

/** Icons drawn for this page, 20 by 20, in the colour of the text. Words stand beside them or in the button's label. */
function Icon({ size = 20, children }: { size?: number | undefined; children: ComponentChildren }) {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      stroke-width="1.25"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

type Size = { size?: number };

export const ClockIcon = ({ size }: Size) => (
  <Icon size={size}>
    <circle cx="10" cy="10" r="7.5" />
    <path d="M10 5.5V10h3.5" />
  </Icon>
);
export const ChevronDown = ({ size }: Size) => (
  <Icon size={size}>
    <path d="m4.5 7.5 5.5 5.5 5.5-5.5" />
  </Icon>
);
export const ChevronUp = ({ size }: Size) => (
  <Icon size={size}>
    <path d="m4.5 12.5 5.5-5.5 5.5 5.5" />
  </Icon>
);
export const Back = ({ size }: Size) => (
  <Icon size={size}>
    <path d="m12 4.5-5.5 5.5 5.5 5.5" />
  </Icon>
);
export const Sun = ({ size }: Size) => (
  <Icon size={size}>
    <circle cx="10" cy="10" r="3.2" />
    <path d="M10 2.5v1.6M10 15.9v1.6M2.5 10h1.6M15.9 10h1.6M4.7 4.7l1.1 1.1M14.2 14.2l1.1 1.1M4.7 15.3l1.1-1.1M14.2 5.8l1.1-1.1" />
  </Icon>
);
export const Moon = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M10.6 2.6c1 3.5.4 6.6-1.7 8.7-1.6 1.6-3.6 2.3-5.9 2.2a7.5 7.5 0 1 0 7.6-10.9z" />
  </Icon>
);
export const Person = ({ size }: Size) => (
  <Icon size={size}>
    <circle cx="10" cy="4" r="1.7" />
    <path d="M3.8 6.2c-.8-.3-1.5.9-.6 1.5l4 1.7v3l-1.7 4.5c-.3.9 1 1.5 1.5.6L10 12.8l3 4.7c.5.9 1.8.3 1.5-.6l-1.7-4.5v-3l4-1.7c.9-.6.2-1.8-.6-1.5-4 1.6-8.4 1.6-12.4 0z" />
  </Icon>
);
export const Plus = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M10 3v14M3 10h14" />
  </Icon>
);
export const Chat = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M10 2.5a7.5 7.5 0 1 1-3.5 14.1L3 17.5l.9-3.4A7.5 7.5 0 0 1 10 2.5zM7 8.5h6M7 11.5h4" />
  </Icon>
);
export const Mail = ({ size }: Size) => (
  <Icon size={size}>
    <rect x="2.5" y="4" width="15" height="12" rx="2" />
    <path d="m3 6 7 4.5L17 6" />
  </Icon>
);
export const Video = ({ size }: Size) => (
  <Icon size={size}>
    <rect x="2" y="4.5" width="11" height="11" rx="2" />
    <path d="m13 8.5 4.2-2.4c.4-.2.8 0 .8.4v7c0 .4-.4.6-.8.4L13 11.5" />
  </Icon>
);
export const People = ({ size }: Size) => (
  <Icon size={size}>
    <circle cx="6.8" cy="6.5" r="2.5" />
    <circle cx="13.8" cy="7" r="2" />
    <path d="M2.5 14.5c0-2 1.5-3 4.3-3s4.3 1 4.3 3-2 2.5-4.3 2.5-4.3-.5-4.3-2.5zM12.8 16c2.7.3 4.7-.3 4.7-2.3 0-1.5-1.3-2.4-4-2.3" />
  </Icon>
);
export const Send = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M3 3.2 17.5 10 3 16.8 5.2 10zM5.2 10h6.3" />
  </Icon>
);
export const Close = ({ size }: Size) => (
  <Icon size={size}>
    <path d="m4 4 12 12M16 4 4 16" />
  </Icon>
);
export const HangUp = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M2.6 11.6c0-5.6 14.8-5.6 14.8 0 0 1.3-.6 1.9-1.5 1.7l-2.4-.5c-.7-.2-1-.7-1-1.4v-1.2c-1.6-.6-3.400-.6-5 0v1.2c0 .7-.3 1.2-1 1.4l-2.4.5c-.9.2-1.5-.4-1.5-1.7z" />
  </Icon>
);
export const More = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M5 10h.01M10 10h.01M15 10h.01" stroke-width="2.2" />
  </Icon>
);

/** The app's own mark, a rosette. */
export function AppMark({ size = 32 }: Size) {
  return <img class="app-mark" src="icon.svg" width={size} height={size} alt="" />;
}
