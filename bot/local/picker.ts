import { matches, type Person } from "./people";
import type { FoundPerson } from "./protocol";
import type { Chat, World } from "./state";

const DIRECTORY = "graph.microsoft.com/users";
const HERE = "graph.microsoft.com/users?scope=currentContext";
const SHOWN = 15;

/**
 * What the people picker finds, by the start of a name or address. The whole directory can be searched in a personal chat
 * and in dialogs (no chat given) only; the members of a chat anywhere. Federated people are in neither directory.
 */
export function findPeople(world: World, dataset: string, text: string, chat?: Chat): FoundPerson[] {
  if (dataset !== DIRECTORY && dataset !== HERE) return [];
  if (dataset === DIRECTORY && chat && chat.kind !== "personal") return [];
  const among = dataset === HERE ? (chat?.members ?? []).map((id) => world.person(id)) : world.people;
  return among
    .filter((person): person is Person & { aadObjectId: string } => person.aadObjectId !== undefined)
    .filter((person) => dataset === HERE || person.kind !== "federated")
    .filter((person) => matches(person, text))
    .slice(0, SHOWN)
    .map((person) => ({ value: person.aadObjectId, title: person.name, subtitle: person.mail ?? "" }));
}
