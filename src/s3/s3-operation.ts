import { type Operation, operationOf } from '../service/operation.ts'
import type { S3 } from './s3.ts'

export const operation = operationOf<S3>()

export type S3Operation = Operation<S3>
