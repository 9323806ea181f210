const ATTEMPTS = 10

/** Opens what a document names, each time it was replaced meanwhile with the document that then is. */
export async function untilFound<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (let attempts = 0; attempts < ATTEMPTS; attempts++) {
    const found = await attempt()
    if (found !== undefined) return found
  }
  throw new Error('an object names bytes that are not there')
}
