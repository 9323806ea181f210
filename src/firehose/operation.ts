import { operationOf } from '../service/operation.ts'
import type { Firehose } from './firehose.ts'

export const operation = operationOf<Firehose>()
