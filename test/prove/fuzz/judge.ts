import { decodeCbor } from '../../../src/wire/codec/cbor-format.ts'

/** What was answered, as far as it is judged. */
export interface Answer {
  /** 0: nothing was. */
  readonly status: number
  readonly type: string
  readonly body: Buffer
  readonly hasBody: boolean
}

/** What says where we are or how we are made. */
const OURS =
  /node:internal|node_modules|file:\/\/\/|\bat \S+ \(|\.ts:\d+|\b(Type|Range|Reference)Error\b|\/src\//
/** As AWS spells them: `ValidationException`, `com.amazonaws#X`, `AWS.SimpleQueueService.X`. */
const CODE = /^(?:[\w.]+#)?[A-Z][A-Za-z0-9.]*$/
/** Of errors that nobody is to see. */
const OWN_FAULT = /Internal(Failure|Error|ServerError)/

/** What is wrong with an answer, whatever the request was; undefined: nothing. */
export function faultOf({ status, type, body, hasBody }: Answer): string | undefined {
  if (status === 0) return 'no answer'
  if (status === 500) return 'an error of our own'
  if (status < 400 || !hasBody) return undefined
  const text = body.toString()
  if (OURS.test(text)) return 'the answer tells how we are made'
  const code = codeOf(type, body)
  if (code === undefined) return `an error of status ${status} without a form (${type || 'no type'})`
  if (!CODE.test(code) || OWN_FAULT.test(code)) return `a code that is none: ${code}`
  return undefined
}

/** The code that an error says, in whatever its type is. A page's text has none and wants none. */
function codeOf(type: string, body: Buffer): string | undefined {
  if (/^text\/(plain|html)/.test(type)) return body.length > 0 ? 'Page' : undefined
  if (/xml/.test(type)) return /<Code>([^<]*)<\/Code>/.exec(body.toString())?.[1]
  try {
    const said = (/cbor/.test(type) ? decodeCbor(body) : JSON.parse(body.toString())) as Record<
      string,
      unknown
    >
    const code = said.__type ?? said.code
    return typeof code === 'string' ? code : undefined
  } catch {
    return undefined
  }
}

/** What is wrong with the bytes of HTTP/1.1 that a broken request was answered by; undefined: nothing. */
export function faultOfBytes(bytes: Buffer): string | undefined {
  const text = bytes.toString('latin1')
  if (text === '' || !text.startsWith('HTTP/')) return undefined
  if (!/^HTTP\/1\.1 [1-5]\d\d /.test(text)) return 'no status line'
  if (/^HTTP\/1\.1 500 /m.test(text)) return 'an error of our own'
  const head = text.slice(0, text.indexOf('\r\n\r\n') + 4)
  const status = Number(text.slice(9, 12))
  if (status >= 400 && OURS.test(text)) return 'the answer tells how we are made'
  if (/^x-evil:/im.test(head)) return 'a header of the client is one of ours'
  return undefined
}
