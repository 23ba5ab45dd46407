import {
  type Activity,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  type ConversationReference,
  type TurnContext,
} from "botbuilder";
import * as restify from "restify";
import { authorities, type ChannelSettings } from "./channel";
import type { Measured } from "./processes";

/**
 * What the product is held against: botbuilder on restify as its samples have it, with the same token check. It echoes
 * an invoke, and sends a given activity of its own accord.
 */
export async function startReference(settings: ChannelSettings): Promise<Measured> {
  const { appId, tenantId, url } = settings;
  // A secret would go through MSAL, which refuses an authority without TLS: the bearer is fetched once and kept.
  const issued = (await (await fetch(`${url}/entra/token`, { method: "POST" })).json()) as { access_token: string };
  const credentialsFactory = {
    isValidAppId: async (id: string) => id === appId,
    isAuthenticationDisabled: async () => false,
    createCredentials: async () => ({
      async signRequest<R extends { headers: { set(name: string, value: string): void } }>(request: R): Promise<R> {
        request.headers.set("authorization", `Bearer ${issued.access_token}`);
        return request;
      },
    }),
  };
  const authentication = new ConfigurationBotFrameworkAuthentication(
    {
      MicrosoftAppId: appId,
      MicrosoftAppType: "SingleTenant",
      MicrosoftAppTenantId: tenantId,
      ValidateAuthority: false,
      ...authorities(settings),
    } as ConstructorParameters<typeof ConfigurationBotFrameworkAuthentication>[0],
    credentialsFactory as unknown as ConstructorParameters<typeof ConfigurationBotFrameworkAuthentication>[1],
  );
  const adapter = new CloudAdapter(authentication);
  adapter.onTurnError = async (_, error) => {
    throw error;
  };
  const echo = async (context: TurnContext) => {
    await context.sendActivity({ type: "invokeResponse", value: { status: 200, body: context.activity.value } });
  };
  const server = restify.createServer();
  server.use(restify.plugins.bodyParser({ mapParams: false }));
  server.post("/api/messages", async (request: restify.Request, response: restify.Response) => {
    await adapter.process(request, response as never, echo);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    port: server.address().port,
    async settled() {},
    async send(conversations: string[], activity: Partial<Activity>) {
      await Promise.all(
        conversations.map((id) =>
          adapter.continueConversationAsync(
            appId,
            {
              bot: { id: `28:${appId}` },
              conversation: { id },
              channelId: "msteams",
              serviceUrl: settings.serviceUrl,
            } as ConversationReference,
            async (context) => {
              await context.sendActivity(activity);
            },
          ),
        ),
      );
    },
  };
}
