import { useEffect, useRef } from "preact/hooks";
import type { Persona } from "../../protocol";
import { useAppState, useClient } from "../context";
import { Avatar } from "./avatar";
import { Plus } from "./icons";

const kinds: Record<Persona["kind"], string> = {
  staff: "member of the awarding body's tenant",
  guest: "guest in the awarding body's tenant",
  federated: "uses Teams in a tenant of their own",
  mailOnly: "has mail, not Teams",
  anonymous: "joins meetings without signing in",
};

/** Everybody who can be played; one click changes who you are. */
export function Rail() {
  const client = useClient();
  const { snapshot, viewer } = useAppState();
  const many = (snapshot?.people.length ?? 0) > 8;
  return (
    <nav class={many ? "rail many" : "rail"} aria-label="You are">
      <span class="rail-title" aria-hidden="true">
        You are
      </span>
      <ul>
        {snapshot?.people.map((person) => (
          <li key={person.id}>
            <Face person={person} people={snapshot.people} current={person.id === viewer} />
          </li>
        ))}
      </ul>
      <button type="button" class="rail-add" onClick={() => client.openForm("person")} aria-label="Add a person">
        <Plus size={18} />
        <span>Person</span>
      </button>
    </nav>
  );
}

function Face({ person, people, current }: { person: Persona; people: Persona[]; current: boolean }) {
  const client = useClient();
  const unread = person.unread + person.unreadMail;
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (current) button.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [current]);
  const about = [person.name, person.organisation, kinds[person.kind], person.blocksBot ? "blocks Epilogue" : ""];
  return (
    <button
      type="button"
      class="face"
      ref={button}
      data-testid={`persona-${person.id}`}
      aria-current={current ? "true" : undefined}
      aria-label={`${person.name}, ${person.role}${unread > 0 ? `, ${unread} unread` : ""}`}
      title={about.filter(Boolean).join(" · ")}
      onClick={() => void client.become(person.id)}
    >
      <span class="face-picture">
        <Avatar name={person.name} initials={person.initials} people={people} size={36} />
        {unread > 0 && <span class="badge" data-drawn={unread > 99 ? "99+" : unread} />}
      </span>
      <span class="face-role">{person.role}</span>
    </button>
  );
}
