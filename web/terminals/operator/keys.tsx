// Keys by which a partner's program acts for the person who is signed in: made, shown once, revoked.
import { useState } from "preact/hooks";
import { useAction, useData } from "../../components/hooks";
import { ask, Card, Field, say, Trouble } from "../../components/ui";
import { call } from "../../data/api";
import { when } from "../../data/format";
import { site } from "../../data/live";
import { bilingual } from "../../data/words";

const words = bilingual(
  { keys: "Keys for partners' programs", lead: "Whoever has such a key may do over the API what you may do. Give each program its own, so that one can be revoked.", none: "No key yet.", name: "What it is for", nameHint: "For example: accounting export", make: "Make a key", shown: (name: string) => `The key for ${name}, shown only now:`, made: (time: string) => `made ${time}`, used: (time: string) => `last used ${time}`, revoke: "Revoke", revokeAsk: (name: string) => `Revoke the key for ${name}?`, revokeText: "The program that has it is refused from now on.", revoked: "Revoked" },
  { keys: "合作方程序密钥", lead: "持有密钥的程序可通过接口进行您有权进行的操作。请为每个程序单独创建，以便单独吊销。", none: "还没有密钥。", name: "用途", nameHint: "例如：财务导出", make: "创建密钥", shown: (name) => `“${name}”的密钥，仅此时显示：`, made: (time) => `创建于${time}`, used: (time) => `最近使用${time}`, revoke: "吊销", revokeAsk: (name) => `吊销“${name}”的密钥？`, revokeText: "使用该密钥的程序将立即被拒绝。", revoked: "已吊销" },
);

export function PartnerKeys() {
  const w = words();
  const zone = site.value?.time_zone ?? "UTC";
  const list = useData(() => call("listApiTokens"), "keys");
  const [name, setName] = useState("");
  const [made, setMade] = useState<{ name?: string; token?: string } | null>(null);
  const make = useAction(async () => {
    setMade(await call("createApiToken", { body: { name: name.trim() } }));
    setName("");
    list.reload();
  });
  const revoke = useAction(async (id: string, of: string) => {
    if (!(await ask({ title: w.revokeAsk(of), text: w.revokeText, yes: w.revoke, danger: true }))) return;
    await call("revokeApiToken", { path: { token: id } });
    say(w.revoked);
    list.reload();
  });
  return (
    <Card title={w.keys} class="keys">
      <p class="hint">{w.lead}</p>
      {made && (
        <div role="status">
          <p>{w.shown(made.name ?? "")}</p>
          <p class="secret">{made.token}</p>
        </div>
      )}
      <Trouble error={list.error ?? make.error ?? revoke.error} />
      {list.data?.items.length === 0 && <p class="hint">{w.none}</p>}
      <ul class="items">
        {list.data?.items.map((one) => (
          <li key={one.id} class="item">
            <span class="grow">
              <strong>{one.name}</strong>
              <span class="hint">
                {w.made(when(one.made_at!, zone))}
                {one.used_at && one.used_at !== one.made_at && ` · ${w.used(when(one.used_at, zone))}`}
              </span>
            </span>
            <button type="button" class="small" disabled={revoke.busy} onClick={() => void revoke.run(one.id!, one.name ?? "")}>
              {w.revoke}
            </button>
          </li>
        ))}
      </ul>
      <form onSubmit={(event) => (event.preventDefault(), void make.run())}>
        <Field label={w.name} hint={w.nameHint}>
          {(ids) => <input {...ids} name="key-name" required maxLength={64} value={name} onInput={(event) => setName(event.currentTarget.value)} />}
        </Field>
        <div class="buttons">
          <button type="submit" disabled={make.busy}>
            {w.make}
          </button>
        </div>
      </form>
    </Card>
  );
}
