import type * as restify from "restify";
import type { Banks } from "../banks";
import type { Desk } from "../desk";
import { answer, correlationOf, jsonBody } from "../http";
import { allocate } from "./allocating";
import { banksOf, importBank } from "./bankImporting";
import { BankAsk, BanksAnswer, BankTold } from "./bankShape";
import { type GuardOptions, guard, knownOf } from "./guard";
import { queryOf } from "./query";
import { coordinates, hasQueue, queue } from "./queue";
import { Allocate, Allocated, QueueAnswer, QueueAsk } from "./queueShape";
import type { Pace } from "./rate";
import { register } from "./registering";
import { RegisterAnswer, RegisterAsk } from "./registerShape";

/**
 * What staff do in the tab beside looking at their own cases: `GET /api/tab/queue`, `POST /api/tab/allocate`, `POST /api/tab/register`, `/api/tab/banks`. The same token
 * check as the lists, the same desk and permissions as the chat.
 */

export interface WorkOptions extends Omit<GuardOptions, "name" | "pace"> {
  readonly desk: Desk;
  readonly banks: Banks;
  /** The bot's app id: whose chat a row opens. */
  readonly appId: string;
  readonly pace?: Pace;
}

/** A search is a request every few letters. */
const usualPace: Pace = { burst: 40, everyMs: 500 };
const MAX_ALLOCATION = 16 * 1024;

/** A table of 500 rows with every cell well filled. */
const MAX_TABLE = 1024 * 1024;

const refusals = { BadRequest: 400, NotStaff: 403 } as const;

export function refuse(request: restify.Request, response: restify.Response, code: keyof typeof refusals): void {
  answer(response, refusals[code], { error: { code, correlationId: correlationOf(request) } });
}

/** Opens the chat with the bot, these words written. */
export const chatLinkOf = (appId: string) => (words: string) =>
  `https://teams.microsoft.com/l/chat/0/0?users=28:${appId}&message=${encodeURIComponent(words)}`;

export function workRoutes(options: WorkOptions): (server: restify.Server) => void {
  const { desk, banks, appId, log, check, who, pace = usualPace } = options;
  const admit = () => guard({ name: "tab", check, who, log, pace });
  const chatLink = chatLinkOf(appId);
  return (server) => {
    server.get("/api/tab/queue", admit(), async (request: restify.Request, response: restify.Response) => {
      const known = knownOf(request);
      if (!hasQueue(known)) return refuse(request, response, "NotStaff");
      const asked = QueueAsk.safeParse(queryOf(request));
      if (!asked.success) return refuse(request, response, "BadRequest");
      answer(response, 200, QueueAnswer.parse(await queue(known, asked.data, { desk, chatLink })));
    });
    server.get("/api/tab/banks", admit(), async (request: restify.Request, response: restify.Response) => {
      const known = knownOf(request);
      if (!coordinates(known)) return refuse(request, response, "NotStaff");
      answer(response, 200, BanksAnswer.parse(await banksOf(known, { desk, banks })));
    });
    server.post(
      "/api/tab/banks",
      admit(),
      ...jsonBody(MAX_TABLE),
      async (request: restify.Request, response: restify.Response) => {
        const known = knownOf(request);
        if (!coordinates(known)) return refuse(request, response, "NotStaff");
        const asked = BankAsk.safeParse(request.body);
        if (!asked.success) return refuse(request, response, "BadRequest");
        answer(response, 200, BankTold.parse(await importBank(known, asked.data, { desk, banks })));
      },
    );
    server.post(
      "/api/tab/register",
      admit(),
      ...jsonBody(MAX_TABLE),
      async (request: restify.Request, response: restify.Response) => {
        const known = knownOf(request);
        if (!coordinates(known)) return refuse(request, response, "NotStaff");
        const asked = RegisterAsk.safeParse(request.body);
        if (!asked.success) return refuse(request, response, "BadRequest");
        answer(response, 200, RegisterAnswer.parse(await register(known, asked.data, { desk, log })));
      },
    );
    server.post(
      "/api/tab/allocate",
      admit(),
      ...jsonBody(MAX_ALLOCATION),
      async (request: restify.Request, response: restify.Response) => {
        const asked = Allocate.safeParse(request.body);
        if (!asked.success) return refuse(request, response, "BadRequest");
        answer(response, 200, Allocated.parse(await allocate(knownOf(request), asked.data, { desk, log })));
      },
    );
  };
}
