/** A short page that says what this is: the manifest's links lead to it. No script, nothing to sign in to. */

const page = (title: string, words: readonly string[]): string => `<!doctype html>
<html lang="en-GB">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${title}</title>
    <link rel="stylesheet" href="/tab/plain.css">
  </head>
  <body>
    <main>
      <h1>${title}</h1>
${words.map((sentence) => `      <p>${sentence}</p>`).join("\n")}
    </main>
  </body>
</html>
`;

export const aboutPage = page("Epilogue", [
  "End-point assessment of apprentices, run inside Microsoft Teams.",
  "There is nothing to do on this page. Open Epilogue in Teams: its chat takes a case from gateway to released result, and its Cases tab shows your cases and what is due.",
  "Who may see what is decided by the awarding body that runs this service. Ask your coordinator there about your data.",
]);
