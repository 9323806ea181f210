export function CreateDeliveryStreamScreen() {
  return <h1>CreateDeliveryStream</h1>
}
