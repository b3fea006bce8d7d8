// Small parts every page is made of.
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { name } from "../data/names";
import { tell } from "../data/refusals";
import { bilingual } from "../data/words";
import { Icon, StateIcon, type IconName } from "./icons";

const words = bilingual(
  { loading: "Loading …", cancel: "Cancel", close: "Close", again: "Try again", undo: "Undo" },
  { loading: "加载中……", cancel: "取消", close: "关闭", again: "重试", undo: "撤销" },
);

export function Page({ title, actions, children, wide }: { title: string; actions?: ComponentChildren; children: ComponentChildren; wide?: boolean }) {
  useEffect(() => {
    document.title = `${title} · Bayward`;
  }, [title]);
  return (
    <div class={wide ? "page wide" : "page"}>
      <div class="page-head">
        <h1>{title}</h1>
        {actions && <div class="page-actions">{actions}</div>}
      </div>
      {children}
    </div>
  );
}

export function Card({ title, actions, children, class: extra = "" }: { title?: string; actions?: ComponentChildren; children: ComponentChildren; class?: string }) {
  const id = useId();
  return (
    <section class={`card ${extra}`} aria-labelledby={title ? id : undefined}>
      {title && (
        <div class="card-head">
          <h2 id={id}>{title}</h2>
          {actions}
        </div>
      )}
      {children}
    </section>
  );
}

// A refusal: the word, and what to do next.
export function Trouble({ error, retry }: { error: unknown; retry?: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error) box.current?.scrollIntoView?.({ block: "nearest" });
  }, [error]);
  if (!error) return null;
  const { what, next } = tell(error);
  return (
    <div class="trouble" role="alert" ref={box}>
      <Icon name="alert" />
      <p>
        <strong>{what}.</strong> {next}
      </p>
      {retry && (
        <button type="button" class="small" onClick={retry}>
          {words().again}
        </button>
      )}
    </div>
  );
}

export function Loading() {
  return (
    <p class="quiet loading" role="status">
      {words().loading}
    </p>
  );
}

export function Empty({ icon, text, children }: { icon: IconName; text: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name={icon} size={32} />
      <p>{text}</p>
      {children}
    </div>
  );
}

interface FieldProps {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  children: (ids: { id: string; "aria-describedby"?: string; "aria-invalid"?: boolean }) => ComponentChildren;
}
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const about = hint || error ? `${id}-about` : undefined;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, ...(about && { "aria-describedby": about }), ...(error && { "aria-invalid": true }) })}
      {about && (
        <p id={about} class={error ? "field-error" : "hint"}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

interface SegmentsProps<T extends string> {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
}
export function Segments<T extends string>({ label, value, options, onChange }: SegmentsProps<T>) {
  const id = useId();
  return (
    <fieldset class="segments">
      <legend class="sr">{label}</legend>
      {options.map(([option, text]) => (
        <label key={option} class={option === value ? "on" : ""}>
          <input type="radio" name={id} value={option} checked={option === value} onChange={() => onChange(option)} />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}

export function StateTag({ state }: { state: string }) {
  return (
    <span class={`tag is-${state}`}>
      <StateIcon state={state} size={16} />
      {name("state", state)}
    </span>
  );
}

export function Facts({ items }: { items: (readonly [string, ComponentChildren] | "" | null | false | undefined)[] }) {
  return (
    <dl class="facts">
      {items.map(
        (item) =>
          item && (
            <div key={item[0]}>
              <dt>{item[0]}</dt>
              <dd>{item[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

export function Modal({ title, onClose, children }: { title: string; onClose: () => void; children: ComponentChildren }) {
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = box.current!;
    if (!dialog.open) dialog.showModal();
    return () => dialog.close();
  }, []);
  return (
    <dialog ref={box} aria-labelledby={id} onCancel={(event) => (event.preventDefault(), onClose())} onClick={(event) => event.target === box.current && onClose()}>
      <div class="dialog-body">
        <div class="dialog-head">
          <h2 id={id}>{title}</h2>
          <button type="button" class="plain" aria-label={words().close} onClick={onClose}>
            <Icon name="close" />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}

interface Question {
  title: string;
  text: ComponentChildren;
  yes: string;
  danger?: boolean;
  answer: (yes: boolean) => void;
}
const question = signal<Question | null>(null);

export function ask(asked: Omit<Question, "answer">): Promise<boolean> {
  question.value?.answer(false);
  return new Promise((resolve) => {
    question.value = { ...asked, answer: resolve };
  });
}

interface Said {
  text: string;
  undo?: (() => void) | undefined;
}
const said = signal<Said | null>(null);
let saidTimer = 0;

// A short word at the bottom; with `undo` it stays longer.
export function say(text: string, undo?: () => void): void {
  said.value = { text, undo };
  clearTimeout(saidTimer);
  saidTimer = window.setTimeout(() => (said.value = null), undo ? 12_000 : 5_000);
}

export function Overlays() {
  const asked = question.value;
  const finish = (yes: boolean): void => {
    question.value = null;
    asked?.answer(yes);
  };
  return (
    <>
      {asked && (
        <Modal title={asked.title} onClose={() => finish(false)}>
          <div class="question">{asked.text}</div>
          <div class="buttons">
            <button type="button" onClick={() => finish(false)}>
              {words().cancel}
            </button>
            <button type="button" class={asked.danger ? "danger" : "primary"} onClick={() => finish(true)}>
              {asked.yes}
            </button>
          </div>
        </Modal>
      )}
      <div class="said" role="status">
        {said.value && (
          <p>
            <span>{said.value.text}</span>
            {said.value.undo && (
              <button type="button" onClick={() => (said.value?.undo?.(), (said.value = null))}>
                {words().undo}
              </button>
            )}
          </p>
        )}
      </div>
    </>
  );
}
