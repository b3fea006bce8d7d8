// What a station reports of itself, as rows: the reports of OCPP 2.0.1 (NotifyReport) and the settings of 1.6.

export interface Variable {
  component: string;
  name: string;
  value: string | null; // null: there, but never told
  readOnly: boolean;
}

interface Named {
  name?: string;
  instance?: string;
  evse?: { id?: number; connectorId?: number };
}
interface Attribute {
  type?: string;
  value?: string;
  mutability?: string;
}
interface ReportData {
  component?: Named;
  variable?: Named;
  variableAttribute?: Attribute[];
}

const named = ({ name = "", instance, evse }: Named): string => [name, instance && `[${instance}]`, evse && ` · EVSE ${evse.id}${evse.connectorId ? `/${evse.connectorId}` : ""}`].filter(Boolean).join("");

// A part that says it otherwise than the standard has fewer rows, not an error.
export function variablesOf(parts: unknown[]): Variable[] {
  const rows: Variable[] = [];
  for (const part of parts) {
    const data = (part as { reportData?: unknown }).reportData;
    if (!Array.isArray(data)) continue;
    for (const { component = {}, variable = {}, variableAttribute = [] } of data as ReportData[]) {
      for (const attribute of variableAttribute) {
        const kind = attribute.type && attribute.type !== "Actual" ? ` (${attribute.type})` : "";
        rows.push({ component: named(component), name: named(variable) + kind, value: attribute.mutability === "WriteOnly" ? null : (attribute.value ?? ""), readOnly: attribute.mutability === "ReadOnly" });
      }
    }
  }
  return rows.sort((a, b) => a.component.localeCompare(b.component) || a.name.localeCompare(b.name));
}

export function fitting(rows: Variable[], wanted: string): Variable[] {
  const text = wanted.trim().toLowerCase();
  return rows.filter((row) => `${row.component} ${row.name} ${row.value ?? ""}`.toLowerCase().includes(text));
}
