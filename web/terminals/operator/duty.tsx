// Roll calls: a fire centre asks whether a person is on duty, and waits for a short while only.
import { useState } from "preact/hooks";
import { Icon } from "../../components/icons";
import { useAction, useData, useEvery } from "../../components/hooks";
import { Field, say, Trouble } from "../../components/ui";
import { call } from "../../data/api";
import { second, serverNow } from "../../data/clock";
import { bilingual } from "../../data/words";

const lookEveryMs = 5_000;
const numberKey = "duty-number";

const words = bilingual(
  { asks: (desk: string) => `The fire centre ${desk} asks whether somebody is on duty.`, left: (s: number) => `${s} s left to answer`, number: "Your number at the centre (0 to 255)", here: "I am on duty", answered: "The centre has your answer" },
  { asks: (desk) => `消防中心${desk}正在查岗。`, left: (s) => `请在${s}秒内应答`, number: "值班编号（0到255）", here: "我在岗", answered: "已应答消防中心" },
);

export function DutyCalls() {
  const w = words();
  void second.value;
  const list = useData(() => call("listDutyCalls"), "duty", ["reload"]);
  useEvery(lookEveryMs, list.reload);
  const [number, setNumber] = useState(localStorage.getItem(numberKey) ?? "");
  const answer = useAction(async (desk: string) => {
    localStorage.setItem(numberKey, number);
    await call("answerDutyCall", { path: { desk }, body: { operator_number: Number(number) } });
    say(w.answered);
    list.reload();
  });
  return (
    <>
      {list.data?.items.map((one) => (
        <form key={one.desk} class="trouble duty" onSubmit={(event) => (event.preventDefault(), void answer.run(one.desk!))}>
          <Icon name="bell" />
          <p role="alert">
            <strong>{w.asks(one.desk!)}</strong> <span aria-live="off">{w.left(Math.max(0, Math.round((Date.parse(one.until!) - serverNow()) / 1000)))}</span>
          </p>
          <Field label={w.number}>{(ids) => <input {...ids} name="duty-number" type="number" required min={0} max={255} value={number} onInput={(event) => setNumber(event.currentTarget.value)} />}</Field>
          <button type="submit" class="primary" disabled={answer.busy}>
            {w.here}
          </button>
          <Trouble error={answer.error} />
        </form>
      ))}
    </>
  );
}
