// Number plates as people write them. The platform keeps letters, digits and Chinese characters; these are the usual forms.
export type PlateKind = "cn-green" | "cn-blue" | "eu" | "us";

// GA 36-2018: a province, a letter of the city, then 5 characters (blue) or 6 (new energy); no I and no O after the first.
const forms: Record<PlateKind, RegExp> = {
  "cn-green": /^[\u4e00-\u9fff][A-HJ-NP-Z][A-HJ-NP-Z0-9]{6}$/,
  "cn-blue": /^[\u4e00-\u9fff][A-HJ-NP-Z][A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9学警挂领港澳]$/,
  eu: /^[A-Z0-9ÄÖÜŠŽČĆĐ]{2,12}$/,
  us: /^[A-Z0-9]{2,8}$/,
};

const bare = (plate: string): string => plate.toUpperCase().replace(/[\s·.\-]/g, "");

export const fits = (kind: PlateKind, plate: string): boolean => forms[kind].test(bare(plate));

export function kindOf(plate: string): PlateKind | "plain" {
  const text = bare(plate);
  if (forms["cn-green"].test(text)) return "cn-green";
  if (forms["cn-blue"].test(text)) return "cn-blue";
  return "plain";
}

// 沪A·D12345
export function shown(plate: string): string {
  const text = bare(plate);
  return kindOf(plate) === "plain" ? plate.toUpperCase() : `${text.slice(0, 2)}·${text.slice(2)}`;
}
