/**
 * `npm run bench [-- ROW …]`: each row on every server that can do it, in alternating rounds, beside a peer and the
 * machine's limit in the same run. Read the ratios and medians; single figures of a shared machine mean little.
 */
import { diskLimit } from './disk-limit.ts'
import { median, type Row, type Sample, sample, sampleLimit } from './row.ts'
import { delivery, deliveryGzip, deliveryPartitioned } from './rows/delivery.ts'
import { getRecords, putRecord, putRecordSigned, putRecords, putRecordsSigned } from './rows/kinesis.ts'
import { s3Get8m, s3Get64k, s3List, s3Put8m, s3Put64k } from './rows/s3.ts'
import { subscribe } from './rows/subscribe.ts'
import { bareHttp, closedStandpipe, kinesalite, s3rver, standpipe, type Target } from './target.ts'

const ROUNDS = 5
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
  ['kinesalite', kinesalite],
  ['s3rver', s3rver],
  ['standpipe', standpipe],
  ['standpipe closed', closedStandpipe],
])

async function measure(row: Row): Promise<Map<string, Sample[]>> {
  const targets: Target[] = []
  const samples = new Map<string, Sample[]>(row.targets.map((name) => [name, []]))
  try {
    for (const name of row.targets) targets.push(await servers.get(name)!())
    for (const target of targets) await row.prepare(target)
    for (const target of targets) for (let round = 0; round < WARM_UP_ROUNDS; round++) await row.run(target)
    for (let round = 0; round < ROUNDS; round++)
      for (const target of targets) samples.get(target.name)!.push(await sample(row, target))
    for (const limit of row.limits ?? []) {
      const taken: Sample[] = []
      for (let round = 0; round < ROUNDS; round++) taken.push(await sampleLimit(limit))
      samples.set(limit.name, taken)
    }
  } finally {
    for (const target of targets) await target.stop()
  }
  return samples
}

function print(row: Row, samples: ReadonlyMap<string, readonly Sample[]>): void {
  console.log(`\n${row.name} (median of ${ROUNDS} rounds; ${row.unit})`)
  const reference = median(samples.get('standpipe')!.map(({ perSecond }) => perSecond))
  for (const [name, taken] of samples) {
    const rate = median(taken.map(({ perSecond }) => perSecond))
    const cpu = median(taken.map(({ cpuMicrosPerUnit }) => cpuMicrosPerUnit))
    const ratio = name === 'standpipe' ? '' : `  standpipe = ${(reference / rate).toFixed(2)} ×`
    console.log(
      `  ${name.padEnd(16)} ${rate.toFixed(0).padStart(9)} /s  ${cpu.toFixed(1).padStart(8)} µs server CPU each${ratio}`,
    )
  }
}

const chosen = process.argv.length > 2 ? process.argv.slice(2) : [...rows.keys()]
for (const name of chosen) {
  const row = rows.get(name)
  if (!row) {
    console.error(`no row '${name}'; there are: ${[...rows.keys()].join(', ')}`)
    process.exitCode = 2
    continue
  }
  print(row, await measure(row))
}
const limits = [4_096, 2 ** 20].map(
  (bytes) => `${diskLimit(bytes, bytes * 64).toFixed(1)} MiB/s in ${bytes / 1_024} KiB appends`,
)
console.log(`\nthis machine's disk, one writer, fdatasync after each: ${limits.join(', ')}`)
