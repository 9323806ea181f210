import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FirehoseClient } from '@aws-sdk/client-firehose'
import { KinesisClient } from '@aws-sdk/client-kinesis'
import { S3Client } from '@aws-sdk/client-s3'
import { type Standpipe, type StartOptions, start } from '../../../src/start.ts'
import { type Fault, startFaultProxy } from '../../remote/fault-proxy.ts'

export interface SiteOptions {
  /** On disk, so that it can be closed and opened again. */
  readonly isDurable: boolean
  /** Objects go to another server, through a proxy that can be told to fail. */
  readonly isRemote: boolean
}

/** The server under test, in this process, its clock standing still, and where its objects go. */
export interface Site {
  server(): Standpipe
  kinesis(): KinesisClient
  firehose(): FirehoseClient
  /** Of the S3 that objects go to. */
  s3(): S3Client
  now(): number
  advance(by: string | number): Promise<void>
  /** Of the next puts of objects; nothing where they do not leave the server. */
  fail(faults: readonly Fault[]): void
  restart(): Promise<void>
  /** Of our own API. */
  ask<T>(path: string): Promise<T | undefined>
  close(): Promise<void>
}

export async function openSite({ isDurable, isRemote }: SiteOptions): Promise<Site> {
  const endings: (() => unknown)[] = []
  const after = (end: () => unknown) => void endings.push(end)
  const quiet: StartOptions = { port: 0, ephemeral: true, clock: 'manual', limits: 'off' }
  const far = isRemote ? await start(quiet) : undefined
  const proxy = far && (await startFaultProxy({ after }, far.endpoint))
  const data = isDurable ? mkdtempSync(join(tmpdir(), 'standpipe-model-')) : undefined
  const options: StartOptions = {
    ...quiet,
    ...(data !== undefined && { ephemeral: false, data }),
    ...(proxy && { s3Endpoint: proxy.endpoint, s3AccessKeyId: '000000000000', s3SecretAccessKey: 'secret' }),
  }
  let life = await live(options, far)
  return {
    server: () => life.server,
    kinesis: () => life.kinesis,
    firehose: () => life.firehose,
    s3: () => life.s3,
    now: () => life.server.clock.now().getTime(),
    async advance(by) {
      await life.server.clock.advance(by)
    },
    fail: (faults) => proxy?.fail(...faults),
    async restart() {
      await life.end()
      life = await live(options, far)
    },
    async ask<T>(path: string) {
      const answer = await fetch(`${life.server.endpoint}/_standpipe/${path}`)
      return answer.ok ? ((await answer.json()) as T) : undefined
    },
    async close() {
      await life.end()
      for (const end of endings) await end()
      await far?.close()
      if (data !== undefined) rmSync(data, { recursive: true, force: true })
    },
  }
}

async function live(options: StartOptions, far: Standpipe | undefined) {
  const server = await start(options)
  const kinesis = new KinesisClient(server.clientConfig)
  const firehose = new FirehoseClient(server.clientConfig)
  const s3 = new S3Client((far ?? server).clientConfig)
  return {
    ...{ server, kinesis, firehose, s3 },
    async end() {
      for (const client of [kinesis, firehose, s3]) client.destroy()
      await server.close()
    },
  }
}
