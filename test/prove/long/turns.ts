import type { Seeded } from '../seeded.ts'
import { type Calls, pause, until } from './calls.ts'
import { makeDirect, makeStream, reshard, settle } from './pipeline.ts'
import type { Site } from './steady-work.ts'

export interface Turns {
  readonly site: () => Site
  /** Waits for what is under way; how many records were looked for in objects, and in words which were lost or doubled. */
  end(): Promise<{ readonly records: number; readonly wrong: readonly string[] }>
}

/**
 * Every turn has streams of its own, which are resharded twice; when the next one has begun all of its records must be
 * in objects, and everything of it is taken away: the disk holds as much after an hour as after a minute.
 */
export async function workInTurns({
  calls,
  random,
  turnMs,
  say,
}: {
  readonly calls: Calls
  readonly random: Seeded
  readonly turnMs: number
  say(line: string): void
}): Promise<Turns> {
  const wrong: string[] = []
  let [number, records] = [0, 0]
  const begin = async (): Promise<Site> => {
    number += 1
    const [stream, direct] = [`stream-${number}`, `direct-${number}`]
    await Promise.all([makeStream(calls, stream), makeDirect(calls, direct)])
    return {
      calls,
      random,
      stream,
      direct,
      underWay: 0,
      acknowledged: { stream: 0, direct: 0 },
      iterators: [],
    }
  }
  const finish = async (site: Site) => {
    const { stream, direct, acknowledged } = site
    await until(`all puts to ${stream} are answered`, async () => site.underWay === 0)
    records += acknowledged.stream + acknowledged.direct
    wrong.push(
      ...(await settle(calls, stream, acknowledged.stream)),
      ...(await settle(calls, direct, acknowledged.direct)),
    )
    for (const DeliveryStreamName of [stream, direct])
      await calls.call('firehose', 'DeleteDeliveryStream', { DeliveryStreamName })
    await calls.call('kinesis', 'DeleteStream', { StreamName: stream })
    say(`${stream}: ${acknowledged.stream} records; ${direct}: ${acknowledged.direct} records`)
  }
  let site = await begin()
  let isOver = false
  const turning = (async () => {
    while (!isOver) {
      for (const isMore of [true, false]) {
        await wait(turnMs / 3, () => isOver)
        if (!isOver) await reshard(calls, site.stream, isMore)
      }
      await wait(turnMs / 3, () => isOver)
      if (isOver) return
      const before = site
      site = await begin()
      await finish(before)
    }
  })().catch((error: Error) => wrong.push(error.message))
  return {
    site: () => site,
    async end() {
      isOver = true
      await turning
      await finish(site)
      return { records, wrong }
    },
  }
}

async function wait(ms: number, isOver: () => boolean): Promise<void> {
  const startedAt = performance.now()
  while (!isOver() && performance.now() - startedAt < ms) await pause(100)
}
