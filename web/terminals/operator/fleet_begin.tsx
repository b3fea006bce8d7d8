// A new firmware campaign: an image that lies here or is uploaded now, which stations, and how careful.
import { useState } from "preact/hooks";
import { useAction, useData } from "../../components/hooks";
import { Card, Field, say, Trouble } from "../../components/ui";
import { call, Refused } from "../../data/api";
import { site, siteId } from "../../data/live";
import { words } from "./fleet_words";

// As OpenSSL writes a signature, or in Base64 already.
async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = new TextDecoder("latin1").decode(bytes).replace(/[\r\n]/g, "");
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0) return text;
  return btoa(String.fromCharCode(...bytes));
}

async function upload(image: File, signature: File | undefined, certificate: File | undefined, version: string): Promise<number> {
  const body = {
    file: image.name.replace(/[^A-Za-z0-9._-]/g, "_").replace(/^\.+/, "_").slice(-64),
    ...(version && { version }),
    ...(signature && { signature: await base64Of(signature) }),
    ...(certificate && { certificate: await certificate.text() }),
  };
  const made = await call("addFirmwareImage", { body });
  const sent = await fetch(made.path, { method: "PUT", body: image }).catch(() => null);
  if (!sent?.ok) throw new Refused("unreachable", sent?.status ?? 0, "", "");
  return made.image;
}

export function BeginCampaign({ onBegun }: { onBegun: () => void }) {
  const w = words();
  const images = useData(() => call("listFirmwareImages"), "");
  const [image, setImage] = useState(0);
  const [onlyHere, setOnlyHere] = useState(true);
  const begin = useAction(async (form: HTMLFormElement) => {
    const given = new FormData(form);
    const text = (key: string): string => String(given.get(key) ?? "").trim();
    const file = (key: string): File | undefined => {
      const one = given.get(key);
      return one instanceof File && one.size > 0 ? one : undefined;
    };
    const content = file("image-file");
    const chosen = image || (content ? await upload(content, file("signature"), file("certificate"), text("version")) : 0);
    const window = [text("from"), text("to")];
    await call("beginCampaign", {
      body: {
        name: text("name"),
        image: chosen,
        group: { ...(onlyHere && { sites: [siteId.value] }), ...(text("vendor") && { vendor: text("vendor") }), ...(text("model") && { model: text("model") }) },
        failures_percent: Number(text("failures")),
        at_once: Number(text("at-once")),
        ...(window.every(Boolean) && { window }),
        unsigned_allowed: given.has("unsigned"),
      },
    });
    say(w.begun);
    form.reset();
    setImage(0);
    images.reload();
    onBegun();
  });
  return (
    <Card title={w.begin}>
      <p class="hint">{w.stagesLead}</p>
      <form onSubmit={(event) => (event.preventDefault(), void begin.run(event.currentTarget))}>
        <Field label={w.name}>{(ids) => <input {...ids} name="name" required maxLength={100} />}</Field>
        <Field label={w.image}>
          {(ids) => (
            <select {...ids} value={image} onChange={(event) => setImage(Number(event.currentTarget.value))}>
              <option value={0}>{w.newImage}</option>
              {images.data?.items
                .filter((one) => one.received_at)
                .map((one) => (
                  <option key={one.image} value={one.image}>
                    {[one.file, one.version].filter(Boolean).join(" · ")}
                  </option>
                ))}
            </select>
          )}
        </Field>
        {image === 0 && (
          <>
            <Field label={w.file}>{(ids) => <input {...ids} name="image-file" type="file" required />}</Field>
            <Field label={w.signature} hint={w.signatureHint}>
              {(ids) => <input {...ids} name="signature" type="file" />}
            </Field>
            <Field label={w.certificate}>{(ids) => <input {...ids} name="certificate" type="file" accept=".pem,.crt" />}</Field>
            <Field label={w.version} hint={w.versionHint}>
              {(ids) => <input {...ids} name="version" maxLength={50} />}
            </Field>
          </>
        )}
        <label class="check">
          <input type="checkbox" checked={onlyHere} onChange={(event) => setOnlyHere(event.currentTarget.checked)} />
          <span>{w.onlyHere(site.value?.name ?? "")}</span>
        </label>
        <div class="fields narrow">
          <Field label={w.vendor} hint={w.groupHint}>
            {(ids) => <input {...ids} name="vendor" maxLength={50} required={!onlyHere} />}
          </Field>
          <Field label={w.model}>{(ids) => <input {...ids} name="model" maxLength={50} />}</Field>
          <Field label={w.failures}>{(ids) => <input {...ids} name="failures" type="number" min={0} max={100} defaultValue="0" required />}</Field>
          <Field label={w.atOnce}>{(ids) => <input {...ids} name="at-once" type="number" min={1} max={100} defaultValue="10" required />}</Field>
          <Field label={w.window} hint={w.windowHint}>
            {(ids) => <input {...ids} name="from" type="time" />}
          </Field>
          <Field label={w.windowTo}>{(ids) => <input {...ids} name="to" type="time" />}</Field>
        </div>
        <label class="check">
          <input type="checkbox" name="unsigned" />
          <span>{w.unsigned}</span>
        </label>
        <Trouble error={begin.error} />
        <div class="buttons">
          <button type="submit" class="primary" disabled={begin.busy}>
            {begin.busy ? w.uploading : w.beginIt}
          </button>
        </div>
      </form>
    </Card>
  );
}
