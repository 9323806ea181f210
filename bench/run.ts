import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { diskLimit } from './limits/disk-limit.ts'
import { type Measured, machine, measuredOf, printed } from './report.ts'
import { type Round, type Row, type Sample, sample, sampleLimit } from './row.ts'
import { delivery, deliveryGzip, deliveryPartitioned } from './rows/delivery.ts'
import { getRecords, putRecord, putRecordSigned, putRecords, putRecordsSigned } from './rows/kinesis.ts'
import { s3Get8m, s3Get64k, s3List, s3Put8m, s3Put64k } from './rows/s3.ts'
import { subscribe } from './rows/subscribe.ts'
import {
  bareHttp,
  bareParsing,
  closedStandpipe,
  kinesalite,
  kinesaliteInMemory,
  s3rver,
  standpipe,
  type Target,
} from './target.ts'

/**
 * `npm run bench [-- ROW …] [--only SERVER …] [--against FOLDER] [--rounds N] [--json FILE]`: each row on every server that
 * can do it, in alternating rounds, beside a peer and the machine's limit in the same run; with `--against` beside
 * Standpipe from another checkout. Read the ratios and medians; single figures of a shared machine mean little, CPU time
 * per unit means more.
 */
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', multiple: true },
    against: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'string' },
  },
})
const ROUNDS = Number(options.rounds)
/** A server runs for long: what is measured is its compiled code. */
const WARM_UP_ROUNDS = 3
const s3 = { s3Put64k, s3Get64k, s3Put8m, s3Get8m, s3List }
const rows = new Map<string, Row>(
  Object.entries({
    putRecord,
    putRecords,
    getRecords,
    putRecordSigned,
    putRecordsSigned,
    subscribe,
    delivery,
    deliveryGzip,
    deliveryPartitioned,
    ...s3,
  }),
)
const servers = new Map<string, () => Promise<Target>>([
  ['bare node:http', bareHttp],
  ['bare parsing', bareParsing],
  ['kinesalite', kinesalite],
  ['kinesalite in memory', kinesaliteInMemory],
  ['s3rver', s3rver],
  ['standpipe', () => standpipe()],
  ['standpipe closed', () => closedStandpipe()],
])
const there = options.against === undefined ? undefined : resolve(options.against)
if (there !== undefined) {
  servers.set('standpipe there', () => standpipe('standpipe there', there))
  servers.set('standpipe closed there', () => closedStandpipe('standpipe closed there', there))
}

const targetsOf = ({ targets }: Row): readonly string[] =>
  targets
    .flatMap((name) => [`${name} there`, name])
    .filter((name) => servers.has(name))
    .filter((name) => !options.only || options.only.some((only) => name === only || name === `${only} there`))

async function measure(row: Row): Promise<Measured> {
  const rounds: { readonly target: Target; readonly round: Round; readonly taken: Sample[] }[] = []
  const samples = new Map<string, Sample[]>()
  const targets: Target[] = []
  try {
    for (const name of targetsOf(row)) targets.push(await servers.get(name)!())
    for (const target of targets) {
      const taken: Sample[] = []
      samples.set(target.name, taken)
      rounds.push({ target, taken, round: await row.prepare(target) })
    }
    for (const { round } of rounds) for (let count = 0; count < WARM_UP_ROUNDS; count++) await round()
    for (let count = 0; count < ROUNDS; count++)
      for (const { target, round, taken } of rounds) taken.push(await sample(round, target))
    for (const limit of row.limits ?? []) {
      const taken: Sample[] = []
      for (let count = 0; count < ROUNDS; count++) taken.push(await sampleLimit(limit))
      samples.set(limit.name, taken)
    }
  } finally {
    for (const target of targets) await target.stop()
  }
  return measuredOf(row, ROUNDS, samples)
}

const chosen = positionals.length > 0 ? positionals : [...rows.keys()]
const measured: Record<string, Measured> = {}
for (const name of chosen) {
  const row = rows.get(name)
  if (!row) {
    console.error(`no row '${name}'; there are: ${[...rows.keys()].join(', ')}`)
    process.exitCode = 2
    continue
  }
  measured[name] = await measure(row)
  console.log(printed(measured[name]))
}
const limits = [4_096, 2 ** 20].map(
  (bytes) => `${diskLimit(bytes, bytes * 64).toFixed(1)} MiB/s in ${bytes / 1_024} KiB appends`,
)
console.log(`\nthis machine's disk, one writer, fdatasync after each: ${limits.join(', ')}`)
if (options.json !== undefined)
  writeFileSync(options.json, `${JSON.stringify({ ...machine(), rows: measured }, undefined, 2)}\n`)
