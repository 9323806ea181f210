export function StreamScreen({ name }: { readonly name: string }) {
  return <h1>{name}</h1>
}
