import type { Access, Denial, Judge } from './access.ts'
import type { Dialect, RestAddress } from './dialect.ts'
import type { ServiceException } from './exception.ts'
import type { Flight } from './memory/flight.ts'
import type { Principal } from './principal.ts'
import type { Members, StructureOf, StructureShape } from './shape.ts'
import type { Signature } from './signing/authentication.ts'

/** Who calls, and for how long an answer is wanted. */
export interface Caller {
  /** Twelve digits. */
  readonly account: string
  readonly region: string
  /** The region that the request was signed for; absent where nothing names one: nobody signed, or by version 2. */
  readonly signedRegion?: string | undefined
  readonly principal: Principal
  readonly connection: Connection
  /** The signature that was verified; absent when nobody signed, and in open mode. */
  readonly signature?: Signature | undefined
  readonly requestId: string
  /** What the answer's `x-amz-id-2` is, where it is the same for all of them. */
  readonly hostId?: string
  /** Where the client sent this, as it spells it and without a query. */
  readonly url: string
  /** Where policies are enforced: what stands in the way of the caller's doing something. Absent: it may do everything. */
  readonly judge?: Judge
  /** What its request may hold of the memory. Absent in calls from within this process. */
  readonly flight?: Flight
  /** Aborts when the client has gone or the server stops. */
  signal(): AbortSignal
}

/** What a request tells of where it comes from. */
export interface Connection {
  /** The client's IP address. */
  readonly address: string
  readonly isEncrypted: boolean
  readonly userAgent?: string | undefined
  readonly referer?: string | undefined
}

/** How a REST protocol finds and prints an operation; the JSON protocols ignore it. */
export interface RestBinding {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  /** A label as `{Name}`, one that goes over slashes as `{Name+}`. */
  readonly path: `/${string}`
  /** Query members (`uploads`, `list-type=2`) or a header that tell it from others on the same path. */
  readonly query?: readonly string[]
  readonly header?: string
  readonly status?: number
  /** The root element of the answer. */
  readonly xmlRoot?: string
  /** The root element has no namespace. */
  readonly isBare?: true
}

/** One operation, whole: its contract beside its behaviour. `C` is what the service's handlers work with. */
export interface Operation<C, I extends Members = Members, O extends Members = Members> {
  readonly name: string
  readonly input: StructureShape<I>
  readonly output: StructureShape<O>
  readonly http?: RestBinding
  /** What is counted of a call that is over, by the names of the metrics; see the service's `metering`. */
  metrics?(outcome: Outcome<StructureOf<I>, StructureOf<O>>): Metrics | undefined
  /** IAM's name for it where that is not `service:Name`. */
  readonly action?: string
  /** What it does to what, where that is not its action on the resource that the service takes from every input. */
  accesses?(context: C, input: StructureOf<I>, caller: Caller): Accesses
  /** Blobs of its input, and what it lends to the answer (`Flight.lend`), are nobody's once it has been answered: what is kept is copied. */
  handle(context: C, input: StructureOf<I>, caller: Caller): Promise<StructureOf<O>>
}

/** A call that is over: all that what is counted of it is told from. */
export interface Outcome<I = unknown, O = unknown> {
  readonly caller: Caller
  readonly input: I
  /** Absent when the call failed. */
  readonly output?: O
  /** A ServiceException is an answer; anything else is our error. */
  readonly failure?: unknown
  /** By the service's clock. */
  readonly durationMs: number
}
export type Metrics = Readonly<Record<string, number>>

/** All of it has to be allowed; nothing at all needs no permission. */
export type Accesses = readonly Access[] | Promise<readonly Access[]>

/** `const operation = operationOf<Context>()`: each service has its own, so that `handle` knows its context. */
export const operationOf =
  <C>() =>
  <I extends Members, O extends Members>(row: Operation<C, I, O>): Operation<C, I, O> =>
    row

/** What a web page of another origin wants to do, or to be told whether it may (a preflight). */
export interface CrossOriginRequest {
  /** What it points to, by the labels of the rows' paths, decoded. */
  readonly labels: RestAddress['labels']
  readonly origin: string | undefined
  /** What `Access-Control-Request-Method` names; without it an actual request's own, a preflight's none. */
  readonly method: string | undefined
  /** What `Access-Control-Request-Headers` names, in lower case. */
  readonly headers: readonly string[]
  readonly isPreflight: boolean
}

/** A body that was held whole, and everything that was said about it. */
export interface WholeBody {
  readonly bytes: Uint8Array
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>
  readonly trailers: ReadonlyMap<string, string>
}

/** One AWS service: what it is called on the wire, and its table of operations. */
export interface Service<C = never> {
  /** AWS's SDK id. */
  readonly id: string
  /** The service part of SigV4's credential scope. */
  readonly signingName: string
  /** AWS JSON: what precedes the operation's name in X-Amz-Target. */
  readonly targetPrefix?: string
  /** REST-XML and AWS query: the namespace of the answers' root elements. */
  readonly xmlNamespace?: string
  readonly operations: ReadonlyMap<string, Operation<C>>
  /** Operations that AWS has and we have not: refused by name. */
  readonly unsupported: readonly string[]
  /** REST-XML, and only there: what is the service's own way. */
  readonly dialect?: Dialect
  /** REST-XML: tells its requests from those of another service of the same signing name. */
  readonly recognizedBy?: { readonly pathPrefix: string; readonly header: string }
  /** REST-XML: `<Error>` stands inside an `<ErrorResponse>`. */
  readonly wrapsErrors?: true
  /** REST-XML: throws when a body is not what was announced; asked before it is parsed. */
  readonly checkBody?: (operation: Pick<Operation<C>, 'name' | 'input'>, body: WholeBody) => Promise<void>
  /** REST-XML: the headers by which a page of another origin may read the answer; throws to refuse a preflight. */
  readonly crossOrigin?: (
    context: C,
    request: CrossOriginRequest,
  ) => Promise<Readonly<Record<string, string>>>
  /** `coral`: AWS's joined ValidationException. `none`: the service checks its input itself. */
  readonly validation: 'coral' | 'none'
  /** What holds for every call alike: throws, or rejects, for one that is not let through. */
  readonly admit?: (context: C, call: Admission<C>) => Promise<void> | void
  /** What a call does to what, if its operation does not say so itself; its action on `*` if absent. */
  readonly accesses?: (context: C, call: Admission<C>) => Accesses
  /** Where policies are enforced: what is told instead of a failure that says more than the caller may know. */
  readonly conceal?: (context: C, call: Admission<C>, failure: unknown) => Promise<unknown>
  /** How the service refuses; as most do if absent. */
  readonly denied?: (denial: Denial) => ServiceException
  /** What a client is told of an error that is none of ours, as the engine's are: undefined for one that is. */
  readonly toldOf?: (error: unknown) => ServiceException | undefined
  /** How it says that it cannot now; as most do if absent. */
  readonly unavailable?: () => ServiceException
  readonly metering?: Metering<C>
  /** What AWS answers to too many requests at once, by the operation's name. */
  readonly throttled?: (operation: string) => ServiceException
}

/** How a service counts what its operations' rows say. */
export interface Metering<C> {
  /** ms since 1970. */
  now(context: C): number
  /** Once for each call that is over, whether it was answered or failed. */
  count(context: C, operation: Operation<C>, outcome: Outcome): void
}

/** A call that asks to be let through. */
export interface Admission<C = never> {
  readonly operation: Operation<C>
  readonly input: Readonly<Record<string, unknown>>
  readonly caller: Caller
}

type Row<C> = Pick<Operation<C>, 'name' | 'input' | 'output' | 'http' | 'action'> & {
  handle: unknown
  accesses?: unknown
}

/** IAM's name for an operation. */
export const actionOf = (
  { signingName }: Pick<Service, 'signingName'>,
  { name, action }: Pick<Operation<never>, 'name' | 'action'>,
): string => action ?? `${signingName}:${name}`

/** Builds a service from its rows. */
export function service<C>(
  description: Omit<Service<C>, 'operations'> & { readonly operations: readonly Row<C>[] },
): Service<C> {
  const rows = description.operations as readonly Operation<C>[]
  return { ...description, operations: new Map(rows.map((row) => [row.name, row])) }
}
