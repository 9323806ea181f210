import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EngineError } from '../../src/engine/ports/engine.ts'
import { firehoseService } from '../../src/firehose/service.ts'
import { iamService } from '../../src/iam/service.ts'
import { kinesisService } from '../../src/kinesis/service.ts'
import { s3ControlService } from '../../src/s3/control/service.ts'
import { s3Service } from '../../src/s3/service.ts'
import { isRefusedWhileFull, refusingOwn, refusingWrites } from '../../src/server/room/refusing-writes.ts'
import { ServiceException } from '../../src/service/exception.ts'
import { bind, callOf } from '../../src/service/invoke.ts'
import { operationOf, service } from '../../src/service/operation.ts'
import { structure } from '../../src/service/shape.ts'
import { stsService } from '../../src/sts/service.ts'
import { callerOf } from '../caller.ts'

const SERVICES = [...[kinesisService, firehoseService, s3Service, s3ControlService, iamService], stsService]
const READS = /^(Get|Head|List|Describe|Subscribe)/

test('of what changes something, on a full disk what makes room or takes leave back goes on, and a longer retention', () => {
  const goOn = SERVICES.flatMap(({ operations }) => [...operations.keys()]).filter(
    (name) => !READS.test(name) && !isRefusedWhileFull(name),
  )
  assert.deepEqual(
    [...new Set(goOn)].toSorted(),
    [
      ...['AbortMultipartUpload', 'AssumeRole', 'DecreaseStreamRetentionPeriod', 'DeleteAccessKey'],
      ...['DeleteBucket', 'DeleteBucketCors', 'DeleteBucketEncryption', 'DeleteBucketLifecycle'],
      ...[
        'DeleteBucketOwnershipControls',
        'DeleteBucketPolicy',
        'DeleteBucketReplication',
        'DeleteBucketWebsite',
      ],
      ...['DeleteBucketTagging', 'DeleteChannel', 'DeleteDeliveryStream', 'DeleteLoginProfile'],
      ...['DeleteObject', 'DeleteObjectTagging', 'DeleteObjects', 'DeletePolicy', 'DeletePolicyVersion'],
      ...['DeletePublicAccessBlock', 'DeleteResourcePolicy', 'DeleteRole', 'DeleteRolePermissionsBoundary'],
      ...['DeleteRolePolicy', 'DeleteStream', 'DeleteUser', 'DeleteUserPermissionsBoundary'],
      ...['DeleteUserPolicy', 'DeregisterStreamConsumer', 'DetachRolePolicy', 'DetachUserPolicy'],
      ...['IncreaseStreamRetentionPeriod', 'PutBucketLifecycleConfiguration', 'PutBucketVersioning'],
      ...['PutPublicAccessBlock', 'UpdateAccessKey', 'UpdateChannel', 'UpdateDestination'],
      ...['PutRecords', 'RemoveTagsFromStream', 'UntagDeliveryStream', 'UntagPolicy', 'UntagResource'],
      ...['UntagRole', 'UntagUser'],
    ].toSorted(),
  )
})

const full = new EngineError('StorageFull', 'the disk of /data is full')
const NOTHING = structure({})

function toyOn(refusal: EngineError | undefined, handle: () => Promise<object> = async () => ({})) {
  const operation = operationOf<object>()
  const rows = ['PutThing', 'DeleteThing', 'GetThing'].map((name) =>
    operation({ name, input: NOTHING, output: NOTHING, handle }),
  )
  const toy = service<object>({
    ...{ id: 'Toy', signingName: 'toy', unsupported: [], validation: 'none', operations: rows },
  })
  const bound = bind(refusingWrites(toy, { refusal: () => refusal }), {}, () => undefined)
  return (name: string) => bound.invoke(callOf(bound.service.operations.get(name)!, {}, callerOf()))
}

const isUnavailable = (error: unknown) => {
  assert.ok(error instanceof ServiceException)
  assert.deepEqual(
    [error.code, error.status, error.headers, error.cause],
    ['ServiceUnavailable', 503, { 'retry-after': '5' }, full],
  )
  return true
}

test('while nothing is stored writes are refused before they begin; the rest is handled', async () => {
  const call = toyOn(full)
  await assert.rejects(call('PutThing'), isUnavailable)
  await call('DeleteThing')
  await call('GetThing')
  await toyOn(undefined)('PutThing')
})

test('what meets a full disk on its way is answered alike; a bug of ours stays one', async () => {
  await assert.rejects(toyOn(undefined, () => Promise.reject(full))('DeleteThing'), isUnavailable)
  const bug = new Error('a bug')
  await assert.rejects(toyOn(undefined, () => Promise.reject(bug))('PutThing'), (error) => error === bug)
})

test('our own pages say the reason', async () => {
  const request = {} as never
  await assert.rejects(refusingOwn(() => Promise.reject(full))(request), {
    ...{ code: 'StorageFull', status: 503, message: 'the disk of /data is full.' },
    headers: { 'retry-after': '5' },
  })
})
