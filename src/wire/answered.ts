import { steadyNow } from '../clock/machine-time.ts'
import { isAnswer } from '../service/invoke.ts'
import type { Answer, Exchange } from './exchange.ts'

/** A request, and what became of it. Whatever is a payload or a secret is not here. */
export interface Answered {
  /** When it came, ms since 1970, on the machine's time. */
  readonly at: number
  readonly requestId: string
  /** That it is answered for. */
  readonly account: string
  /** What is asked for: a service and its operation (`Service Operation`), or what stands in the request where that names none of ours. */
  readonly asked: string
  /** The client's IP address. */
  readonly address: string
  readonly method: string
  /** As the request names it, verified or not; absent where it was not signed. */
  readonly accessKeyId?: string
  /** Who it was found to be; absent where that was refused or nobody. */
  readonly principal?: string
  /** Absent when the client had gone. */
  readonly status?: number
  /** Of the error. */
  readonly code?: string
  /** What the error says. */
  readonly message?: string
  readonly durationMs: number
}

/** Which request it was. */
export type Request = Pick<Answered, 'requestId' | 'account' | 'asked'>

/** Of text that anybody may send: what is longer is no key. */
const MOST_CHARACTERS = 128

/** Of text that anybody may send, and that is to be read in a line. */
const MOST_ASKED = 200

export function requestOf({ caller, found, method, path, headers, query }: Exchange): Request {
  const action = query.get('Action')
  const sent = headers.get('x-amz-target') ?? (action ? `Action=${action}` : `${method} ${path}`)
  const { requestId, account } = caller
  return { requestId, account, asked: found.operation ?? printable(sent.slice(0, MOST_ASKED)) }
}

const printable = (text: string) => text.replaceAll(/[^\x20-\x7e]/g, '?')

type Hearer = ((answered: Answered) => void) | undefined

/** What is kept of a request while it is answered. */
export interface Record {
  /** Who makes it, as that was found out. */
  knownAs(exchange: Exchange): void
  answers(answer: Pick<Answer, 'status'>): void
  fails(failure: unknown): void
  end(): void
}

const nothing = () => undefined
const UNHEARD: Record = { knownAs: nothing, answers: nothing, fails: nothing, end: nothing }

/** Tells `hear`, if there is anybody, what became of a request. */
export function recordOf(exchange: Exchange, hear: Hearer, machineNow: () => number): Record {
  if (!hear) return UNHEARD
  const [at, since] = [machineNow(), steadyNow()]
  let known: Exchange | undefined
  let status: number | undefined
  let failed: unknown
  return {
    knownAs(found) {
      known = found
    },
    answers(answer) {
      status = answer.status
    },
    fails(failure) {
      failed = failure
    },
    end() {
      const isKnown = known !== undefined
      hear(answeredOf(known ?? exchange, { at, since, status, failure: failed, isKnown }))
    },
  }
}

interface Outcome {
  readonly at: number
  /** By `steadyNow`. */
  readonly since: number
  readonly status: number | undefined
  readonly failure: unknown
  /** The signature was found to be right, or is not verified. */
  readonly isKnown: boolean
}

function answeredOf(exchange: Exchange, outcome: Outcome): Answered {
  const { caller, method } = exchange
  const { at, since, status, failure, isKnown } = outcome
  const { principal } = caller
  const { accessKeyId } = principal
  return {
    at,
    ...requestOf(exchange),
    address: caller.connection.address,
    method,
    ...(accessKeyId !== '' && { accessKeyId: accessKeyId.slice(0, MOST_CHARACTERS) }),
    ...(isKnown && principal.arn !== '' && { principal: principal.arn }),
    ...(status !== undefined && { status }),
    ...(failure !== undefined && {
      code: isAnswer(failure) ? failure.code : 'InternalFailure',
      message: failure instanceof Error ? failure.message : String(failure),
    }),
    durationMs: Math.round((steadyNow() - since) * 10) / 10,
  }
}
