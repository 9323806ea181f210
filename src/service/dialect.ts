import type { StreamBody } from './shape.ts'
import type { ChunkSignatures } from './signing/authentication.ts'

/** Where a request points to: the path of the rows that it fits, and what stands in the places of the path's labels. */
export interface RestAddress {
  /** Absent when no row has such a path. */
  readonly path?: string
  readonly labels: Readonly<Record<string, string>>
}

/** How a body is framed inside of whatever HTTP does. */
export interface Framing {
  /** The headers as they would be without it, by lower-case name. */
  readonly headers: ReadonlyMap<string, string>
  /** The data without it. Throws when the framing is not what it should be, the pieces of the data too. */
  decode(source: StreamBody): StreamBody
}

/** A request for which there is no operation. */
export interface Unmatched {
  readonly method: string
  /** As sent, without the query. */
  readonly path: string
  readonly query: URLSearchParams
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>
  /** Of the rows' paths, the one that it points to. */
  readonly address: RestAddress['path']
  /** An operation would fit, did it understand the `strange` members. */
  readonly isNear: boolean
  /** The query members that mean something to the service, but not to the operation that comes nearest. */
  readonly strange: readonly string[]
  /** AWS's operations that the service has not. */
  readonly unsupported: readonly string[]
}

/** What of a request says what it asks for. */
export type Aiming = Pick<Unmatched, 'method' | 'query'>

/** A request whose body is a form: its fields say what others say in their headers, and its file is the payload. */
export interface PostedForm {
  /** By lower-case name. */
  readonly fields: ReadonlyMap<string, string>
  readonly file: StreamBody
  /** Lets go of the request, whose file nobody will read any further. */
  close(): void
}

/** How a service takes forms. */
export interface Forms {
  /** What reads the form that a request is; undefined for one that need be none. Throws for what should be one and is not. */
  readerFor(
    request: Pick<Unmatched, 'method' | 'query' | 'headers' | 'address'>,
  ): ((body: StreamBody) => Promise<PostedForm>) | undefined
  /**
   * The form as it may be, its fields as headers would say them. Throws for one that breaks the policy that it brings,
   * and the pieces of its file, too. `labels` are those of the address; `now` is the machine's time.
   */
  held(form: PostedForm, labels: RestAddress['labels'], now: number): PostedForm
}

/** What a service of the REST protocol reads, says and writes in a way of its own. Functions of their arguments all. */
export interface Dialect {
  /**
   * Where a request points to, by its host name and its path, the labels as sent; absent where the rows' paths alone
   * tell. A path other than `/` means that the host name or the path names something.
   */
  readonly addressOf?: (host: string, path: string) => RestAddress
  /**
   * Where a request is answered by its query, which is not where it points to if a part answers for the whole. Throws
   * for a query that asks for two things. Absent where no query changes that.
   */
  readonly aimed?: (request: Aiming, address: RestAddress) => RestAddress
  /** Whether a query member tells one operation from another or changes what it does, and must not be overlooked. */
  isTelling(member: string, request: Pick<Unmatched, 'method' | 'address'>): boolean
  /** Throws what the service says to a request that no operation of it fits. */
  refuse(request: Unmatched): never
  /** Throws what is wrong with a signature in the query, as far as that can be seen; `now` is the machine's time. */
  authenticate(query: URLSearchParams, now: number): void
  /** A request's headers, by lower-case name, with those that its signed query carries in their stead. */
  headersOf(headers: ReadonlyMap<string, string>, query: URLSearchParams): ReadonlyMap<string, string>
  /** Undefined for a body that comes as it is. Where its chunks are signed, `signatures` verifies them. */
  framingOf(headers: ReadonlyMap<string, string>, signatures?: ChunkSignatures): Framing | undefined
  /** Absent where nothing is posted as a form. */
  readonly forms?: Forms
  /** Any text as a header can carry it, and back. */
  encodeWords(text: string): string
  decodeWords(text: string): string
}
