const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=crash/20260101/us-east-1/any/aws4_request, SignedHeaders=host;x-amz-date, Signature=0'
const TARGETS = { kinesis: 'Kinesis_20131202', firehose: 'Firehose_20150804' }

/** An answer that is none of success. */
export class Refusal extends Error {
  readonly status: number
  constructor(what: string, status: number, text: string) {
    super(`${what}: ${status} ${text}`)
    this.name = 'Refusal'
    this.status = status
  }
}

/** A server as its clients reach it. */
export interface AwsClient {
  /** Rejects with Refusal. */
  call<T>(service: keyof typeof TARGETS, operation: string, input: object): Promise<T>
  /** Its own API, or S3. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** The same, answered with the body; rejects with Refusal. */
  ok(path: string, init?: RequestInit): Promise<string>
}

/** `endpoint` is asked for each time: it may not be known yet. */
export function createAwsClient(endpoint: () => string): AwsClient {
  const request = (path: string, init?: RequestInit) => fetch(`${endpoint()}${path}`, init)
  const ok = async (path: string, init?: RequestInit) => {
    const answer = await request(path, init)
    const text = await answer.text()
    if (!answer.ok) throw new Refusal(`${init?.method ?? 'GET'} ${path}`, answer.status, text)
    return text
  }
  return {
    fetch: request,
    ok,
    async call(service, operation, input) {
      const headers = {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `${TARGETS[service]}.${operation}`,
        'x-amz-date': '20260101T000000Z',
        authorization: AUTHORIZATION,
      }
      try {
        return JSON.parse((await ok('/', { method: 'POST', headers, body: JSON.stringify(input) })) || '{}')
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        throw new Refusal(operation, error.status, error.message)
      }
    },
  }
}
