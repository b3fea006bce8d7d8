import { Shell } from "../../components/shell";

export default function Terminal() {
  return <Shell home="property" tabs={[]}>{null}</Shell>;
}
