import type { DocumentKind } from '../engine/ports/document.ts'
import type { Document, MetadataStore } from '../engine/ports/engine.ts'
import { required, string, structure } from '../service/shape.ts'
import { tokenOf } from '../service/token.ts'
import { invalidMarker } from './exceptions.ts'

/** How much is answered at once where nothing is said. */
const DEFAULT_ITEMS = 100

const markers = tokenOf(structure({ after: required(string()) }))

/** What every list takes. */
export interface PageRequest {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

interface Page<T> {
  readonly items: readonly T[]
  /** What every list says of the rest. */
  readonly rest: { readonly IsTruncated: boolean; readonly Marker?: string }
}

function pageStart({ Marker }: PageRequest): string | undefined {
  if (Marker === undefined) return undefined
  const found = markers.parse(Marker)
  if (!found) throw invalidMarker()
  return found.after
}

/** A page of what is at hand, in the order of the keys. */
export function pageOf<T>(all: readonly T[], keyOf: (item: T) => string, request: PageRequest): Page<T> {
  const after = pageStart(request)
  const rest = all
    .map((item) => ({ item, key: keyOf(item) }))
    .filter(({ key }) => after === undefined || key > after)
    .sort((one, other) => (one.key < other.key ? -1 : 1))
  return cut(rest, request)
}

/** A page of the documents below `prefix` that are wanted. */
export async function pageOfDocuments<T>(
  { kind, metadata, prefix }: { kind: DocumentKind<T>; metadata: MetadataStore; prefix: string },
  request: PageRequest,
  isWanted: (value: T) => boolean,
): Promise<Page<T>> {
  const start = pageStart(request)
  const limit = (request.MaxItems ?? DEFAULT_ITEMS) + 1
  const after = start === undefined ? undefined : prefix + start
  const found = await kind.listWanted(metadata, { prefix, after, limit }, ({ value }) => isWanted(value))
  return cut(
    found.map(({ key, value }: Document<T>) => ({ key: key.slice(prefix.length), item: value })),
    request,
  )
}

function cut<T>(
  found: readonly { readonly key: string; readonly item: T }[],
  { MaxItems = DEFAULT_ITEMS }: PageRequest,
): Page<T> {
  const shown = found.slice(0, MaxItems)
  const items = shown.map(({ item }) => item)
  if (found.length <= MaxItems) return { items, rest: { IsTruncated: false } }
  return { items, rest: { IsTruncated: true, Marker: markers.format({ after: shown.at(-1)!.key }) } }
}
