import type { Check } from './checks.ts'
import { type Document, isEngineError, type ListRange, type MetadataStore, type Revision } from './engine.ts'
import { type Transition, updateDocument } from './update.ts'

export interface DocumentOptions<T> {
  /** What the keys of all of its documents start with, and no other's; or the one key. */
  readonly keys: string
  /**
   * 1, or what its member `documentVersion` says: it grows when the program before could not read what is written now.
   */
  readonly version: number
  readonly check: Check<T>
  /** By the version that they begin with: what a document of that version is in the next. */
  readonly upgrades?: Readonly<Record<number, (value: unknown) => unknown>>
}

type Judging = Pick<MetadataStore, 'condemn'>
type Getting = Judging & Pick<MetadataStore, 'get'>
type Listing = Judging & Pick<MetadataStore, 'list'>

/**
 * A kind of document: nothing is known of what the metadata store gives before it is read here, where it is checked and
 * brought to the version of today. One that is not of its kind is a damaged one, and said as such.
 */
export interface DocumentKind<T> {
  readonly keys: string
  readonly version: number
  /** Throws Damaged. */
  read(metadata: Judging, document: Document<unknown>): Document<T>
  /** Rejects with Damaged. */
  get(metadata: Getting, key: string): Promise<Document<T> | undefined>
  /**
   * As `get`; what is not seen here is asked for again once all is seen that anybody had committed before, for those to
   * whom nothing is an answer.
   */
  find(metadata: Getting & Pick<MetadataStore, 'barrier'>, key: string): Promise<Document<T> | undefined>
  /** For those who leave out what is damaged. */
  getUndamaged(metadata: Getting, key: string): Promise<Document<T> | undefined>
  /** As the store lists them. */
  list(metadata: Listing, range: ListRange): Promise<Document<T>[]>
  /**
   * The first of those documents that are wanted, in the order of their keys; reads a page at a time, and no further.
   * Those that are damaged are left out.
   */
  listWanted(
    metadata: Listing,
    range: WantedRange,
    isWanted: (document: Document<T>) => boolean,
  ): Promise<Document<T>[]>
  /** See `updateDocument`. */
  update<R>(
    metadata: Getting & Pick<MetadataStore, 'commit'>,
    key: string,
    decide: (current: T | undefined, revision: Revision | undefined) => Transition<T, R>,
  ): Promise<R>
}

/** What can be read of a kind of document. */
export type ReadableKind<T> = Omit<DocumentKind<T>, 'update'>

export interface WantedRange {
  readonly prefix: string
  /** A whole key; what is listed lies behind it. */
  readonly after?: string | undefined
  readonly limit: number
}

/** Documents read at once. */
const PAGE = 100

export function document<T>(options: DocumentOptions<T>): DocumentKind<T> {
  const { keys, version } = options
  const kind = readable<T>({ keys, version }, (metadata, { key, value, revision }) => {
    const today = upgraded(options, value)
    if (versionOf(value) > version || !options.check(today)) throw metadata.condemn(key)
    return { key, value: today, revision }
  })
  return {
    ...kind,
    update: (metadata, key, decide) =>
      updateDocument({ metadata, key, read: () => kind.get(metadata, key) }, decide),
  }
}

/** Documents of a kind, as what they are for somebody else. */
export const documentAs = <T, V>(kind: DocumentKind<T>, as: (document: Document<T>) => V): ReadableKind<V> =>
  readable<V>(kind, (metadata, found) => {
    const document = kind.read(metadata, found)
    return { ...document, value: as(document) }
  })

function readable<T>(
  { keys, version }: Pick<DocumentKind<T>, 'keys' | 'version'>,
  read: DocumentKind<T>['read'],
): ReadableKind<T> {
  const get = async (metadata: Getting, key: string) => {
    const found = await metadata.get(key)
    return found && read(metadata, found)
  }
  const list = (metadata: Listing, range: ListRange) =>
    listSound(metadata, range, (found) => read(metadata, found))
  return {
    ...{ keys, version, read, get, list },
    async find(metadata, key) {
      const seen = await get(metadata, key)
      if (seen) return seen
      await metadata.barrier()
      return await get(metadata, key)
    },
    getUndamaged: (metadata, key) => get(metadata, key).catch(unlessDamaged),
    async listWanted(metadata, { prefix, after, limit }, isWanted) {
      const found: Document<T>[] = []
      for (let last = after; ; ) {
        const range = { prefix, limit: PAGE, ...(last !== undefined && { after: last }) }
        const page = await list(metadata, { ...range, damaged: 'left out' })
        for (const document of page) {
          if (found.length >= limit) return found
          if (isWanted(document)) found.push(document)
        }
        if (page.length < PAGE || found.length >= limit) return found
        last = page.at(-1)!.key
      }
    },
  }
}

/** What it would be if it had been written today. */
function upgraded<T>({ version, upgrades }: DocumentOptions<T>, value: unknown): unknown {
  if (version === 1) return value
  let today = value
  for (let from = versionOf(value); from < version; from++) today = upgrades?.[from]?.(today)
  return today
}

const versionOf = (value: unknown): number =>
  typeof value === 'object' && value !== null && 'documentVersion' in value
    ? Number(value.documentVersion)
    : 1

/** As many as are wanted, though some are left out. */
async function listSound<T>(
  metadata: Listing,
  range: ListRange,
  read: (document: Document<unknown>) => Document<T>,
): Promise<Document<T>[]> {
  const found: Document<T>[] = []
  const readInto = (one: Document<unknown>) => {
    try {
      found.push(read(one))
    } catch (error) {
      if (range.damaged !== 'left out' || !isEngineError(error, 'Damaged')) throw error
    }
  }
  const { limit = Number.POSITIVE_INFINITY } = range
  for (let rest = range; ; ) {
    const page = await metadata.list(rest)
    for (const one of page) readInto(one)
    const wanted = rest.limit ?? Number.POSITIVE_INFINITY
    if (found.length === limit || page.length < wanted) return found
    rest = { ...range, after: page.at(-1)!.key, limit: limit - found.length }
  }
}

function unlessDamaged(error: unknown): undefined {
  if (!isEngineError(error, 'Damaged')) throw error
}
