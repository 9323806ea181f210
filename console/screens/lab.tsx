export function LabScreen() {
  return <h1>Lab</h1>
}
