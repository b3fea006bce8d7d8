// C4: the driver's own top-up, through the platform's payment provider; and the page of the test provider, which says what
// it is.
import { useState } from "preact/hooks";
import { useAction, useData } from "../../components/hooks";
import { Card, Empty, Field, Loading, Page, Trouble } from "../../components/ui";
import { call, newKey } from "../../data/api";
import { digitsOf, money, when } from "../../data/format";
import { site } from "../../data/live";
import { name } from "../../data/names";
import { go } from "../../data/router";
import { words } from "./words";

export function TopUp() {
  const w = words();
  const currency = site.value?.currency ?? "EUR";
  const zone = site.value?.time_zone ?? "UTC";
  const list = useData(() => call("listTopUps"), "top-ups", ["notice"]);
  const [amount, setAmount] = useState("20");
  const minor = Math.round(Number(amount) * 10 ** digitsOf(currency));
  const begin = useAction(async () => {
    const begun = await call("beginTopUp", { key: newKey(), body: { amount: { minor, currency } } });
    if (begun.pay_url.startsWith("/#/")) go(begun.pay_url.slice(1));
    else location.assign(begun.pay_url);
  });
  const provider = list.data?.provider;
  return (
    <Card title={w.topUp}>
      <Trouble error={list.error} retry={list.reload} />
      {list.data && !provider && <p>{w.topUpText}</p>}
      {provider && (
        <form onSubmit={(event) => (event.preventDefault(), void begin.run())}>
          {provider.test && <p class="notice warn">{w.testNote}</p>}
          <p class="hint">{w.topUpHow}</p>
          <div class="fields narrow">
            <Field label={`${w.topUpAmount} (${currency})`} error={Number.isFinite(minor) && minor > 0 ? undefined : w.badAmount}>
              {(ids) => <input {...ids} name="top-up" type="number" required min={1 / 10 ** digitsOf(currency)} step={1 / 10 ** digitsOf(currency)} inputMode="decimal" value={amount} onInput={(event) => setAmount(event.currentTarget.value)} />}
            </Field>
          </div>
          <Trouble error={begin.error} />
          <div class="buttons">
            <button type="submit" class="primary" disabled={begin.busy || !(minor > 0)}>
              {w.topUpGo}
            </button>
          </div>
        </form>
      )}
      {list.data && list.data.items.length > 0 && (
        <>
          <h3>{w.topUpList}</h3>
          <ul class="items">
            {list.data.items.slice(0, 5).map((one) => (
              <li key={one.payment} class="item">
                <span class="grow">
                  <strong>{name("top_up", one.phase)}</strong>
                  <span class="hint">
                    {when(one.begun_at, zone)} · {one.payment}
                  </span>
                </span>
                <strong class="number">{money(one.amount)}</strong>
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}

export function TestPaymentPage({ payment }: { payment: string }) {
  const w = words();
  const list = useData(() => call("listTopUps"), payment);
  const order = list.data?.items.find((one) => one.payment === payment);
  const decide = useAction(async (paid: boolean) => {
    await call("payTestOrder", { path: { payment }, body: { paid } });
    go("#/driver/wallet");
  });
  return (
    <Page title={w.testTitle}>
      <Trouble error={list.error} retry={list.reload} />
      {!list.data && list.loading && <Loading />}
      {list.data && (!order || order.phase === "paid") && (
        <Card>
          <Empty icon="wallet" text={w.testDone}>
            <a class="button" href="#/driver/wallet">
              {w.walletTitle}
            </a>
          </Empty>
        </Card>
      )}
      {order && order.phase !== "paid" && (
        <Card>
          <div class="test-money stack">
            <p class="big">{money(order.amount)}</p>
            <p>{w.testLead(money(order.amount))}</p>
            <Trouble error={decide.error} />
            <div class="buttons">
              <button type="button" disabled={decide.busy} onClick={() => void decide.run(false)}>
                {w.testFail}
              </button>
              <button type="button" class="primary" disabled={decide.busy} onClick={() => void decide.run(true)}>
                {w.testPay}
              </button>
            </div>
          </div>
        </Card>
      )}
    </Page>
  );
}
