import { useState } from "preact/hooks";

interface SourceProps {
  /** What the file is to hold: "The file". */
  label: string;
  /** What else stands in the paste box's place. */
  hint: string;
  take: (rows: string[][]) => void;
}

/** A file chosen, or cells pasted from a sheet; read on this computer. */
export function Source({ label, hint, take }: SourceProps) {
  const [text, setText] = useState("");
  const [trouble, setTrouble] = useState<string>();
  const reading = async (read: (files: typeof import("./files")) => string[][] | Promise<string[][]>) => {
    setTrouble(undefined);
    try {
      // Fetched with the first file: the page is there before.
      const rows = await read(await import("./files"));
      if (rows.length === 0) setTrouble("There is nothing in it.");
      else take(rows);
    } catch (error) {
      setTrouble(error instanceof Error && error.name === "Unreadable" ? error.message : "It could not be read.");
    }
  };
  return (
    <div class="source">
      <label for="file">{label}</label>
      <input
        class="field"
        id="file"
        type="file"
        accept=".csv,.tsv,.txt,.xlsx"
        onChange={(e) => {
          const [file] = e.currentTarget.files ?? [];
          if (file) void reading((files) => files.rowsOf(file));
          // The same file, mended, is to be taken again.
          e.currentTarget.value = "";
        }}
      />
      <label for="paste">Or paste it, titles in the first row</label>
      <textarea
        class="field"
        id="paste"
        rows={3}
        placeholder={hint}
        spellcheck={false}
        value={text}
        onInput={(e) => setText(e.currentTarget.value)}
      />
      <div>
        <button
          type="button"
          class="button"
          aria-disabled={text.trim() === ""}
          onClick={() => text.trim() && void reading((files) => files.rowsIn(text))}
        >
          Check what is pasted
        </button>
      </div>
      <p class="wrong" role="alert">
        {trouble}
      </p>
    </div>
  );
}
