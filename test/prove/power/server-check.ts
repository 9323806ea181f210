import { type Standpipe, start } from '../../../src/start.ts'
import { createAwsClient } from '../load/aws-client.ts'
import { checkDeliveries, noObjectsYet } from '../load/check-deliveries.ts'
import { checkRecords, noRecordsYet } from '../load/check-records.ts'
import { checkRegisters } from '../load/check-registers.ts'
import { checkUploads } from '../load/check-uploads.ts'
import { makeNamedBuckets } from '../load/disturb-work.ts'
import { Expected } from '../load/expected.ts'
import { expect, type JournalLine } from '../load/journal.ts'

/** Starts a server on what a power cut has left; in words, every promise that it breaks. */
export async function checkServer(folder: string, lines: readonly JournalLine[]): Promise<string[]> {
  const expected = new Expected()
  for (const line of lines) expect(expected, line)
  const server: Standpipe = await start({ data: folder, port: 0, limits: 'off' })
  try {
    const client = createAwsClient(() => server.endpoint)
    const records = noRecordsYet()
    await makeNamedBuckets(client)
    return [
      ...expected.broken,
      ...(await checkRegisters(client, expected)),
      ...(await checkUploads(client, expected)),
      ...(await checkRecords(client, expected, records)),
      ...(await checkDeliveries(client, expected, records, noObjectsYet())),
    ]
  } finally {
    await server.close()
  }
}
