import { Shell } from "../../components/shell";

export default function Terminal() {
  return <Shell home="owner" tabs={[]}>{null}</Shell>;
}
