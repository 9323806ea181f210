import { type Document, isEngineError, type MetadataStore } from './engine.ts'

/** Documents read at once. */
const PAGE = 100

export interface WantedRange {
  readonly prefix: string
  /** A whole key; what is listed lies behind it. */
  readonly after?: string | undefined
  readonly limit: number
}

/**
 * The first of those documents that are wanted, in the order of their keys; reads a page at a time, and no further. Those
 * that are damaged are left out.
 */
export async function listWanted<T>(
  metadata: Pick<MetadataStore, 'list'>,
  { prefix, after, limit }: WantedRange,
  isWanted: (document: Document<T>) => boolean,
): Promise<Document<T>[]> {
  const found: Document<T>[] = []
  for (let last = after; ; ) {
    const range = { prefix, limit: PAGE, ...(last !== undefined && { after: last }) }
    const page = await metadata.list<T>({ ...range, damaged: 'left out' })
    for (const document of page) {
      if (found.length >= limit) return found
      if (isWanted(document)) found.push(document)
    }
    if (page.length < PAGE || found.length >= limit) return found
    last = page.at(-1)!.key
  }
}

/** The document under a key, for those who leave out what is damaged. */
export async function getUndamaged<T>(
  metadata: Pick<MetadataStore, 'get'>,
  key: string,
): Promise<Document<T> | undefined> {
  try {
    return await metadata.get<T>(key)
  } catch (error) {
    if (isEngineError(error, 'Damaged')) return undefined
    throw error
  }
}
