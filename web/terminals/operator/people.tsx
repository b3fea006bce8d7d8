// People by phone number: their roles, and money that moved outside and is entered by hand.
import { useState } from "preact/hooks";
import { useAction } from "../../components/hooks";
import { Card, Facts, Field, Page, say, Segments, Trouble } from "../../components/ui";
import type { AccountList } from "../../contract/api";
import { call, newKey } from "../../data/api";
import { digitsOf } from "../../data/format";
import { site, sites } from "../../data/live";
import { name } from "../../data/names";
import type { Role } from "../../data/session";
import { PartnerKeys } from "./keys";
import { words } from "./words";

type Account = AccountList["items"][number];
const allRoles: Role[] = ["driver", "owner", "property", "operator"];

export function PeoplePage() {
  const w = words();
  const [phone, setPhone] = useState("");
  const [found, setFound] = useState<Account | null | undefined>(undefined);
  const find = useAction(async () => {
    setFound((await call("findAccount", { query: { phone } })).items[0] ?? null);
  });
  return (
    <Page title={w.people}>
      <div class="columns halves">
        <div class="stack">
          <Card title={w.find}>
            <form onSubmit={(event) => (event.preventDefault(), void find.run())}>
              <Field label={w.phone}>{(ids) => <input {...ids} name="find-phone" type="tel" required value={phone} onInput={(event) => setPhone(event.currentTarget.value)} />}</Field>
              <Trouble error={find.error} />
              <div class="buttons">
                <button type="submit" class="primary" disabled={find.busy}>
                  {w.findIt}
                </button>
              </div>
            </form>
            {found === null && <p role="status">{w.nobody}</p>}
          </Card>
          {found && (
            <>
              <Card title={found.name ?? found.account}>
                <Facts items={[[w.phone, found.phone], [w.roles, found.roles.map((role) => name("role", role)).join(", ")]]} />
                <Roles key={found.account} account={found} changed={() => void find.run()} />
              </Card>
              <MoneyByHand key={`money-${found.account}`} account={found.account} />
            </>
          )}
          <PartnerKeys />
        </div>
        <OpenAccount />
      </div>
    </Page>
  );
}

function RoleChoice({ roles, of, onRoles, onOf }: { roles: Role[]; of: string[]; onRoles: (roles: Role[]) => void; onOf: (of: string[]) => void }) {
  const w = words();
  return (
    <>
      <fieldset>
        <legend class="legend-label">{w.roles}</legend>
        {allRoles.map((role) => (
          <label key={role} class="check">
            <input type="checkbox" checked={roles.includes(role)} onChange={() => onRoles(roles.includes(role) ? roles.filter((one) => one !== role) : [...roles, role])} />
            {name("role", role)}
          </label>
        ))}
      </fieldset>
      {roles.includes("property") && (
        <fieldset>
          <legend class="legend-label">{w.propertyOf}</legend>
          {sites.value.map((one) => (
            <label key={one.site} class="check">
              <input type="checkbox" checked={of.includes(one.site)} onChange={() => onOf(of.includes(one.site) ? of.filter((id) => id !== one.site) : [...of, one.site])} />
              {one.name}
            </label>
          ))}
        </fieldset>
      )}
    </>
  );
}

function Roles({ account, changed }: { account: Account; changed: () => void }) {
  const w = words();
  const [roles, setRoles] = useState<Role[]>(account.roles as Role[]);
  const [of, setOf] = useState<string[]>(account.property_of);
  const [wrong, setWrong] = useState("");
  const save = useAction(async () => {
    await call("changeRoles", { path: { account: account.account }, body: { roles, property_of: roles.includes("property") ? of : [] } });
    say(w.saved);
    changed();
  });
  return (
    <form onSubmit={(event) => (event.preventDefault(), setWrong(roles.length ? "" : w.oneRole), void (roles.length && save.run()))}>
      <RoleChoice roles={roles} of={of} onRoles={setRoles} onOf={setOf} />
      {wrong && (
        <p class="field-error" role="alert">
          {wrong}
        </p>
      )}
      <Trouble error={save.error} />
      <div class="buttons">
        <button type="submit" disabled={save.busy}>
          {w.save}
        </button>
      </div>
    </form>
  );
}

function MoneyByHand({ account }: { account: string }) {
  const w = words();
  const [kind, setKind] = useState<"creditAccount" | "payOut">("creditAccount");
  const [currency, setCurrency] = useState(site.value?.currency ?? "EUR");
  const [amount, setAmount] = useState("");
  const [reference, setReference] = useState("");
  const [key, setKey] = useState(newKey);
  const enter = useAction(async () => {
    await call(kind, { key, path: { account }, body: { amount: { minor: Math.round(Number(amount) * 10 ** digitsOf(currency)), currency }, reference } });
    setKey(newKey());
    setAmount("");
    setReference("");
    say(w.entered);
  });
  return (
    <Card title={w.wallet}>
      <form onSubmit={(event) => (event.preventDefault(), void enter.run())}>
        <Segments label={w.which} value={kind} options={[["creditAccount", w.credit], ["payOut", w.payout]] as const} onChange={(chosen) => (setKind(chosen), enter.clear())} />
        <div class="fields narrow">
          <Field label={w.amount}>{(ids) => <input {...ids} name="amount" type="number" required min={0.01} step="any" inputMode="decimal" value={amount} onInput={(event) => setAmount(event.currentTarget.value)} />}</Field>
          <Field label={w.currency}>
            {(ids) => <input {...ids} required pattern="[A-Z]{3}" maxLength={3} value={currency} onInput={(event) => setCurrency(event.currentTarget.value.toUpperCase())} />}
          </Field>
        </div>
        <Field label={w.reference} hint={w.referenceHint}>
          {(ids) => <input {...ids} name="reference" required maxLength={64} value={reference} onInput={(event) => setReference(event.currentTarget.value)} />}
        </Field>
        <Trouble error={enter.error} />
        <div class="buttons">
          <button type="submit" class="primary" disabled={enter.busy}>
            {w.enter}
          </button>
        </div>
      </form>
    </Card>
  );
}

function OpenAccount() {
  const w = words();
  const [phone, setPhone] = useState("");
  const [person, setPerson] = useState("");
  const [password, setPassword] = useState("");
  const [roles, setRoles] = useState<Role[]>(["property"]);
  const [of, setOf] = useState<string[]>(site.value ? [site.value.site] : []);
  const [wrong, setWrong] = useState("");
  const open = useAction(async () => {
    await call("createAccount", { body: { phone, name: person, password, roles, ...(roles.includes("property") && { property_of: of }) } });
    setPhone("");
    setPerson("");
    setPassword("");
    say(w.opened);
  });
  return (
    <Card title={w.open_account}>
      <form onSubmit={(event) => (event.preventDefault(), setWrong(roles.length ? "" : w.oneRole), void (roles.length && open.run()))}>
        <Field label={w.personName}>{(ids) => <input {...ids} name="person" required maxLength={64} autocomplete="off" value={person} onInput={(event) => setPerson(event.currentTarget.value)} />}</Field>
        <Field label={w.phone}>{(ids) => <input {...ids} name="new-phone" type="tel" required autocomplete="off" value={phone} onInput={(event) => setPhone(event.currentTarget.value)} />}</Field>
        <Field label={w.newPassword} hint={w.passwordHint}>
          {(ids) => <input {...ids} name="new-password" required minLength={8} maxLength={128} autocomplete="off" value={password} onInput={(event) => setPassword(event.currentTarget.value)} />}
        </Field>
        <RoleChoice roles={roles} of={of} onRoles={setRoles} onOf={setOf} />
        {wrong && (
          <p class="field-error" role="alert">
            {wrong}
          </p>
        )}
        <Trouble error={open.error} />
        <div class="buttons">
          <button type="submit" class="primary" disabled={open.busy}>
            {w.openIt}
          </button>
        </div>
      </form>
    </Card>
  );
}
