// Line icons of the terminals, drawn here: 24 by 24, stroke in the colour of the text.
const paths = {
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM20 20l-4-4",
  ticket: "M4 7h16v3.500a1.5 1.5 0 0 0 0 3V17H4v-3.500a1.5 1.5 0 0 0 0-3zM14 7v10",
  scan: "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M8 8h3v3H8zM14 8h2M14 11h2v-1M8 14h2v2M13 14h3v2M13 16v0",
  wallet: "M4 7a2 2 0 0 1 2-2h11v3M4 7v10a2 2 0 0 0 2 2h13a1 1 0 0 0 1-1V9a1 1 0 0 0-1-1H5a1 1 0 0 1-1-1zM16 13.500h.01",
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM5 20c.6-3.6 3.4-5.5 7-5.500s6.4 1.9 7 5.5",
  people: "M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2.5 19.500c.5-3 3-5 6.5-5s6 2 6.5 5M16 5.500a3.2 3.2 0 0 1 0 6.200M18 14.800c2 .6 3.2 2.3 3.5 4.7",
  bell: "M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 20.500h4",
  bay: "M5 4v16M19 4v16M9 13.500h6M9 13.500v-2l1-3h4l1 3v2M9 13.500V16M15 13.500V16",
  chart: "M4 20h16M7 16v-5M12 16V6M17 16v-8",
  plan: "M4 5h16v14H4zM4 12h7M11 5v4M11 16v3M16 5v6h4",
  alert: "M12 4 21 19.500H3zM12 10v4M12 16.800v.2",
  calendar: "M5 6h14v14H5zM5 10h14M9 3.500V7M15 3.500V7M9 14h.01M13 14h.01M9 17h.01",
  tag: "M4 12V5h7l9 9-7 7zM8 9h.01",
  building: "M5 20V5h9v15M14 10h5v10M3 20h18M8 9h3M8 12.500h3M8 16h3",
  plug: "M9 4v5M15 4v5M6.5 9h11v3a5.5 5.5 0 0 1-11 0zM12 17.500V21",
  bolt: "M13 3 6 14h5l-1 7 8-12h-5z",
  key: "M8 11a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM11 12.5 20 4M16 8l2.5 2.5",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.500v2M12 19.500v2M2.5 12h2M19.5 12h2M5.3 5.300l1.4 1.400M17.3 17.300l1.4 1.400M5.3 18.700l1.4-1.400M17.3 6.700l1.4-1.4",
  moon: "M19.5 14.500A8 8 0 0 1 9.5 4.500a8 8 0 1 0 10 10z",
  out: "M14 5H6v14h8M11 12h9M17 9l3 3-3 3",
  walk: "M13 4.500v.01M12 8l-2 5 3 3v4.500M12 8l3 3h2.500M12 8 8.5 10 8 13M10 13l-2.5 7",
  clock: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4.500l3 2",
  car: "M4 15v-3l2-5.500h12L20 12v3zM4 15v3M20 15v3M4.5 12h15M7.5 15h.01M16.5 15h.01",
  check: "M5 12.500l4.5 4.500L19 7.5",
  close: "M6 6l12 12M18 6 6 18",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  back: "M14.5 5.5 8 12l6.5 6.5",
  next: "M9.5 5.5 16 12l-6.5 6.5",
  up: "M5.5 15 12 8.500l6.500 6.500",
  down: "M5.5 9.500 12 16l6.500-6.500",
  download: "M12 4v11M7.5 10.5 12 15l4.5-4.500M4.5 20h15",
  upload: "M12 15V4M7.5 8.5 12 4l4.5 4.500M4.5 20h15",
  list: "M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01",
  map: "M4 6.5 9 4.500l6 2 5-2v13l-5 2-6-2-5 2zM9 4.500v13M15 6.500v13",
  tools: "M14.5 6a4 4 0 0 1 5-1.500L17 7l1 1 1 0 2-2a4 4 0 0 1-5.5 5L8 18.5 5.5 16z",
  gear: "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.600l2.1 2.100M16.3 16.300l2.1 2.100M5.6 18.400l2.1-2.100M16.3 7.700l2.1-2.1",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 24 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}

// A shape for each state of a bay: never colour alone. In a box of 24 by 24.
export function StateShape({ state }: { state: string }) {
  switch (state) {
    case "free":
      return (
        <g class="stroked">
          <circle cx="12" cy="12" r="9" />
          <path d="M7.5 12.500l3 3 6-6.5" />
        </g>
      );
    case "held":
      return (
        <g class="stroked">
          <circle cx="12" cy="12" r="9" />
          <path d="M12 7v5.500l3.5 2" />
        </g>
      );
    case "taken":
      return <path class="filled" d="M4.5 18v-5.500l2.2-6A2 2 0 0 1 8.6 5h6.800a2 2 0 0 1 1.9 1.500l2.2 6V18a1 1 0 0 1-1 1H17a1 1 0 0 1-1-1v-1H8v1a1 1 0 0 1-1 1H5.500a1 1 0 0 1-1-1zM7 12h10l-1.3-4.300H8.300z" />;
    case "charging":
      return <path class="filled" d="M14 1.5 4.5 14H11l-1.5 8.500L19.5 9.500H13z" />;
    case "wrong_vehicle":
      return <path class="filled" fill-rule="evenodd" d="M12 2 23 21H1zM10.7 9v6h2.600V9zM10.7 16.600v2.400h2.600v-2.400z" />;
    case "out_of_service":
      return (
        <g class="stroked">
          <path d="M8.3 3h7.400L21 8.300v7.400L15.7 21H8.300L3 15.700V8.300z" />
          <path d="M8.5 8.500l7 7M15.5 8.500l-7 7" />
        </g>
      );
    case "offline":
      return (
        <g class="stroked">
          <circle cx="12" cy="12" r="9" stroke-dasharray="3.5 3.5" />
          <path d="M12 7v6M12 16.200v.3" />
        </g>
      );
    default:
      return <path class="stroked" d="M4 12h16" stroke-width="3" />;
  }
}

export function StateIcon({ state, size = 20 }: { state: string; size?: number }) {
  return (
    <svg class={`state-icon is-${state}`} width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <StateShape state={state} />
    </svg>
  );
}
