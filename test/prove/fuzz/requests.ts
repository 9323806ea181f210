import { firehoseService } from '../../../src/firehose/service.ts'
import { iamService } from '../../../src/iam/service.ts'
import { kinesisService } from '../../../src/kinesis/service.ts'
import { s3ControlService } from '../../../src/s3/control/service.ts'
import { s3Service } from '../../../src/s3/service.ts'
import type { Operation, Service } from '../../../src/service/operation.ts'
import { stsService } from '../../../src/sts/service.ts'
import type { Seeded } from '../seeded.ts'
import { cborBytes, damaged, jsonText, xmlText } from './bodies.ts'
import type { Inputs } from './inputs.ts'
import { oddText, oddValue, RawText } from './odd-values.ts'

export interface FuzzRequest {
  /** Whose it is, for the table. */
  readonly face: string
  /** What it would be signed for. */
  readonly service: string
  readonly name: string
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

interface Row {
  readonly service: Service
  readonly operation: Operation<never>
}

const rowsOf = (services: readonly unknown[]): Row[] =>
  (services as readonly Service[]).flatMap((service) =>
    [...service.operations.values()].map((operation) => ({ service, operation })),
  )
const JSON_ROWS = rowsOf([kinesisService, firehoseService])
const REST_ROWS = rowsOf([s3Service, s3ControlService])
const QUERY_ROWS = rowsOf([iamService, stsService])
const ALL_ROWS = [...JSON_ROWS, ...REST_ROWS, ...QUERY_ROWS]

/** Our own API: a place in braces is filled, `?` names what the query may hold. A reset would begin everything anew. */
const OWN: readonly string[] = [
  ...[
    'GET health',
    'GET ready',
    'GET metrics',
    'GET api/clock',
    'GET api/cost',
    'GET api/budget',
    'GET api/lab',
  ],
  ...[
    'POST api/clock/advance',
    'POST api/budget',
    'GET api/overview?search',
    'GET api/events?tail&from&limit',
  ],
  'GET api/streams/{StreamName}/shards',
  'GET api/streams/{StreamName}/records?from&limit&shard&tail',
  'POST api/delivery-streams/{DeliveryStreamName}/deliver',
  'GET api/delivery-streams/{DeliveryStreamName}',
  'GET api/landed?stream&sequenceNumber&recordId&bucket&key',
  'GET api/objects?bucket&key',
  'GET api/objects/origin?bucket&key',
  'GET api/objects/byte-range?bucket&key&shard&position',
  ...[
    'GET streams/{StreamName}',
    'GET ',
    'GET index.html',
    'POST api/session',
    'DELETE api/session',
    'GET api/session',
    'GET {odd}',
    'POST api/aws/{odd}/{odd}',
    'GET ../{odd}',
    'DELETE api/{odd}',
  ],
]
/** What the names of our own API are called in AWS's answers. */
const MEMBER: Readonly<Record<string, string>> = {
  ...{ tail: 'StreamName', stream: 'StreamName', sequenceNumber: 'SequenceNumber', recordId: 'RecordId' },
  ...{ bucket: 'Bucket', key: 'Key', shard: 'ShardId' },
}

interface Options {
  readonly random: Seeded
  readonly inputs: Inputs
}

/** Requests to every operation of every service, by every protocol, and to our own API. */
export function createRequests({ random, inputs }: Options) {
  const encoded = (text: string) => (random.below(10) === 0 ? text : encodeURIComponent(wellFormed(text)))
  const textOf = (name: string) => plain(inputs.valueFor(name, { kind: 'string' }))

  function signed(service: string): Record<string, string> {
    const account = random.below(10) === 0 ? oddText(random) : 'AKIDEXAMPLE'
    const region = random.below(10) === 0 ? oddText(random) : 'us-east-1'
    const credential = `${account}/20260101/${region}/${service}/aws4_request`
    return {
      authorization: printable(`AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=00`),
      'x-amz-date': '20260101T000000Z',
    }
  }

  function awsJson(): FuzzRequest {
    const { service, operation } = random.pick(JSON_ROWS)
    const isCbor = random.below(2) === 0
    const input = random.below(20) === 0 ? oddValue(random) : inputs.structureFor(operation.input)
    const whole = isCbor ? cborBytes(input, random) : Buffer.from(jsonText(input, random))
    return {
      face: isCbor ? 'AWS CBOR' : 'AWS JSON',
      service: service.signingName,
      name: operation.name,
      method: 'POST',
      path: '/',
      headers: {
        ...signed(service.signingName),
        'content-type': `application/x-amz-${isCbor ? 'cbor' : 'json'}-1.1`,
        'x-amz-target': `${service.targetPrefix}.${operation.name}`,
      },
      body: random.below(12) === 0 ? damaged(whole, random) : whole,
    }
  }

  function rest(): FuzzRequest {
    const { service, operation } = random.pick(REST_ROWS)
    if (operation.name === 'PostObject') return form(operation)
    const http = operation.http!
    const input = inputs.structureFor(operation.input)
    const query = (http.query ?? []).map((member) => member.split('=', 2) as [string, string?])
    const headers: Record<string, string> = signed(service.signingName)
    if (http.header) headers[http.header.toLowerCase()] = printable(textOf(http.header))
    let path: string = http.path
    let body = Buffer.alloc(0)
    const elements: Record<string, unknown> = {}
    for (const [name, shape] of Object.entries(operation.input.members)) {
      const value = input[name]
      const { in: place, name: called = '' } = shape.location ?? {}
      if (place === 'uri')
        path = path.replace(new RegExp(`\\{${called}\\+?\\}`), () =>
          encoded(value === undefined ? textOf(name) : plain(value)),
        )
      else if (value === undefined) continue
      else if (place === 'query') query.push([called, plain(value)])
      else if (place === 'header') headers[called.toLowerCase()] = printable(plain(value))
      else if (place === 'headerPrefix') headers[`${called.toLowerCase()}odd`] = printable(plain(value))
      else if (place === 'payload')
        body = Buffer.from(shape.kind === 'structure' ? xmlText(shape.xmlName ?? name, value) : plain(value))
      else elements[name] = value
    }
    if (Object.keys(elements).length > 0) body = Buffer.from(xmlText(http.xmlRoot ?? 'Root', elements))
    delete headers['content-length']
    const texts = query.map(([name, value]) => (value === undefined ? name : `${name}=${encoded(value)}`))
    if (random.below(20) === 0) texts.push(encoded(oddText(random)))
    return {
      face: 'REST-XML',
      service: service.signingName,
      name: operation.name,
      method: http.method,
      path: path + (texts.length > 0 ? `?${texts.join('&')}` : ''),
      headers,
      body: random.below(15) === 0 ? damaged(body, random) : body,
    }
  }

  /** What an operation's headers would say, in a form. */
  function form({ name, input: { members } }: Operation<never>): FuzzRequest {
    const input = inputs.structureFor({ kind: 'structure', members })
    const said = Object.entries(members).flatMap(([member, { location }]) => {
      const isField = location?.in === 'header' || location?.in === 'headerPrefix'
      return isField && input[member] !== undefined ? [[location.name, plain(input[member])] as const] : []
    })
    const signing = ['policy', 'x-amz-signature', 'x-amz-credential', 'AWSAccessKeyId', oddText(random)]
      .filter(() => random.below(4) === 0)
      .map((field) => [field, oddText(random)] as const)
    const parts = [...said, ...signing, ['file', plain(input.Body)] as const].map(
      ([field, value]) => `--odd\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`,
    )
    const body = Buffer.from(`${parts.join('')}--odd--\r\n`)
    return {
      ...{ face: 'REST-XML', service: 's3', name, method: 'POST', path: `/${encoded(plain(input.Bucket))}` },
      headers: { 'content-type': 'multipart/form-data; boundary=odd' },
      body: random.below(3) === 0 ? damaged(body, random) : body,
    }
  }

  function query(): FuzzRequest {
    const { service, operation } = random.pick(QUERY_ROWS)
    const action = random.below(20) === 0 ? oddText(random) : operation.name
    const form = new URLSearchParams({ Action: action })
    for (const [name, text] of fieldsOf('', inputs.structureFor(operation.input))) form.append(name, text)
    if (random.below(10) === 0) form.append(oddText(random), oddText(random))
    return {
      face: 'AWS query',
      service: service.signingName,
      name: operation.name,
      method: 'POST',
      path: '/',
      headers: { ...signed(service.signingName), 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from(form.toString()),
    }
  }

  function ownAws(): FuzzRequest {
    const { service, operation } = random.pick(ALL_ROWS)
    const input = random.below(10) === 0 ? oddValue(random) : inputs.structureFor(operation.input)
    const scope =
      random.below(4) === 0 ? `?account=${encoded(oddText(random))}&region=${encoded(oddText(random))}` : ''
    return {
      face: 'own API: AWS',
      service: 'standpipe',
      name: operation.name,
      method: 'POST',
      path: `/_standpipe/api/aws/${service.signingName}/${operation.name}${scope}`,
      headers: {},
      body: Buffer.from(jsonText(input, random)),
    }
  }

  function own(): FuzzRequest {
    const [method = '', template = ''] = random.pick(OWN).split(' ')
    const [path = '', names = ''] = template.split('?')
    const filled = path.replace(/\{(\w+)\}/g, (_, name) => encoded(textOf(name)))
    const chosen = [...names.split('&').filter(Boolean), 'account', 'region'].filter(
      (name) => random.below(5) > (name === 'account' || name === 'region' ? 3 : 0),
    )
    const texts = chosen.map(
      (name) => `${name}=${encoded(name === 'from' ? placeText() : textOf(MEMBER[name] ?? name))}`,
    )
    const body = {
      by: random.pick(['5m', '1d', oddValue(random)]),
      usd: oddValue(random),
      webhook: oddValue(random),
    }
    return {
      face: 'own API',
      service: 'standpipe',
      name: path,
      method,
      path: `/_standpipe/${filled}${texts.length > 0 ? `?${texts.join('&')}` : ''}`,
      headers: {},
      body: method === 'POST' ? Buffer.from(jsonText(body, random)) : Buffer.alloc(0),
    }
  }

  /** Where records are read from. */
  function placeText(): string {
    const kind = random.pick(['oldest', 'newest', 'time', 'at', 'after', 'position', 'next', 'odd'])
    const value =
      kind === 'next'
        ? textOf('next')
        : kind === 'at' || kind === 'after'
          ? textOf('SequenceNumber')
          : oddText(random)
    return random.below(8) === 0 ? kind : `${kind}:${value}`
  }

  return (): FuzzRequest => random.pick([awsJson, awsJson, awsJson, rest, rest, ownAws, own, own, query])()
}

/** What a header may hold. */
const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 4_000)

const wellFormed = (text: string): string => text.toWellFormed()

/** A value as the fields of a form. */
function fieldsOf(name: string, value: unknown): [name: string, text: string][] {
  if (typeof value !== 'object' || value === null || value instanceof RawText) return [[name, plain(value)]]
  if (Array.isArray(value))
    return value.flatMap((item, index) => fieldsOf(`${name}.member.${index + 1}`, item))
  return Object.entries(value).flatMap(([part, item]) =>
    fieldsOf(name === '' ? part : `${name}.${part}`, item),
  )
}

/** Any value as a text. */
function plain(value: unknown): string {
  if (typeof value === 'string') return value
  if (value instanceof RawText) return value.text.slice(0, 1_000)
  return typeof value === 'object' && value !== null ? Object.keys(value).join() : String(value)
}
