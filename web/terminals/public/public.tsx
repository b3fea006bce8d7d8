// For everybody: the site as it is now, and signing in.
import { Plan } from "../../components/plan";
import { SignInForm } from "../../components/sign_in";
import { Shell } from "../../components/shell";
import { Card, Empty, Loading, Page, StateTag } from "../../components/ui";
import { StateIcon } from "../../components/icons";
import { kw, number, when } from "../../data/format";
import { allBays, bayIds, bayNow, baysLoaded, site, sites, sitesLoaded } from "../../data/live";
import { name } from "../../data/names";
import { go, link, place } from "../../data/router";
import { roles, token } from "../../data/session";
import { bilingual } from "../../data/words";

const words = bilingual(
  { lead: "Parking bays with chargers, shared by the community. Find a free bay, book it by the quarter hour, charge, and pay for what you used.", start: "Find a bay", now: "Right now", all: "All bays", noSites: "No site has been set up yet. The operator signs in and makes the first one.", signIn: "Sign in", welcome: "Welcome to Bayward", until: (time: string) => `free until ${time}`, from: (time: string) => `free from ${time}`, choose: "Choose a bay on the plan." },
  { lead: "社区共享的充电车位：查找空闲车位，按刻钟预订，充电，按实际使用付费。", start: "查找车位", now: "当前", all: "全部车位", noSites: "尚未设置小区。请运营方登录并创建第一个小区。", signIn: "登录", welcome: "欢迎使用Bayward", until: (time) => `${time}前空闲`, from: (time) => `${time}起空闲`, choose: "请在平面图上选择车位。" },
);

export function Counts() {
  const w = words();
  const count = new Map<string, number>();
  for (const bay of allBays()) count.set(bay.state, (count.get(bay.state) ?? 0) + 1);
  const shown = ["free", "held", "taken", "charging", "wrong_vehicle", "offline", "out_of_service", "closed"].filter((state) => count.has(state) || state === "free" || state === "charging" || state === "taken");
  return (
    <dl class="figures counts">
      {shown.map((state) => (
        <div key={state} class="figure">
          <dt>
            <StateIcon state={state} />
            {name("state", state)}
          </dt>
          <dd>{number(count.get(state) ?? 0)}</dd>
        </div>
      ))}
      <div class="figure">
        <dt>{w.all}</dt>
        <dd>{number(bayIds.value.length)}</dd>
      </div>
    </dl>
  );
}

export function PublicPage() {
  const w = words();
  const at = place.value;
  const chosen = bayNow(at.query.get("bay"));
  const zone = site.value?.time_zone ?? "UTC";
  return (
    <Shell home="" tabs={[]}>
      <Page title={site.value?.name ?? "Bayward"} wide>
        <div class="hero">
          <p class="quiet">{w.lead}</p>
          {(!token.value || roles.value.includes("driver")) && (
            <div class="row">
              <a class="button primary" href={token.value ? "#/driver/find" : "#/sign-in?to=driver/find"}>
                {w.start}
              </a>
            </div>
          )}
        </div>
        {sitesLoaded.value && sites.value.length === 0 ? (
          <Card>
            <Empty icon="building" text={w.noSites} />
          </Card>
        ) : !baysLoaded.value ? (
          <Loading />
        ) : (
          <>
            <Counts />
            <Card title={w.now}>
              {chosen ? (
                <p class="row">
                  <strong>{chosen.label}</strong>
                  <StateTag state={chosen.state} />
                  {chosen.charger && <span class="hint">{kw(chosen.charger.power_max_w)}</span>}
                  {chosen.free_until && <span class="hint">{w.until(when(chosen.free_until, zone))}</span>}
                  {chosen.free_from && <span class="hint">{w.from(when(chosen.free_from, zone))}</span>}
                  <a class="button small" href={link("bay", chosen.bay)}>
                    {w.start}
                  </a>
                </p>
              ) : (
                <p class="hint">{w.choose}</p>
              )}
              <Plan selected={chosen?.bay} onSelect={(bay) => go(`#/?bay=${bay}`, true)} />
            </Card>
          </>
        )}
      </Page>
    </Shell>
  );
}

export function SignInPage() {
  const w = words();
  // Whoever was on the way to a page gets there.
  const { parts, query } = place.value;
  const to = query.get("to") ?? (parts[0] === "sign-in" ? null : parts.join("/"));
  return (
    <Shell home="" tabs={[]} choosesSite={false}>
      <Page title={w.welcome}>
        <div class="sign">
          <Card>
            <SignInForm onDone={(mine) => go(`#/${to && /^[\w/-]+$/.test(to) ? to : (mine.at(-1) ?? "driver")}`, true)} />
          </Card>
        </div>
      </Page>
    </Shell>
  );
}
