/** `npm run compatibility` writes COMPATIBILITY.md from the operation tables; test/documents.test.ts keeps it so. */
import { readFileSync, writeFileSync } from 'node:fs'
import { firehoseService } from '../src/firehose/service.ts'
import { iamService } from '../src/iam/service.ts'
import { kinesisService } from '../src/kinesis/service.ts'
import { s3ControlService } from '../src/s3/control/service.ts'
import { s3Service } from '../src/s3/service.ts'
import { stsService } from '../src/sts/service.ts'

const TARGET = new URL('../COMPATIBILITY.md', import.meta.url)
const NOTES = new URL('../docs/compatibility-notes.md', import.meta.url)

interface Table {
  readonly operations: ReadonlyMap<string, unknown>
  readonly unsupported: readonly string[]
}

function section(title: string, { operations, unsupported }: Table): string {
  const names = [...operations.keys()].filter((name) => !unsupported.includes(name)).toSorted()
  const total = names.length + unsupported.length
  const list = (entries: readonly string[]) => entries.map((name) => `\`${name}\``).join(', ')
  const refused = unsupported.length > 0 ? `\n\nRefused by name: ${list(unsupported.toSorted())}.` : ''
  return `## ${title}: ${names.length} of ${total} operations\n\n${list(names)}.${refused}\n`
}

/** The whole page. */
export function compatibility(): string {
  return [
    '# Compatibility with AWS\n',
    'Generated from the operation tables by `npm run compatibility`. An operation that is not listed as supported answers',
    'with an exception that names it; a setting that would have no effect is refused by name, never accepted and ignored.\n',
    section('Kinesis Data Streams', kinesisService),
    section('Data Firehose', firehoseService),
    section('S3', s3Service),
    section('S3 Control', s3ControlService),
    section('IAM', iamService),
    section('STS', stsService),
    readFileSync(NOTES, 'utf8'),
  ].join('\n')
}

if (import.meta.main) writeFileSync(TARGET, compatibility())
