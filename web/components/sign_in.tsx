// Signing in and registering by phone; as a page, and as a dialog when a session ended in the middle of something.
import { useState } from "preact/hooks";
import { call } from "../data/api";
import { keep, staysSignedIn, type Role } from "../data/session";
import { bilingual } from "../data/words";
import { useAction } from "./hooks";
import { Field, Segments, Trouble } from "./ui";

const words = bilingual(
  { signIn: "Sign in", register: "Register", which: "Sign in or register", phone: "Phone number", phoneHint: "With country code, for example +86 138 0013 8000", password: "Password", passwordHint: "At least 8 characters", name: "Your name", stay: "Stay signed in on this device" },
  { signIn: "登录", register: "注册", which: "登录或注册", phone: "手机号", phoneHint: "含国家代码，例如 +86 138 0013 8000", password: "密码", passwordHint: "至少8个字符", name: "您的姓名", stay: "在此设备上保持登录" },
);

export function SignInForm({ onDone, registering = true }: { onDone: (roles: Role[]) => void; registering?: boolean }) {
  const w = words();
  const [mode, setMode] = useState<"in" | "new">("in");
  const [phone, setPhone] = useState("");
  const [password, setPassword] = useState("");
  const [person, setPerson] = useState("");
  const [stay, setStay] = useState(staysSignedIn());
  const action = useAction(async () => {
    if (mode === "new") await call("register", { body: { phone, password, name: person } });
    const session = await call("logIn", { body: { phone, password } });
    keep(session, stay);
    onDone(session.roles as Role[]);
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void action.run();
      }}
    >
      {registering && (
        <Segments label={w.which} value={mode} options={[["in", w.signIn], ["new", w.register]] as const} onChange={(chosen) => (setMode(chosen), action.clear())} />
      )}
      {mode === "new" && (
        <Field label={w.name}>
          {(ids) => <input {...ids} name="name" required maxLength={64} autocomplete="name" value={person} onInput={(event) => setPerson(event.currentTarget.value)} />}
        </Field>
      )}
      <Field label={w.phone} hint={w.phoneHint}>
        {(ids) => <input {...ids} name="phone" type="tel" required autocomplete="username" value={phone} onInput={(event) => setPhone(event.currentTarget.value)} />}
      </Field>
      <Field label={w.password} hint={mode === "new" ? w.passwordHint : undefined}>
        {(ids) => (
          <input {...ids} name="password" type="password" required minLength={mode === "new" ? 8 : 1} maxLength={128} autocomplete={mode === "new" ? "new-password" : "current-password"} value={password} onInput={(event) => setPassword(event.currentTarget.value)} />
        )}
      </Field>
      <label class="check">
        <input type="checkbox" checked={stay} onChange={(event) => setStay(event.currentTarget.checked)} />
        {w.stay}
      </label>
      <Trouble error={action.error} />
      <button class="primary wide" type="submit" disabled={action.busy}>
        {mode === "new" ? w.register : w.signIn}
      </button>
    </form>
  );
}
