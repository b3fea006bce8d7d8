// Residents from a CSV file: a dry run first, with every bad row; then one after the other, with progress.
import { useState } from "preact/hooks";
import { download_csv } from "../../components/csv";
import { Icon } from "../../components/icons";
import { useAction } from "../../components/hooks";
import { Card, Field, Trouble } from "../../components/ui";
import { wholeWeek } from "../../components/week";
import { call } from "../../data/api";
import { serverNow } from "../../data/clock";
import { addDays, dateIn } from "../../data/format";
import { allBays, loadBays, site } from "../../data/live";
import { tell } from "../../data/refusals";
import { check_residents, first_password, type BadCell, type Checked, type Resident } from "./residents";
import { words } from "./words";

const sample = [
  ["name", "phone", "bay", "group"],
  ["Li Wei", "+8613800138000", "A-101", ""],
  ["Anna Berg", "+4915112345678", "", ""],
];

async function bring_in(resident: Resident, today: string): Promise<string | null> {
  const path = { site: site.value!.site };
  let account = resident.account;
  let password: string | null = null;
  if (!account) {
    password = first_password();
    account = (await call("openResident", { path, body: { name: resident.name, phone: resident.phone, password, owner: resident.bay !== null } })).account;
  }
  if (resident.bay) await call("changeBay", { path: { bay: resident.bay.bay }, body: { owner: account } });
  if (resident.group) {
    await call("grantPermission", { path, body: { account, groups: [resident.group], hours: wholeWeek(), first_date: today, last_date: addDays(today, 365) } });
  }
  return password;
}

export function ImportResidents({ changed }: { changed: () => void }) {
  const w = words();
  const [text, setText] = useState("");
  const [checked, setChecked] = useState<Checked | null>(null);
  const [done, setDone] = useState(0);
  const [of, setOf] = useState(0);
  const [failed, setFailed] = useState<BadCell[]>([]);
  const [passwords, setPasswords] = useState<string[][] | null>(null);
  const check = useAction(async () => {
    setPasswords(null);
    setDone(0);
    const found = check_residents(text, allBays());
    setOf(found.good.length);
    for (const resident of [...found.good]) {
      setDone((before) => before + 1);
      try {
        const known = await call("findResident", { path: { site: site.value!.site }, query: { phone: resident.phone } });
        resident.account = known.items[0]?.account ?? null;
      } catch {
        found.good.splice(found.good.indexOf(resident), 1);
        found.bad.push({ line: resident.line, column: "phone", text: resident.phone, wrong: w.lookFailed });
      }
    }
    found.bad.sort((a, b) => a.line - b.line);
    setDone(0);
    setChecked(found);
  });
  const bring = useAction(async () => {
    const today = dateIn(serverNow(), site.value?.time_zone ?? "UTC");
    const made: string[][] = [];
    const not: BadCell[] = [];
    let count = 0;
    for (const resident of checked!.good) {
      try {
        const password = await bring_in(resident, today);
        if (password) made.push([resident.name, resident.phone, password]);
      } catch (error) {
        const { what, next } = tell(error);
        not.push({ line: resident.line, column: "", text: resident.name, wrong: `${what}. ${next}` });
      }
      setDone(++count);
    }
    setFailed(not);
    setPasswords(made);
    await loadBays();
    changed();
  });
  const good = checked?.good.length ?? 0;
  return (
    <Card
      title={w.importTitle}
      actions={
        <button type="button" class="small" onClick={() => download_csv("residents", sample)}>
          <Icon name="download" size={18} />
          {w.template}
        </button>
      }
    >
      <p class="hint">{w.importLead}</p>
      <form onSubmit={(event) => (event.preventDefault(), void check.run())}>
        <Field label={w.chooseFile}>
          {(ids) => <input {...ids} type="file" accept=".csv,text/csv" onChange={(event) => void event.currentTarget.files?.[0]?.text().then((read) => (setText(read), setChecked(null)))} />}
        </Field>
        <Field label={w.orPaste}>
          {(ids) => <textarea {...ids} name="residents" spellcheck={false} maxLength={500_000} value={text} placeholder={sample.map((row) => row.join(",")).join("\n")} onInput={(event) => (setText(event.currentTarget.value), setChecked(null))} />}
        </Field>
        <Trouble error={check.error} />
        <div class="buttons">
          <button type="submit" disabled={check.busy || text.trim() === ""}>
            {check.busy && of > 0 ? w.importing(done, of) : w.check}
          </button>
        </div>
      </form>
      {checked?.trouble && (
        <p class="field-error" role="alert">
          {checked.trouble}
        </p>
      )}
      {checked && !checked.trouble && (
        <div class="stack" role="status">
          <p class="chips">
            <span class="chip good">{w.good(good)}</span>
            {checked.bad.length > 0 && <span class="chip bad">{w.bad(new Set(checked.bad.map(({ line }) => line)).size)}</span>}
            <span class="chip">{w.existing(checked.good.filter((one) => one.account).length)}</span>
          </p>
          <BadRows rows={checked.bad} />
          {!passwords && (
            <div class="buttons">
              <button type="button" class="primary" disabled={bring.busy || good === 0} onClick={() => void bring.run()}>
                {bring.busy ? w.importing(done, good) : w.doImport(good)}
              </button>
            </div>
          )}
        </div>
      )}
      <Trouble error={bring.error} />
      {passwords && (
        <div class="notice stack" role="status">
          <p>{w.done(good - failed.length)}</p>
          {passwords.length > 0 && (
            <>
              <p class="hint">{w.passwordsHint}</p>
              <button type="button" class="small" onClick={() => download_csv("first-passwords", [["name", "phone", "password"], ...passwords])}>
                <Icon name="download" size={18} />
                {w.passwords}
              </button>
            </>
          )}
          {failed.length > 0 && (
            <>
              <h3>{w.failed}</h3>
              <BadRows rows={failed} />
            </>
          )}
        </div>
      )}
    </Card>
  );
}

export function BadRows({ rows, first }: { rows: BadCell[]; first?: string }) {
  const w = words();
  if (rows.length === 0) return null;
  return (
    <div class="table-scroll" tabIndex={0}>
      <table class="bad-rows">
        <thead>
          <tr>
            <th scope="col">{first ?? w.line}</th>
            <th scope="col">{w.column}</th>
            <th scope="col">{w.wrong}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one, index) => (
            <tr key={index}>
              <td>{one.line}</td>
              <td>{one.column}</td>
              <td>
                {one.text && <code>{one.text}</code>} {one.wrong}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
