import { app, pages } from "@microsoft/teams-js";

/** Adding the panel to a meeting or its chat: there is nothing to choose, the meeting says which session it is. */
async function setUp(): Promise<void> {
  const hosts = document.querySelector<HTMLMetaElement>('meta[name="hosts"]')?.content.split(" ").filter(Boolean);
  await app.initialize(hosts);
  const contentUrl = `${location.origin}/panel`;
  pages.config.registerOnSaveHandler((saving) => {
    pages.config
      .setConfig({ entityId: "session", suggestedDisplayName: "Epilogue", contentUrl, websiteUrl: contentUrl })
      .then(() => saving.notifySuccess())
      .catch((error: unknown) => saving.notifyFailure(String(error)));
  });
  pages.config.setValidityState(true);
  void app.notifySuccess();
}
setUp().catch(() => undefined);

// biome-ignore lint/complexity/noUselessEmptyExport: without it esbuild takes this for CommonJS, and leaves nothing out
export {};
