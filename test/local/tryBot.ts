import type { AddressInfo } from "node:net";
import { type Activity, CloudAdapter, ConfigurationBotFrameworkAuthentication, type TurnContext } from "botbuilder";
import { ServiceClientCredentialsFactory } from "botframework-connector";
import * as restify from "restify";
import type { LocalTeams } from "../../bot/local/localTeams";
import type { StartedBot } from "../support/teams";

type Turn = (context: TurnContext) => Promise<void>;

/** Gets the bot's own tokens from the stand-in over HTTP, as a bot gets them from Entra. */
class LocalCredentials extends ServiceClientCredentialsFactory {
  constructor(private readonly local: LocalTeams) {
    super();
  }
  override async isValidAppId(id: string) {
    return id === this.local.appId;
  }
  override async isAuthenticationDisabled() {
    return false;
  }
  override async createCredentials() {
    const { local } = this;
    return {
      async signRequest<R extends { headers: { set(name: string, value: string): void } }>(request: R): Promise<R> {
        request.headers.set("authorization", `Bearer ${await botToken(local)}`);
        return request;
      },
    } as never;
  }
}

/** A token of the bot from the token endpoint. */
export async function botToken(local: LocalTeams, scope = "https://api.botframework.com/.default"): Promise<string> {
  const { MicrosoftAppId, MicrosoftAppPassword } = local.botFrameworkEnv;
  const response = await fetch(local.tokenUrl, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: MicrosoftAppId,
      client_secret: MicrosoftAppPassword,
      scope,
    }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

/** A bot made with botbuilder alone, that remembers what it heard and does in each turn what the test tells it. */
export class TryBot {
  readonly heard: Activity[] = [];
  adapter!: CloudAdapter;
  endpoint = "";
  /** Replaced by tests; at first it echoes words. */
  turn: Turn = async (context) => {
    if (context.activity.type === "message") await context.sendActivity(`echo: ${context.activity.text}`);
  };

  async start(local: LocalTeams): Promise<StartedBot> {
    const auth = new ConfigurationBotFrameworkAuthentication({ ...local.botFrameworkEnv }, new LocalCredentials(local));
    this.adapter = new CloudAdapter(auth);
    this.adapter.onTurnError = async (_context, error) => {
      throw error;
    };
    const server = restify.createServer();
    server.use(restify.plugins.bodyParser({ mapParams: false }));
    server.post("/api/messages", async (request, response) => {
      await this.adapter.process(request, response, async (context) => {
        this.heard.push(structuredClone(context.activity));
        await this.turn(context);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/messages`;
    return {
      endpoint: this.endpoint,
      stop: () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          server.server.closeAllConnections();
        }),
    };
  }

  /** What it heard of one type, newest last. */
  of(type: string): Activity[] {
    return this.heard.filter((activity) => activity.type === type);
  }
}

/** Answers an invoke. */
export const answer = (context: TurnContext, body: unknown, status = 200) =>
  context.sendActivity({ type: "invokeResponse", value: { status, body } });

/** Answers an invoke with a card for the one who pressed. */
export const answerCard = (context: TurnContext, card: unknown) =>
  answer(context, { statusCode: 200, type: "application/vnd.microsoft.card.adaptive", value: card });

/** A small card with the given words and actions. */
export const card = (text: string, actions: object[] = [], more: object = {}) => ({
  type: "AdaptiveCard",
  version: "1.5",
  body: [{ type: "TextBlock", text }],
  actions,
  ...more,
});

export const attached = (content: object) => ({
  contentType: "application/vnd.microsoft.card.adaptive",
  content,
});

export const execute = (title: string, verb: string, data: object = {}) => ({
  type: "Action.Execute",
  title,
  verb,
  data,
});
