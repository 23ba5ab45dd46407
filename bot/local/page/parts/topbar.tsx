import { useAppState, useClient } from "../context";
import type { Theme } from "../themes";
import { ClockBar } from "./clock";
import { AppMark, Moon, Person, Plus, Sun } from "./icons";

const themeButtons: { theme: Theme; label: string; icon: typeof Sun }[] = [
  { theme: "light", label: "Light", icon: Sun },
  { theme: "dark", label: "Dark", icon: Moon },
  { theme: "contrast", label: "High contrast", icon: Person },
];

export function TopBar() {
  const client = useClient();
  const { theme } = useAppState();
  return (
    <header class="topbar">
      <AppMark size={24} />
      <h1>Local Teams</h1>
      <p class="tagline">stands in for Microsoft Teams; nothing leaves this computer</p>
      <ClockBar />
      <fieldset class="segmented themes">
        <legend class="hidden">Theme</legend>
        {themeButtons.map(({ theme: one, label, icon: Icon }) => (
          <button
            type="button"
            key={one}
            aria-pressed={one === theme}
            aria-label={label}
            title={label}
            onClick={() => client.setTheme(one)}
          >
            <Icon />
          </button>
        ))}
      </fieldset>
      <button type="button" class="button new-case" onClick={() => void client.newCase()}>
        <Plus size={18} />
        New case
      </button>
    </header>
  );
}
