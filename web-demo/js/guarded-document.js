// SPDX-License-Identifier: Apache-2.0
import { el, keyed, setText } from "./dom.js";
import { shortToken } from "./words.js";

const KEY = "text";
const NOTHING = "Nothing saved yet.";

/** A text that only the owner of its lock may save: the service compares the token in the same step as it writes. */
export function createDocument(root, { users, lockName }) {
  const saved = el("blockquote.saved", {}, NOTHING);
  const facts = el("p.quiet", { role: "status" }, "revision 0");
  const draft = el("textarea", { rows: 2, maxLength: 400, value: "Only the owner of the lock may write this." });
  const writer = el("select", { onchange: () => show() });
  const token = el("select");
  const outcome = el("p.outcome", { role: "status" });
  const form = el("form.fields", { onsubmit },
    el("label.wide", {}, "Text", draft),
    el("label", {}, "Save as", writer),
    el("label", {}, "with token", token),
    el("button.strong", { type: "submit" }, "Save"));
  root.append(saved, facts, form, outcome);

  let offered = "";

  const user = () => users.find(({ name }) => name === writer.value) ?? users[0];

  async function onsubmit(event) {
    event.preventDefault();
    await save(user(), Number(token.value) || undefined, draft.value);
  }

  /** Saves as this user with this token, old or new; resolves to whether it was written. */
  async function save(as, fencingToken, text) {
    setText(outcome, "saving …");
    const reply = await as.save(lockName, fencingToken, [{ key: KEY, value: text }]);
    const call = as.calls.find(({ method }) => method === "setChannelMetadata");
    outcome.dataset.kind = reply ? "done" : "refused";
    setText(outcome, reply ? `Saved by ${as.name}.` : `Refused (${call.errorCode ?? "no answer"}): ${call.refused}`);
    return Boolean(reply);
  }

  /** Offers the tokens this user ever got: the newest first. */
  function show() {
    keyed(writer, users.map(({ name }) => name), (name) => el("option", { value: name }, name));
    const current = user()?.grants.get(lockName)?.fencingToken;
    const tokens = user()?.tokens.get(lockName) ?? [];
    const labels = tokens.length ? tokens.map((each) => `${each} ${each === current ? "now" : "old"}`) : ["none"];
    if (labels.join() === offered) return;
    offered = labels.join();
    const options = keyed(token, labels, (label) => {
      const [value, age] = label.split(" ");
      return el("option", { value: age ? value : "" }, age ? `${shortToken(value)} ${age}` : "none");
    });
    token.value = options[0].value;
  }

  return {
    save,
    update: show,
    /** Chooses in the form what a person would choose. */
    choose(name, fencingToken, text) {
      writer.value = name;
      show();
      token.value = String(fencingToken);
      draft.value = text;
    },
    onStorage({ eventType, metadata }) {
      const entry = metadata[KEY];
      if (!entry && eventType === "SNAPSHOT") {
        setText(saved, NOTHING);
        return setText(facts, "revision 0");
      }
      if (!entry) return;
      setText(saved, entry.value);
      setText(facts, `revision ${entry.revision}, saved by ${entry.authorUid}`);
    },
  };
}
