/** Freezes a document's value all through, but for bytes, which cannot be. */
export function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  for (const item of Object.values(value)) freeze(item)
  return Object.freeze(value)
}
