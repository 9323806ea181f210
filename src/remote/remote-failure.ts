/** What another S3 answered instead of doing what it was asked to, or why there is no answer. */
export class RemoteFailure extends Error {
  override readonly name = 'RemoteFailure'
  /** S3's code; `InternalError` where it gave none. */
  readonly code: string
  /** Of the answer; absent when there was none. */
  readonly status: number | undefined
  /** Whether the request may have been carried out all the same. */
  readonly isUncertain: boolean

  constructor({
    code,
    message,
    status,
    isUncertain,
    cause,
  }: {
    code: string
    message: string
    status?: number
    isUncertain: boolean
    cause?: unknown
  }) {
    super(message, { cause })
    this.code = code
    this.status = status
    this.isUncertain = isUncertain
  }
}

/**
 * An answer that is an error; an answer to HEAD has no body.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export function refused(origin: string, status: number, body: string): RemoteFailure {
  const code = textOf('Code', body)
  const message = textOf('Message', body) ?? `${origin} answered ${status}${code ? ` ${code}` : ''}`
  return new RemoteFailure({
    code: code ?? (status === 403 ? 'AccessDenied' : 'InternalError'),
    message,
    status,
    // 409: somebody else is putting the same object at this moment, perhaps an earlier attempt of ours.
    isUncertain: status >= 500 || status === 409,
  })
}

/** How a connection fails that never was one. */
const NOT_CONNECTED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_)/

/** No answer, or half of one. */
export function unanswered(origin: string, error: unknown): RemoteFailure {
  const { message, cause } = error as Error & { cause?: Error & { code?: string } }
  const { code } = cause ?? {}
  return new RemoteFailure({
    code: 'InternalError',
    message: `no answer from ${origin}: ${cause?.message || code || message}`,
    isUncertain: !NOT_CONNECTED.test(code ?? ''),
    cause: error,
  })
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The text of an element of S3's error document. */
const textOf = (name: string, xml: string): string | undefined =>
  new RegExp(`<${name}>([^<]+)</${name}>`)
    .exec(xml)?.[1]
    ?.replace(/&(\w+);/g, (whole, entity) => ENTITIES[entity] ?? whole)
