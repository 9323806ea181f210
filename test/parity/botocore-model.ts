import { execFileSync } from 'node:child_process'

export interface BotocoreShape {
  readonly type: string
  readonly members?: Readonly<Record<string, { readonly shape: string }>>
  readonly member?: { readonly shape: string }
  readonly key?: { readonly shape: string }
  readonly value?: { readonly shape: string }
  readonly min?: number
  readonly max?: number
  readonly pattern?: string
  readonly enum?: readonly string[]
}

export interface BotocoreModel {
  readonly operations: Readonly<
    Record<
      string,
      { readonly input?: { readonly shape: string }; readonly output?: { readonly shape: string } }
    >
  >
  readonly shapes: Readonly<Record<string, BotocoreShape>>
}

const PRINT = `
import botocore.loaders, json, sys
json.dump(botocore.loaders.Loader().load_service_model(sys.argv[1], 'service-2'), sys.stdout)
`

/** botocore's model of a service (`kinesis`, `firehose`, `s3`); undefined where botocore is not installed. */
export function botocoreModel(serviceName: string): BotocoreModel | undefined {
  try {
    const printed = execFileSync('python3', ['-c', PRINT, serviceName], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return JSON.parse(printed)
  } catch {
    return undefined
  }
}
