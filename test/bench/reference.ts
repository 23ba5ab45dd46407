import {
  type Activity,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  type ConversationReference,
  type TurnContext,
} from "botbuilder";
import * as restify from "restify";
import { StrictAuth } from "../../bot/teams/auth";
import type { InboundActivity } from "../../bot/teams/inbound";
import { authorities, type ChannelSettings, trustOf } from "../support/signing";
import type { Measured } from "./processes";

type Settings = ConstructorParameters<typeof ConfigurationBotFrameworkAuthentication>[0];
type Credentials = ConstructorParameters<typeof ConfigurationBotFrameworkAuthentication>[1];
type Checked = Awaited<ReturnType<StrictAuth["authenticateRequest"]>>;

/** The product's own token check, which keeps what botbuilder found in it: botbuilder's turn needs that too. */
class Strict extends StrictAuth {
  found: Checked | undefined;
  override async authenticateRequest(activity: Activity, header: string): Promise<Checked> {
    this.found = await super.authenticateRequest(activity, header);
    return this.found;
  }
}

/** botbuilder with that check in the place of its own, so that both sides check the same. */
class SameCheck extends ConfigurationBotFrameworkAuthentication {
  constructor(
    private readonly strict: Strict,
    settings: Settings,
    credentials: Credentials,
  ) {
    super(settings, credentials);
  }
  override async authenticateRequest(activity: Activity, header: string): Promise<Checked> {
    const judged = await this.strict.authenticate(activity as InboundActivity, header);
    if (!judged.ok || !this.strict.found) throw new Error("The reference refuses what the product admits");
    return this.strict.found;
  }
}

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
  const own = {
    MicrosoftAppId: appId,
    MicrosoftAppType: "SingleTenant",
    MicrosoftAppTenantId: tenantId,
    ValidateAuthority: false,
    ...authorities(settings),
  };
  const strict = new Strict(trustOf(settings));
  const adapter = new CloudAdapter(
    new SameCheck(strict, own as Settings, credentialsFactory as unknown as Credentials),
  );
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
