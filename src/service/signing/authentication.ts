import type { Principal } from '../principal.ts'

/** A request without its body, as a signature is computed over it: texts are bytes, one to a character. */
export interface RequestHead {
  readonly method: string
  /** As sent: neither decoded nor normalised, without the query. */
  readonly path: string
  /** As sent, without its mark. */
  readonly rawQuery: string
  readonly query: URLSearchParams
  /** By lower-case name; HTTP/2's `:authority` is `host`. */
  readonly headers: ReadonlyMap<string, string>
  /** Those that were sent more than once, in their order. */
  readonly repeated: ReadonlyMap<string, readonly string[]>
}

/** How a refusal is said, and what may come unsigned; `own` is Standpipe's own API. */
export type Spoken = 'json' | 'query' | 'rest' | 'own'

/** Says who makes a request. */
export interface Authenticator {
  /**
   * By its head alone, so that nothing of a stranger's body is read. `now` is the machine's time, ms since 1970. Throws,
   * or rejects with, the refusal as the service words it.
   */
  authenticate(head: RequestHead, spoken: Spoken, now: number): Authenticated | Promise<Authenticated>
  /** By the fields of a form, by lower-case name, of a request whose head is not signed. */
  authenticateForm(fields: ReadonlyMap<string, string>, now: number): Authenticated | Promise<Authenticated>
}

/** A signature that was verified, as far as policies ask for it. */
export interface Signature {
  readonly place: 'header' | 'query' | 'form'
  /** As AWS calls them. */
  readonly version: 'AWS4-HMAC-SHA256' | 'AWS'
  /** How long ago it was made, where it says so. */
  readonly ageMs?: number
  /** What it covers of the body: its SHA-256, or a word for it, where the head says so. */
  readonly payload?: string | undefined
}

export interface Authenticated {
  /** `anonymous` where nothing was signed and that is for others to judge. */
  readonly principal: Principal
  /** Absent where nothing was signed. */
  readonly signature?: Signature
  /** What it was signed for, where the signature says so. */
  readonly region?: string | undefined
  readonly service?: string | undefined
  /** Of the body, in hex, if the head says it: the body has to be compared with it. */
  readonly bodySha256?: string | undefined
  /** Of a body that is signed in chunks. */
  readonly chunks?: ChunkSignatures | undefined
  /** Throws unless these bytes are the body that was signed. Where the head does not say its hash, this judges the signature. */
  checkBody(bytes: Uint8Array): void
  /** Throws unless it was signed for that service. */
  requireService(signingName: string): void
}

/** Verifies a body that is signed in chunks, in their order. */
export interface ChunkSignatures {
  /** What follows the data is signed, too. */
  readonly hasTrailer: boolean
  /** More of the chunk that is being read. */
  update(piece: Uint8Array): void
  /** The chunk ends here. Throws unless this is its signature. */
  endChunk(signature: string | undefined): void
  /** Throws unless this is the signature of what followed the data: `NAME:VALUE` and a newline for each. */
  endTrailers(lines: string, signature: string | undefined): void
}
