export function ObjectsScreen() {
  return <h1>Objects</h1>
}
