import type { Seeded } from '../seeded.ts'

export const OPERATIONS = {
  PutRecords: 'Kinesis_20131202.PutRecords',
  PutRecord: 'Kinesis_20131202.PutRecord',
  PutRecordBatch: 'Firehose_20150804.PutRecordBatch',
  DirectPutRecord: 'Firehose_20150804.PutRecord',
} as const
export type PutOperation = keyof typeof OPERATIONS

export const STREAMS = ['orders', 'auto', 'encrypted', 'demand'] as const
export const DELIVERY_STREAMS = ['direct', 'sealed'] as const

const ARN = (region: string, account: string, name: string) =>
  `arn:aws:kinesis:${region}:${account}:stream/${name}`

/** Nearly all as SDKs send it, with a little of everything that is not. */
export function bodyOf(operation: PutOperation, chance: Seeded): Buffer {
  const { space, comma, colon } = chance.pick(STYLES)
  const joined = (open: string, parts: readonly string[], close: string) =>
    open + space + parts.join(comma) + space + close
  const structure = (members: readonly (readonly [string, string | undefined])[]) => {
    const said = members.filter((member): member is [string, string] => member[1] !== undefined)
    if (rarely(chance, 30)) said.reverse()
    if (rarely(chance, 60) && said.length > 0)
      said.push([said[0]![0], chance.pick([said[0]![1], 'null', '""'])])
    if (rarely(chance, 80))
      said.push([chance.pick(['Unknown', '__proto__', 'data', '']), chance.pick(['1', '{}', '[[]]', '"x"'])])
    return joined(
      '{',
      said.map(([name, value]) => `"${name}"${colon}${value}`),
      '}',
    )
  }
  const records = (member: () => string) => {
    const count = rarely(chance, 200) ? chance.pick([499, 500, 501]) : chance.below(6)
    return rarely(chance, 100)
      ? chance.pick(['{}', 'null', '[null]', '"a"', '[1]', '[,]'])
      : joined('[', Array.from({ length: count }, member), ']')
  }
  const text = structure(membersOf[operation](chance, { structure, records }))
  return Buffer.from(rarely(chance, 20) ? damaged(text, chance) : text + (rarely(chance, 10) ? space : ''))
}

const STYLES = [
  { space: '', comma: ',', colon: ':' },
  { space: '', comma: ', ', colon: ': ' },
  { space: '\n  ', comma: ',\r\n\t', colon: ' : ' },
]

const rarely = (chance: Seeded, oneIn: number) => chance.below(oneIn) === 0

interface Writing {
  readonly structure: (members: readonly (readonly [string, string | undefined])[]) => string
  readonly records: (member: () => string) => string
}
type Members = readonly (readonly [string, string | undefined])[]

const membersOf: Readonly<Record<PutOperation, (chance: Seeded, writing: Writing) => Members>> = {
  PutRecords: (chance, { structure, records }) => [
    [
      'Records',
      records(() =>
        structure([
          ['Data', data(chance)],
          ['PartitionKey', key(chance)],
          ['ExplicitHashKey', hashKey(chance)],
        ]),
      ),
    ],
    ...stream(chance),
  ],
  PutRecord: (chance) => [
    ...stream(chance),
    ['Data', data(chance)],
    ['PartitionKey', key(chance)],
    ['ExplicitHashKey', hashKey(chance)],
    ['SequenceNumberForOrdering', rarely(chance, 20) ? chance.pick(['"0"', '"1"', '"x"', '5']) : undefined],
  ],
  PutRecordBatch: (chance, { structure, records }) => [
    ['DeliveryStreamName', deliveryStream(chance)],
    ['Records', records(() => structure([['Data', data(chance)]]))],
  ],
  DirectPutRecord: (chance, { structure }) => [
    ['DeliveryStreamName', deliveryStream(chance)],
    ['Record', rarely(chance, 60) ? 'null' : structure([['Data', data(chance)]])],
  ],
}

function stream(chance: Seeded): Members {
  const name = rarely(chance, 20)
    ? chance.pick(['missing', '', 'a b', 'ä', 'x'.repeat(129)])
    : chance.pick(STREAMS)
  const region = rarely(chance, 10) ? 'eu-west-1' : 'us-east-1'
  const account = rarely(chance, 10) ? '111111111111' : '000000000000'
  const arn = rarely(chance, 30)
    ? chance.pick(['x', 'arn:aws:kinesis:::stream/orders'])
    : ARN(region, account, name)
  const byArn = rarely(chance, 6)
  return [
    ['StreamName', byArn && !rarely(chance, 4) ? undefined : quoted(rarely(chance, 60) ? 'other' : name)],
    ['StreamARN', byArn ? quoted(arn) : undefined],
    ['StreamId', rarely(chance, 60) ? chance.pick(['"x"', '"abcdefghij0123456789-abc"']) : undefined],
    ['DryRun', rarely(chance, 60) ? chance.pick(['true', 'false', '"true"']) : undefined],
  ]
}

const deliveryStream = (chance: Seeded) =>
  quoted(
    rarely(chance, 20) ? chance.pick(['missing', '', 'a b', 'x'.repeat(65)]) : chance.pick(DELIVERY_STREAMS),
  )

/** As JSON has to write it, sometimes with an escape that there need not be. */
const quoted = (text: string) => JSON.stringify(text)

function key(chance: Seeded): string | undefined {
  if (rarely(chance, 30))
    return chance.pick([
      undefined,
      'null',
      '1',
      '""',
      quoted('ключ'),
      '"a\\u0062"',
      '"\\\\"',
      quoted('\u007f'),
      quoted('\u0001'),
      quoted('k'.repeat(256)),
      quoted('k'.repeat(257)),
      quoted('😀'.repeat(200)),
    ])
  return quoted(`key-${chance.below(1_000)}`)
}

function hashKey(chance: Seeded): string | undefined {
  if (!rarely(chance, 6)) return undefined
  return quoted(
    chance.pick(['0', '1', String(2n ** 127n), String(2n ** 128n - 1n), String(2n ** 128n), '01', 'x', '']),
  )
}

function data(chance: Seeded): string | undefined {
  const size = rarely(chance, 300) ? chance.pick([1_024_000, 1_024_001, 1_100_000]) : chance.below(40)
  const bytes = Buffer.from(Array.from({ length: Math.min(size, 64) }, () => chance.below(256)))
  const text = (size > 64 ? Buffer.alloc(size, bytes) : bytes).toString('base64')
  if (!rarely(chance, 15)) return `"${text}"`
  const at = chance.below(text.length + 1)
  return chance.pick([
    undefined,
    'null',
    '7',
    '[]',
    `"${text.slice(0, at)}${chance.pick(['-', '_', '=', ' ', '\\/', '\\n', 'é', '\\u0041', '*'])}${text.slice(at + 1)}"`,
    `"${text.replace(/=+$/, '')}"`,
    `"${text}="`,
    `"${text}===="`,
    '"QQ=="',
    '"QR=="',
    '"QUF="',
    '"QUE="',
    '"="',
    '"===="',
  ])
}

/** As it may come when somebody makes it by hand, or only half of it comes. */
function damaged(text: string, chance: Seeded): string {
  const at = chance.below(text.length + 1)
  return chance.pick([
    text.slice(0, at),
    text + chance.pick(['x', '}', ',', '\0']),
    `\ufeff${text}`,
    text.slice(0, at) + chance.pick(['"', '\\', ',', '{', ']', ' ', '\0', 'é', ':']) + text.slice(at),
    text.slice(0, at) + text.slice(at + 1),
    chance.pick(['[]', 'null', '""', '{}', '{', ' ', '0']),
  ])
}

/** The same for whoever parses JSON, but in a form that is not plain: its first letter in quotes is written as an escape. */
export const escaped = (body: Buffer): Buffer =>
  Buffer.from(
    body
      .toString('latin1')
      .replace(/"([A-Za-z])/, (_, letter: string) => `"\\u00${letter.charCodeAt(0).toString(16)}`),
    'latin1',
  )
