import { pause } from '../../clock/machine-time.ts'
import { ask, askHealth, scopeOf } from '../client.ts'
import { type Call, CommandFailure, machineClock } from '../command.ts'
import { endpointOf, type ServerAddress } from '../server-address.ts'
import { ANY_ROLE, deleteRole, makeRole } from './role.ts'

const POLL_MS = 50
const GIVE_UP_AFTER_POLLS = 400

/** What a step says when it is done: one line, details below it, and the facts for --json. */
export interface Said {
  readonly text: string
  readonly details?: readonly string[]
  readonly [fact: string]: unknown
}

/** One run of the lab: how its steps are shown, how they wait, and what has to be undone. */
export interface LabRun {
  readonly clients: Clients
  readonly server: ServerAddress
  /** Runs one step and prints what it says; `show` displays how far it is. Resolves with what it said. */
  step<S extends Said>(name: string, act: (show: (progress: string) => void) => Promise<S>): Promise<S>
  /** Waits until AWS's slow states have passed; a clock that stands still is moved. */
  until(what: string, isDone: () => Promise<boolean>): Promise<void>
  /** Lets the buffer's five minutes pass, or delivers at once where time travel is off. Resolves with how. */
  passInterval(deliveryStream: string): Promise<string>
  /** The role that the delivery streams work by. */
  roleArn(): Promise<string>
  /** Registers what cleans up behind the step that is under way. */
  undo(act: () => Promise<unknown>): void
  /** Undoes everything, the newest first. */
  cleanUp(): Promise<void>
}

export async function createLabRun(
  { server, json, out, progress }: Pick<Call, 'server' | 'json' | 'out' | 'progress'>,
  clients: Clients,
  interrupted: AbortSignal,
): Promise<LabRun> {
  const { clock, access } = await askHealth(server)
  const undos: (() => Promise<unknown>)[] = []
  let role: string | undefined
  let isRoleMade = false
  let steps = 0
  return {
    clients,
    server,
    async step(name, act) {
      interrupted.throwIfAborted()
      const number = ++steps
      progress(`${String(number).padStart(2)}  ${name} …`)
      const said = await act((part) => progress(`${String(number).padStart(2)}  ${name} … ${part}`))
      progress('')
      const { details = [], ...facts } = said
      if (json) out(JSON.stringify({ step: number, name, ...facts, details }))
      else
        for (const line of [
          `${String(number).padStart(2)}  ${said.text}`,
          ...details.map((detail) => `      ${detail}`),
        ])
          out(line)
      return said
    },
    async until(what, isDone) {
      for (let poll = 0; !(await isDone()); poll++) {
        if (poll === GIVE_UP_AFTER_POLLS) throw new CommandFailure(`${what} takes too long`)
        if (clock.mode === 'manual') await ask(server, 'api/clock/advance', { by: '1s' })
        else await pause(POLL_MS)
      }
    },
    async passInterval(deliveryStream) {
      try {
        await ask(server, 'api/clock/advance', { by: '5m' })
        return 'Moved the clock by 5 minutes (standpipe clock +5m)'
      } catch (error) {
        if (!(error instanceof CommandFailure)) throw error
        const path = `api/delivery-streams/${deliveryStream}/deliver?${scopeOf(server)}`
        await ask(server, path, {})
        return `Time travel is off here, so delivered at once (standpipe deliver ${deliveryStream})`
      }
    },
    async roleArn() {
      if (access === 'open') return ANY_ROLE
      role ??= await makeRole(server)
      isRoleMade = true
      return role
    },
    undo: (act) => void undos.push(act),
    async cleanUp() {
      for (let undo = undos.pop(); undo; undo = undos.pop()) await undo()
      if (isRoleMade) await deleteRole(server)
      isRoleMade = false
    },
  }
}

/** AWS's SDK for JavaScript, installed beside Standpipe by whoever wants to run the lab. */
export async function loadSdk() {
  try {
    const [kinesis, firehose, s3] = await Promise.all([
      import('@aws-sdk/client-kinesis'),
      import('@aws-sdk/client-firehose'),
      import('@aws-sdk/client-s3'),
    ])
    return { kinesis, firehose, s3 }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new CommandFailure(
      'the AWS SDK is missing: npm install @aws-sdk/client-kinesis @aws-sdk/client-firehose @aws-sdk/client-s3',
    )
  }
}
type Sdk = Awaited<ReturnType<typeof loadSdk>>

/** One client of each service, as an application would make them. */
export function clientsOf({ kinesis, firehose, s3 }: Sdk, server: ServerAddress) {
  const config = {
    endpoint: endpointOf(server),
    region: server.region,
    credentials: () => server.credentials(),
    forcePathStyle: true,
  }
  const clients = {
    kinesis: new kinesis.Kinesis(config),
    firehose: new firehose.Firehose(config),
    s3: new s3.S3(config),
  }
  return {
    ...clients,
    close: () => {
      for (const client of Object.values(clients)) client.destroy()
    },
  }
}
export type Clients = ReturnType<typeof clientsOf>

/** The lab's events: sensor readings as JSON. */
export const eventsFrom = (first: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => {
    const id = first + index
    return JSON.stringify({
      event_id: id,
      timestamp: machineClock.now() / 1000,
      value: ((id * 37) % 100) + 1,
    })
  })

export const STREAM = 'ml-streaming-input'
export const BUCKET = 'ml-ingestion-bucket'
export const DELIVERY_STREAM = 'ml-firehose-delivery-stream'
export const DIRECT_PUT = 'StreamToS3'

/** Whether a resource is there, by asking for it. */
export async function exists(describe: () => Promise<unknown>): Promise<boolean> {
  try {
    await describe()
    return true
  } catch (error) {
    if (/^(ResourceNotFoundException|NotFound|NoSuchBucket)$/.test((error as Error).name)) return false
    throw error
  }
}

/** The lab deletes what it made, so nothing of its names may be there before. */
export async function refuseToTouch({ kinesis, firehose, s3 }: Clients): Promise<void> {
  const found = [
    (await exists(() => kinesis.describeStreamSummary({ StreamName: STREAM }))) && `stream ${STREAM}`,
    (await exists(() => s3.headBucket({ Bucket: BUCKET }))) && `bucket ${BUCKET}`,
    ...(await Promise.all(
      [DELIVERY_STREAM, DIRECT_PUT].map(
        async (DeliveryStreamName) =>
          (await exists(() => firehose.describeDeliveryStream({ DeliveryStreamName }))) &&
          `delivery stream ${DeliveryStreamName}`,
      ),
    )),
  ].filter((name) => name !== false)
  if (found.length > 0)
    throw new CommandFailure(
      `there is ${found.join(', ')} already, and the lab does not touch what it did not make: delete it, or run the lab on another --port`,
    )
}
