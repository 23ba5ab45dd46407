import { useEffect, useState } from "preact/hooks";
import type { Panel } from "./panel";

/** The service's time, anew each second. */
export function useNow(panel: Panel): number {
  const [, tick] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const next = () => {
      timer = setTimeout(
        () => {
          panel.check();
          tick((n) => n + 1);
          next();
        },
        1000 - (panel.clock.now() % 1000) + 5,
      );
    };
    next();
    return () => clearTimeout(timer);
  }, [panel]);
  return panel.clock.now();
}
