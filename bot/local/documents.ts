/** Microsoft's pages that say what Teams refuses; each strict rule of the stand-in names the one it follows. */
const teams = "https://learn.microsoft.com/microsoftteams/platform";

export const documents = {
  universalActions: `${teams}/task-modules-and-cards/cards/universal-actions-for-adaptive-cards/work-with-universal-actions-for-adaptive-cards`,
  userSpecificViews: `${teams}/task-modules-and-cards/cards/universal-actions-for-adaptive-cards/user-specific-views`,
  actionModel: "https://learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model",
  cardReference: `${teams}/task-modules-and-cards/cards/cards-reference`,
  cardActions: `${teams}/task-modules-and-cards/cards/cards-actions`,
  dialogs: `${teams}/task-modules-and-cards/task-modules/task-modules-bots`,
  dialogMetadata: `${teams}/task-modules-and-cards/task-modules/invoking-task-modules`,
  peoplePicker: `${teams}/task-modules-and-cards/cards/people-picker`,
  groupConversations: `${teams}/bots/how-to/conversations/channel-and-group-conversations`,
  conversationEvents: `${teams}/bots/how-to/conversations/subscribe-to-conversation-events`,
  messages: `${teams}/bots/how-to/conversations/conversation-messages`,
  messageFormat: `${teams}/bots/how-to/format-your-bot-messages`,
  updateAndDelete: `${teams}/bots/how-to/update-and-delete-bot-messages`,
  proactive: `${teams}/bots/how-to/conversations/send-proactive-messages`,
  rateLimit: `${teams}/bots/how-to/rate-limit`,
  meetings: `${teams}/apps-in-teams-meetings/meeting-apps-apis`,
  invokeTimeout: `${teams}/messaging-extensions/how-to/action-commands/respond-to-task-module-submit`,
  authentication: "https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication",
  connector: "https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference",
} as const;
