import type { Answer } from "./answer";
import type { Asked } from "./asked";
import { notImplemented, Refused } from "./refused";

interface Offer {
  id: string;
  resource: string;
  content: { offerThroughput?: number; offerAutopilotSettings?: { maxThroughput: number } };
  [more: string]: unknown;
}

/** Provisioned throughput of databases and containers. */
export class Offers {
  private readonly byOwner = new Map<string, Offer>();

  /** True when the resource has throughput of its own. */
  has(owner: string): boolean {
    return this.byOwner.has(owner);
  }

  /**
   * Gives a new resource the throughput its request names.
   * @param isNeeded without any named it gets the least, 400 units a second
   */
  make(owner: string, resource: string, headers: Asked["headers"], isNeeded: boolean): void {
    const autopilot = headers["x-ms-cosmos-offer-autopilot-settings"];
    const manual = headers["x-ms-offer-throughput"] ?? (isNeeded ? "400" : undefined);
    if (autopilot === undefined && manual === undefined) return;
    const content =
      autopilot === undefined
        ? { offerThroughput: Number(manual) }
        : { offerAutopilotSettings: JSON.parse(`${autopilot}`) as { maxThroughput: number } };
    const least = autopilot === undefined ? content.offerThroughput : content.offerAutopilotSettings?.maxThroughput;
    if (!Number.isInteger(least) || (least ?? 0) < (autopilot === undefined ? 400 : 1000)) {
      throw new Refused(400, "The offer should have valid throughput values.");
    }
    const id = `${this.byOwner.size + 1}`.padStart(4, "o");
    this.byOwner.set(owner, {
      id,
      _rid: id,
      _self: `offers/${id}/`,
      resource,
      offerResourceId: owner,
      offerType: "Invalid",
      offerVersion: "V2",
      content,
    });
  }

  /** Answers a request on throughput: the SDK's query for one resource's, a read, a change. */
  answer({ method, path, text }: Asked): Answer {
    const all = [...this.byOwner.values()];
    if (method === "POST") {
      const { query } = JSON.parse(text) as { query: string };
      const resource = /^SELECT \* from root where root\.resource = "([^"]*)"$/.exec(query)?.[1];
      if (resource === undefined) throw notImplemented("this query for throughput");
      const found = all.filter((offer) => offer.resource === resource);
      return { status: 200, body: { _rid: "", Offers: found, _count: found.length } };
    }
    const offer = all.find(({ id }) => id === path[1]);
    if (!offer) throw new Refused(404, "Resource Not Found", 0);
    if (method === "PUT") offer.content = (JSON.parse(text) as Offer).content;
    else if (method !== "GET") throw notImplemented(`${method} of throughput`);
    return { status: 200, body: offer };
  }
}
