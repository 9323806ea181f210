import type { Settings } from '../../server/config.ts'
import { sha256Hex, signRequest } from '../../service/sign-request.ts'
import { CommandFailure, machineClock } from '../command.ts'
import { connect, credentialsOf, endpointOf } from './own-api.ts'

const TARGETS = { kinesis: 'Kinesis_20131202', firehose: 'Firehose_20150804' }

/** An answer of AWS's kind that is an error; `code` is AWS's name of it. */
export class AwsFailure extends CommandFailure {
  readonly code: string
  constructor(code: string, message: string) {
    super(`${code}: ${message}`)
    this.code = code
  }
}

/** Calls one operation as any AWS client does, in AWS JSON 1.1. */
export async function awsCall<T>(
  settings: Settings,
  service: keyof typeof TARGETS,
  operation: string,
  input: object,
): Promise<T> {
  const url = new URL(endpointOf(settings))
  const body = JSON.stringify(input)
  const headers = signRequest({
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `${TARGETS[service]}.${operation}`,
    },
    bodySha256: sha256Hex(body),
    service,
    region: settings.region,
    credentials: credentialsOf(settings),
    now: machineClock.now(),
  })
  const answer = await connect(url.href, { method: 'POST', headers, body })
  const text = await answer.text()
  if (answer.ok) return JSON.parse(text || '{}')
  throw failureOf(text, answer.status)
}

function failureOf(text: string, status: number): CommandFailure {
  try {
    const { __type, message, Message } = JSON.parse(text)
    return new AwsFailure(String(__type).replace(/^.*#/, ''), message ?? Message ?? '')
  } catch {
    return new CommandFailure(`the server answered ${status}`)
  }
}
