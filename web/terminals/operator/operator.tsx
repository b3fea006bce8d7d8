import { Shell } from "../../components/shell";

export default function Terminal() {
  return <Shell home="operator" tabs={[]}>{null}</Shell>;
}
