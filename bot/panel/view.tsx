import { useErrorBoundary, useState } from "preact/hooks";
import { Banners, Heldback } from "./banners";
import { Before } from "./before";
import { Dialogs, type Open } from "./dialogs";
import { Head } from "./head";
import { Outside } from "./outside";
import type { Panel } from "./panel";
import { Sheet } from "./sheet";
import { Closed, NoSession, Opening, Troubled } from "./states";

/** All that the panel shows. */
export function View({ panel }: { panel: Panel }) {
  const [failed] = useErrorBoundary();
  const [open, setOpen] = useState<Open>();
  const { answer, trouble, view } = panel;
  if (failed) return <Troubled trouble="failed" panel={panel} />;
  if (trouble) return <Troubled trouble={trouble} panel={panel} />;
  if (!answer) return <Opening />;
  if (answer.kind === "noSession" || !view) return <NoSession panel={panel} />;
  if (view.kind === "closed") return <Closed view={view} />;
  if (view.kind === "outside") return <Outside view={view} panel={panel} />;
  const before = view.timer.phase === "before";
  return (
    <main class={before ? "page" : "page sheet"}>
      <Head view={view} panel={panel} open={setOpen} />
      <Banners panel={panel} />
      <Heldback panel={panel} view={view} open={setOpen} />
      {before ? <Before view={view} panel={panel} /> : <Sheet view={view} panel={panel} open={setOpen} />}
      <Dialogs view={view} panel={panel} open={open} close={() => setOpen(undefined)} />
    </main>
  );
}
