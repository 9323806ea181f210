/**
 * An answer of AWS's kind: a code, a message and a status, printed by the protocol of the request.
 * Anything else that is thrown is our own error and answers 500 `InternalFailure`.
 * Thrown by named functions in each service's `exceptions.ts`.
 */
export class ServiceException extends Error {
  readonly code: string
  readonly status: number
  /** Further members of the error, in the order in which they are printed. */
  readonly fields: Readonly<Record<string, string>>
  /** What the answer carries besides. */
  readonly headers: Readonly<Record<string, string>> = {}

  constructor(code: string, message: string, status = 400, fields: Readonly<Record<string, string>> = {}) {
    super(message)
    this.name = 'ServiceException'
    this.code = code
    this.status = status
    this.fields = fields
  }
}

/** An answer that carries headers besides. */
export const withHeaders = (
  exception: ServiceException,
  headers: Readonly<Record<string, string>>,
): ServiceException => Object.assign(exception, { headers })

/** A constraint of the model is broken; `message` names all of them. */
export const validationException = (message: string) => new ServiceException('ValidationException', message)

/** A value has the wrong type, so that it cannot be read at all. */
export const serializationException = (message: string) =>
  new ServiceException('SerializationException', message)

/** AWS has this operation, Standpipe has not (yet): refused by name. */
export const notSupported = (operation: string, why = 'See COMPATIBILITY.md.') =>
  new ServiceException('UnsupportedOperationException', `Standpipe does not support ${operation}. ${why}`)

/** No such operation, at AWS either. */
export const unknownOperation = (operation: string) =>
  new ServiceException('UnknownOperationException', `The operation ${operation} is not known.`)

/** Of the REST protocol, whichever operation a request is for. */
export const malformedXml = () =>
  new ServiceException(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  )

/** Of the REST protocol: AWS has it, Standpipe has not (yet). */
export const notImplementedFeature = (what: string) =>
  new ServiceException('NotImplemented', `Standpipe does not support ${what}. See COMPATIBILITY.md.`, 501)

/** Of the REST protocol: our own error, as a client sees it; also where what was stored is damaged. */
export const internalError = () =>
  new ServiceException('InternalError', 'We encountered an internal error. Please try again.', 500)

/** Not now: there is nowhere to keep it. As most services say it. */
export const serviceUnavailable = () =>
  new ServiceException(
    'ServiceUnavailable',
    'The request has failed due to a temporary failure of the server.',
    503,
  )

/** When a client that was refused for the sake of all may try again. */
export const RETRY_AFTER = { 'retry-after': '1' } as const

/** Our own error, as a client sees it. */
export const internalFailure = () =>
  new ServiceException(
    'InternalFailure',
    'The request processing has failed because of an unknown error.',
    500,
  )
