export function CostScreen() {
  return <h1>Cost</h1>
}
