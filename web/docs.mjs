// The API's description as a page: plain HTML, made at build time from schemas/openapi.yaml.
import { parse } from "yaml";

const escape = (text) =>
  String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
const paragraphs = (text) =>
  escape(text ?? "")
    .trim()
    .split(/\n\n+/)
    .map((part) => `<p>${part.replace(/`([^`]+)`/g, "<code>$1</code>")}</p>`)
    .join("");

function type_of(schema) {
  if (schema.$ref) return `<a href="#schema-${name_of(schema.$ref)}">${name_of(schema.$ref)}</a>`;
  if (schema.oneOf) return schema.oneOf.map(type_of).join(" or ");
  if (schema.allOf) return schema.allOf.map(type_of).join(" and ");
  if (schema.enum) return schema.enum.map((value) => `<code>${escape(value)}</code>`).join(", ");
  if (schema.type === "array") return `list of ${schema.items ? type_of(schema.items) : "pairs"}`;
  if (schema.properties) return `{ ${Object.entries(schema.properties).map(([key, value]) => `${escape(key)}: ${type_of(value)}`).join(", ")} }`;
  return escape([schema.type ?? "anything"].flat().join(" or "));
}
const name_of = (reference) => reference.split("/").pop();

function bounds(schema) {
  const said = [];
  if (schema.default !== undefined) said.push(`default ${escape(schema.default)}`);
  if (schema.minimum !== undefined) said.push(`from ${schema.minimum}`);
  if (schema.maximum !== undefined) said.push(`to ${schema.maximum}`);
  if (schema.minLength !== undefined || schema.maxLength !== undefined) said.push(`${schema.minLength ?? 0} to ${schema.maxLength ?? "any number of"} characters`);
  if (schema.description) said.push(escape(schema.description));
  return said.join("; ");
}

function table(schema) {
  const rows = Object.entries(schema.properties ?? {}).map(
    ([key, value]) =>
      `<tr><td><code>${escape(key)}</code>${schema.required?.includes(key) ? " (needed)" : ""}</td><td>${type_of(value)}</td><td>${bounds(value)}</td></tr>`,
  );
  return rows.length ? `<table>${rows.join("")}</table>` : `<p>${type_of(schema)} ${bounds(schema)}</p>`;
}

function operation(api, path, method, shared, op) {
  const resolve = (part) => (part.$ref ? part.$ref.slice(2).split("/").reduce((at, key) => at[key], api) : part);
  const parameters = [...shared, ...(op.parameters ?? [])].map(resolve);
  const body = op.requestBody?.content["application/json"]?.schema;
  const answers = Object.entries(op.responses).map(([status, response]) => {
    const content = Object.values(resolve(response).content ?? {})[0];
    return `<tr><td><code>${status}</code></td><td>${content ? type_of(content.schema) : "nothing"}</td></tr>`;
  });
  return `<details id="${op.operationId}"><summary><span class="method">${method.toUpperCase()}</span> <code>${escape(path)}</code> ${escape(op.summary)}</summary>
${paragraphs(op.description)}
${parameters.length ? `<h3>Parameters</h3><table>${parameters.map((p) => `<tr><td><code>${escape(p.name)}</code> in ${p.in}${p.required ? " (needed)" : ""}</td><td>${type_of(p.schema)}</td><td>${escape(p.description ?? "")}</td></tr>`).join("")}</table>` : ""}
${body ? `<h3>Body: ${type_of(body)}</h3>${table(resolve(body))}` : ""}
<h3>Answers</h3><table>${answers.join("")}</table></details>`;
}

export function docs_page(template, yaml) {
  const api = parse(yaml);
  const methods = ["get", "post", "put", "patch", "delete"];
  const operations = Object.entries(api.paths).flatMap(([path, item]) =>
    methods.filter((method) => item[method]).map((method) => ({ path, method, shared: item.parameters ?? [], op: item[method] })),
  );
  const parts = [`<h2>${escape(api.info.summary)}</h2>`, paragraphs(api.info.description)];
  for (const tag of api.tags) {
    parts.push(`<h2>${escape(tag.name)}</h2><p>${escape(tag.description)}</p>`);
    for (const one of operations.filter(({ op }) => op.tags.includes(tag.name))) {
      parts.push(operation(api, one.path, one.method, one.shared, one.op));
    }
  }
  parts.push("<h2>Shapes</h2>");
  for (const [name, schema] of Object.entries(api.components.schemas)) {
    parts.push(`<details id="schema-${name}"><summary>${escape(name)}</summary>${table(schema)}</details>`);
  }
  return template.replace(/<!-- made from .* -->/, () => parts.join("\n"));
}
