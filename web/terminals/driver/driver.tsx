import { Shell } from "../../components/shell";

export default function Terminal() {
  return <Shell home="driver" tabs={[]}>{null}</Shell>;
}
