import type { Store } from "../../src/ports";

const pk = "settings";
const id = "connector";

/**
 * Where the Connector was last met: new chats are opened through it. Kept in the store, so that an instance that has heard
 * nothing yet, or has just begun anew, reaches people all the same.
 */
export class ServiceUrl {
  private known: string | undefined;

  constructor(private readonly store: Store) {}

  /** An activity came from there. Written only when it is another than before; never rejects. */
  async met(url: string): Promise<void> {
    if (url === this.known) return;
    this.known = url;
    try {
      await this.store.putDoc(pk, id, { url }, "any");
    } catch {
      // Noted again with the next activity.
      this.known = undefined;
    }
  }

  async get(): Promise<string | undefined> {
    this.known ??= (await this.store.doc<{ url: string }>(pk, id))?.body.url;
    return this.known;
  }
}
