import type { AddressInfo, Server } from "node:net";

/**
 * Listens on this computer only: on the wanted port, else on the one of the last run, else on any; answers with the port.
 * @throws only when the wanted one is taken.
 */
export async function listen(server: Server, wanted: number, last: number | undefined): Promise<number> {
  const on = (port: number) =>
    new Promise<number>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => {
        server.off("error", reject);
        resolve((server.address() as AddressInfo).port);
      });
    });
  if (wanted !== 0 || last === undefined) return on(wanted);
  return on(last).catch(() => on(0));
}
