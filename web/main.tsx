// Starts the terminals: each is loaded when it is first opened.
import { render, type ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Shell } from "./components/shell";
import { Card, Empty, Loading, Page, Trouble } from "./components/ui";
import { call } from "./data/api";
import { start } from "./data/live";
import { place } from "./data/router";
import { me, terminalsOf, token, type Role } from "./data/session";
import { bilingual } from "./data/words";
import "./theme.css";
import "./style.css";
import { PublicPage, SignInPage } from "./terminals/public/public";

const words = bilingual(
  { forbidden: "Not for your role", ask: "This terminal is for another role. The operator can give it to you.", title: "Bayward" },
  { forbidden: "您的角色无法使用", ask: "此终端供其他角色使用，可由运营方授予。", title: "Bayward" },
);

const terminals: Record<Role, () => Promise<{ default: ComponentType }>> = {
  driver: () => import("./terminals/driver/driver"),
  owner: () => import("./terminals/owner/owner"),
  property: () => import("./terminals/property/property"),
  operator: () => import("./terminals/operator/operator"),
};
const opened = new Map<Role, ComponentType>();

function Terminal({ role }: { role: Role }) {
  const [page, setPage] = useState<{ View: ComponentType } | null>(() => {
    const View = opened.get(role);
    return View ? { View } : null;
  });
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    const known = opened.get(role);
    if (known) return setPage({ View: known });
    setPage(null);
    terminals[role]().then(
      (module) => (opened.set(role, module.default), setPage({ View: module.default })),
      setError,
    );
  }, [role]);
  if (page) return <page.View />;
  return (
    <Shell home="" tabs={[]}>
      {error ? <Trouble error={error} retry={() => location.reload()} /> : <Loading />}
    </Shell>
  );
}

function App() {
  const [first] = place.value.parts;
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    if (!token.value) return;
    call("showMe").then((found) => ((me.value = found), setError(null)), setError);
  }, [token.value]);
  if (first === "sign-in" && !token.value) return <SignInPage />;
  // The code at a bay leads here (B6).
  const role = (first === "bay" || first === "pay-test" || first === "sign-in" ? "driver" : first === "setup" ? "operator" : first) as Role | undefined;
  if (!role || !(role in terminals)) return <PublicPage />;
  if (!token.value) return <SignInPage />;
  if (!me.value) {
    return (
      <Shell home="" tabs={[]}>
        {error ? <Trouble error={error} retry={() => location.reload()} /> : <Loading />}
      </Shell>
    );
  }
  if (!terminalsOf().includes(role)) {
    return (
      <Shell home="" tabs={[]}>
        <Page title={words().forbidden}>
          <Card>
            <Empty icon="key" text={words().ask} />
          </Card>
        </Page>
      </Shell>
    );
  }
  return <Terminal role={role} />;
}

start();
render(<App />, document.getElementById("app")!);
if ("serviceWorker" in navigator) void navigator.serviceWorker.register("/sw.js").catch(() => undefined);
