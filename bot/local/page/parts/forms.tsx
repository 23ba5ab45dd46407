import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { PersonKind } from "../../protocol";
import { useAppState, useClient } from "../context";
import { DialogShell } from "./dialog";
import { useViewer } from "./side";

const kinds: { kind: PersonKind; label: string }[] = [
  { kind: "staff", label: "Member of the awarding body's tenant" },
  { kind: "guest", label: "Guest in that tenant" },
  { kind: "federated", label: "In Teams, in a tenant of their own" },
  { kind: "mailOnly", label: "Mail only, no Teams" },
  { kind: "anonymous", label: "Meeting guest, not signed in" },
];

/** A form of the page itself: sends once, keeps what was typed when refused, and says why. */
function PageForm({ title, button, send, children }: FormProps) {
  const client = useClient();
  const [refused, setRefused] = useState("");
  const [sending, setSending] = useState(false);
  return (
    <DialogShell title={title} width={440} close={() => client.closeForm()}>
      <form
        class="form"
        onSubmit={async (event) => {
          event.preventDefault();
          setSending(true);
          try {
            await send();
            setRefused("");
          } catch (error) {
            setRefused(error instanceof Error ? error.message : "Something went wrong. Please try again.");
          }
          setSending(false);
        }}
      >
        {children}
        {refused && (
          <p class="note error" role="alert">
            {refused}
          </p>
        )}
        <div class="form-foot">
          <button type="submit" class="button primary" disabled={sending}>
            {button}
          </button>
        </div>
      </form>
    </DialogShell>
  );
}

interface FormProps {
  title: string;
  button: string;
  send: () => Promise<void>;
  children: ComponentChildren;
}

interface TextFieldProps {
  label: string;
  value: string;
  set: (value: string) => void;
  required?: boolean;
  placeholder?: string;
}

function TextField({ label, value, set, required = false, placeholder }: TextFieldProps) {
  return (
    <label class="labelled">
      <span>
        {label}
        {required && (
          <span class="required" aria-hidden="true">
            {" *"}
          </span>
        )}
      </span>
      <input
        class="field"
        type="text"
        maxLength={120}
        required={required}
        value={value}
        placeholder={placeholder}
        onInput={(event) => set(event.currentTarget.value)}
      />
    </label>
  );
}

export function PersonForm() {
  const client = useClient();
  const [name, setName] = useState("");
  const [role, setRole] = useState("");
  const [kind, setKind] = useState<PersonKind>("guest");
  const [organisation, setOrganisation] = useState("");
  return (
    <PageForm
      title="Add a person"
      button="Add person"
      send={() => client.addPerson({ name, role, kind, ...(organisation.trim() && { organisation }) })}
    >
      <TextField label="Name" value={name} set={setName} required />
      <TextField label="Role, as it stands under the picture" value={role} set={setRole} required />
      <label class="labelled">
        <span>How they use Teams</span>
        <select class="field" value={kind} onChange={(event) => setKind(event.currentTarget.value as PersonKind)}>
          {kinds.map((one) => (
            <option key={one.kind} value={one.kind}>
              {one.label}
            </option>
          ))}
        </select>
      </label>
      <TextField label="Organisation" value={organisation} set={setOrganisation} />
    </PageForm>
  );
}

export function GroupForm() {
  const client = useClient();
  const { snapshot, viewer } = useAppState();
  const [title, setTitle] = useState("");
  const [members, setMembers] = useState<string[]>([]);
  const [addBot, setAddBot] = useState(true);
  const others = snapshot?.people.filter((person) => person.id !== viewer && canJoin(person)) ?? [];
  return (
    <PageForm title="New group chat" button="Create chat" send={() => client.createGroup(title, members, addBot)}>
      <TextField label="Name of the chat" value={title} set={setTitle} required placeholder="Ada Example, assessment" />
      <fieldset class="checks">
        <legend>People</legend>
        {others.map((person) => (
          <label key={person.id} class="check">
            <input
              type="checkbox"
              checked={members.includes(person.id)}
              onChange={(event) =>
                setMembers(
                  event.currentTarget.checked ? [...members, person.id] : members.filter((id) => id !== person.id),
                )
              }
            />
            <span>
              {person.name} <small>{person.role}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <label class="check">
        <input type="checkbox" checked={addBot} onChange={(event) => setAddBot(event.currentTarget.checked)} />
        <span>Add {snapshot?.app.name ?? "Epilogue"}</span>
      </label>
    </PageForm>
  );
}

/** Who is in the open chat, and who can come in. */
export function MembersForm() {
  const client = useClient();
  const { snapshot, chat } = useAppState();
  const viewer = useViewer();
  const [refused, setRefused] = useState("");
  if (!chat) return null;
  const change = (id: string, into: boolean) =>
    client.changeMember(id, into).then(
      () => setRefused(""),
      (error: Error) => setRefused(error.message),
    );
  const inside = new Set(chat.members.map((member) => member.id));
  const outside = snapshot?.people.filter((person) => !inside.has(person.id) && canJoin(person)) ?? [];
  const name = snapshot?.app.name ?? "Epilogue";
  return (
    <DialogShell title={`Members of ${chat.title}`} width={440} close={() => client.closeForm()}>
      <ul class="members-list">
        {chat.members.map((member) => (
          <li key={member.id}>
            <span>{member.name}</span>
            <button type="button" class="button small" onClick={() => void change(member.id, false)}>
              {member.id === viewer?.id ? "Leave" : "Remove"}
              <span class="hidden"> {member.name}</span>
            </button>
          </li>
        ))}
        <li>
          <span>{name}</span>
          <button type="button" class="button small" onClick={() => void client.installBot(!chat.hasBot)}>
            {chat.hasBot ? "Remove" : "Add"}
            <span class="hidden"> {name}</span>
          </button>
        </li>
      </ul>
      {outside.length > 0 && (
        <>
          <h3>Not in this chat</h3>
          <ul class="members-list">
            {outside.map((person) => (
              <li key={person.id}>
                <span>
                  {person.name} <small>{person.role}</small>
                </span>
                <button type="button" class="button small" onClick={() => void change(person.id, true)}>
                  Add<span class="hidden"> {person.name}</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {refused && (
        <p class="note error" role="alert">
          {refused}
        </p>
      )}
    </DialogShell>
  );
}

const canJoin = ({ kind }: { kind: PersonKind }) => kind !== "mailOnly" && kind !== "anonymous";
