import assert from 'node:assert/strict'
import { createClock } from '../../src/clock/clock.ts'
import { systemRandom } from '../../src/clock/random.ts'
import { encryptedLogs } from '../../src/engine/encrypted-logs.ts'
import { createMemoryEngine } from '../../src/engine/memory/memory-engine.ts'
import { createKinesis, type KinesisOptions } from '../../src/kinesis/kinesis.ts'
import { kinesisService } from '../../src/kinesis/service.ts'
import { noMeters } from '../../src/metrics/meters.ts'
import type { Authority } from '../../src/service/authorize.ts'
import { ServiceException } from '../../src/service/exception.ts'
import { bind, callOf } from '../../src/service/invoke.ts'
import type { Caller } from '../../src/service/operation.ts'
import { callerOf } from '../caller.ts'

export const NOW = Date.UTC(2026, 4, 1, 12)

export const CALLER = callerOf({ region: 'eu-west-1' })

// biome-ignore lint/suspicious/noExplicitAny: the tests read answers as a client does that knows no types
export type Answer = any

/** Kinesis on an engine in memory, its clock standing still, streams ACTIVE at once unless it is asked otherwise. */
export function boundKinesis({
  authority,
  ...options
}: Partial<KinesisOptions> & { authority?: Authority } = {}) {
  const errors: unknown[] = []
  const clock = createClock({ mode: 'manual', startAt: NOW, onError: (error) => errors.push(error) })
  const { logs: plainLogs, metadata } = createMemoryEngine({ clock })
  const logs = encryptedLogs(plainLogs, metadata, systemRandom)
  const kinesis = createKinesis({
    logs,
    metadata,
    clock,
    random: systemRandom,
    meters: noMeters,
    limits: 'off',
    channels: { begin: () => [], obstacleOf: async () => undefined },
    stateDelayMs: 0,
    ...options,
  })
  const bound = bind(kinesisService, kinesis, () => {}, authority)
  const call = async (name: string, input: object, caller: Caller = CALLER): Promise<Answer> => {
    const operation = kinesisService.operations.get(name)
    assert.ok(operation, `there is no operation ${name}`)
    return (await bound.invoke(callOf(operation as never, input, caller))).output as Answer
  }
  /** The exception that a call answers with. */
  const refused = async (
    name: string,
    input: object,
    caller: Caller = CALLER,
  ): Promise<{ code: string; message: string }> => {
    try {
      await call(name, input, caller)
    } catch (failure) {
      assert.ok(failure instanceof ServiceException, String(failure))
      return { code: failure.code, message: failure.message }
    }
    return assert.fail(`${name} was not refused`)
  }
  return { kinesis, clock, logs, plainLogs, metadata, call, refused, errors }
}

export const bytes = (text: string): Uint8Array => Buffer.from(text)

/** An iterator of the stream's shard 0, or of the one that is named. */
export async function iteratorOf(
  { call }: Pick<ReturnType<typeof boundKinesis>, 'call'>,
  StreamName: string,
  place: object = { ShardIteratorType: 'TRIM_HORIZON' },
): Promise<string> {
  const { ShardIterator } = await call('GetShardIterator', {
    StreamName,
    ShardId: 'shardId-000000000000',
    ...place,
  })
  return ShardIterator
}

/** The data of all records of a shard, as text. */
export async function dataOf(
  { call }: Pick<ReturnType<typeof boundKinesis>, 'call'>,
  StreamName: string,
  ShardId: string,
): Promise<string[]> {
  const place = { ShardIteratorType: 'TRIM_HORIZON', ShardId }
  let ShardIterator: string | undefined = await iteratorOf({ call }, StreamName, place)
  const data: string[] = []
  while (ShardIterator) {
    const { Records, NextShardIterator } = await call('GetRecords', { ShardIterator })
    data.push(...Records.map(({ Data }: Answer) => Buffer.from(Data).toString()))
    ShardIterator = Records.length > 0 ? NextShardIterator : undefined
  }
  return data
}
