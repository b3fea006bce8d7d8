// The frame around every page: which terminal, which site, language and light, who is signed in, and how old what is
// shown is.
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { call } from "../data/api";
import { second, serverNow } from "../data/clock";
import { clock, fullDay, lasting } from "../data/format";
import { chooseSite, everUp, heardAt, linkUp, site, siteId, sites } from "../data/live";
import { name } from "../data/names";
import { go, place } from "../data/router";
import { expired, finishWaiting, forget, me, terminalsOf, token, type Role } from "../data/session";
import { bilingual, chooseLanguage, language } from "../data/words";
import { Alarms } from "./alarm";
import { Icon, type IconName } from "./icons";
import { SignInForm } from "./sign_in";
import { Modal, Overlays, Segments } from "./ui";

const words = bilingual(
  {
    skip: "To the content",
    site: "Site",
    live: "live",
    connecting: "connecting",
    late: (age: string, at: string) => `No connection. What you see is ${age} old, as of ${at}. Trying again …`,
    never: "No connection. Trying again …",
    menu: "Settings and account",
    language: "Language",
    light: "Appearance",
    auto: "Auto",
    bright: "Light",
    dark: "Dark",
    signIn: "Sign in",
    signOut: "Sign out",
    terminal: "Terminal",
    pages: "Pages",
    endedTitle: "Please sign in again",
    ended: "Your session has ended. What you were doing stays as it is and goes on after you have signed in.",
    api: "The API",
  },
  {
    skip: "跳到正文",
    site: "小区",
    live: "实时",
    connecting: "连接中",
    late: (age, at) => `连接中断。所示内容为${age}前（${at}）。正在重试……`,
    never: "没有连接，正在重试……",
    menu: "设置与账户",
    language: "语言",
    light: "外观",
    auto: "自动",
    bright: "浅色",
    dark: "深色",
    signIn: "登录",
    signOut: "退出登录",
    terminal: "终端",
    pages: "页面",
    endedTitle: "请重新登录",
    ended: "登录已失效。您正在进行的操作会保留，登录后继续。",
    api: "接口说明",
  },
);

export interface Tab {
  path: string;
  text: string;
  icon: IconName;
  badge?: number;
}

type Theme = "auto" | "light" | "dark";
const theme = signal<Theme>((localStorage.getItem("theme") as Theme | null) ?? "auto");
function applyTheme(chosen: Theme): void {
  theme.value = chosen;
  localStorage.setItem("theme", chosen);
  if (chosen === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = chosen;
}
applyTheme(theme.value);

const lateAfterMs = 6_000;

function Age() {
  void second.value;
  const w = words();
  const zone = site.value?.time_zone ?? "UTC";
  if (linkUp.value) return (
      <span class="link-state">
        <span class="link-word">{w.live}</span> {clock(serverNow(), zone)}
      </span>
    );
  return <span class="link-state">{w.connecting}</span>;
}

function Late() {
  void second.value;
  const w = words();
  const age = Date.now() - heardAt.value;
  const late = !linkUp.value && (heardAt.value > 0 ? age > lateAfterMs : everUp.value);
  if (!late) return <div role="status" />;
  const zone = site.value?.time_zone ?? "UTC";
  const at = age > 20 * 3_600_000 ? `${fullDay(heardAt.value, zone)} ${clock(heardAt.value, zone)}` : clock(heardAt.value, zone);
  const old = age < 90_000 ? `${Math.round(age / 1000)} s` : lasting(age);
  return (
    <div role="status" class="late">
      <Icon name="clock" />
      <span>{heardAt.value > 0 ? w.late(old, at) : w.never}</span>
    </div>
  );
}

function Menu() {
  const w = words();
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event): void => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    const escape = (event: KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      setOpen(false);
      box.current?.querySelector("button")?.focus();
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("keydown", escape);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("keydown", escape);
    };
  }, [open]);
  const mine = terminalsOf();
  const here = place.value.parts[0] ?? "";
  return (
    <div class="menu" ref={box}>
      <button type="button" class="plain" aria-expanded={open} aria-label={w.menu} onClick={() => setOpen(!open)}>
        <Icon name={me.value ? "person" : "gear"} />
      </button>
      {open && (
        <div class="menu-body">
          {me.value && (
            <div class="who">
              <strong>{me.value.name}</strong>
              <div class="hint">{me.value.phone}</div>
            </div>
          )}
          {mine.length > 1 && (
            <nav aria-label={w.terminal} class="stack">
              {mine.map((role) => (
                <a key={role} class={role === here ? "button small primary" : "button small"} href={`#/${role}`} onClick={() => setOpen(false)}>
                  {name("role", role)}
                </a>
              ))}
            </nav>
          )}
          <Segments label={w.language} value={language.value} options={[["en", "English"], ["zh", "中文"]] as const} onChange={chooseLanguage} />
          <Segments label={w.light} value={theme.value} options={[["auto", w.auto], ["light", w.bright], ["dark", w.dark]] as const} onChange={applyTheme} />
          <a href="/docs">{w.api}</a>
          {token.value && (
            <button
              type="button"
              onClick={() => {
                setOpen(false);
                void call("logOut").catch(() => undefined);
                forget();
                go("#/");
              }}
            >
              <Icon name="out" size={20} />
              {w.signOut}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function Tabs({ tabs, home }: { tabs: Tab[]; home: string }) {
  const at = place.value.parts[1] ?? "";
  return (
    <>
      {tabs.map((tab) => (
        <a key={tab.path} href={`#/${home}/${tab.path}`} aria-current={at === tab.path || (at === "" && tab === tabs[0]) ? "page" : undefined}>
          <Icon name={tab.icon} />
          <span>{tab.text}</span>
          {tab.badge ? <span class="badge">{tab.badge > 99 ? "99+" : tab.badge}</span> : null}
        </a>
      ))}
    </>
  );
}

export function Shell({ home, tabs, children, choosesSite = true }: { home: Role | ""; tabs: Tab[]; children: ComponentChildren; choosesSite?: boolean }) {
  const w = words();
  const main = useRef<HTMLElement>(null);
  const bare = tabs.length === 0;
  useEffect(() => {
    document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
  }, [language.value]);
  return (
    <div class={bare ? "frame bare" : "frame"}>
      <header class="top">
        <a class="skip" href="#content" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
          {w.skip}
        </a>
        <div class="top-row">
          <a class="brand" href="#/" aria-label="Bayward">
            <svg viewBox="0 0 64 64" aria-hidden="true">
              <rect width="64" height="64" fill="#0b6b49" />
              <path d="M14 12v40M50 12v40" stroke="#bfe8d3" stroke-width="4" stroke-linecap="round" />
              <path d="M35 12 21 35h9l-3 17 16-24H33z" fill="#fff" />
            </svg>
            <span class="brand-name">Bayward</span>
          </a>
          {choosesSite && sites.value.length > 0 && (
            <label class="site-choice">
              <span class="sr">{w.site}</span>
              <select value={siteId.value} onChange={(event) => chooseSite(event.currentTarget.value)}>
                {sites.value.map((one) => (
                  <option key={one.site} value={one.site}>
                    {one.name}
                  </option>
                ))}
              </select>
            </label>
          )}
          <span class="grow" />
          <Age />
          {!token.value && (
            <a class="button small primary" href="#/sign-in">
              {w.signIn}
            </a>
          )}
          <Menu />
        </div>
        <Late />
      </header>
      {!bare && (
        <nav class="rail" aria-label={`${name("role", home)} · ${w.pages}`}>
          <div class="rail-in">
            <Tabs tabs={tabs} home={home} />
          </div>
        </nav>
      )}
      <main id="content" ref={main} tabIndex={-1}>
        {home && <Alarms />}
        {children}
      </main>
      {!bare && (
        <nav class="tabs" aria-label={w.pages}>
          <Tabs tabs={tabs} home={home} />
        </nav>
      )}
      {expired.value && (
        <Modal title={w.endedTitle} onClose={() => finishWaiting(false)}>
          <p>{w.ended}</p>
          <SignInForm registering={false} onDone={() => undefined} />
        </Modal>
      )}
      <Overlays />
    </div>
  );
}
