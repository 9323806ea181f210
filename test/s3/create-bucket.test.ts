import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3, CALLER } from './bound-s3.ts'

test('a bucket is made where its location says', async () => {
  const { call } = await boundS3()
  const made = await call('CreateBucket', {
    Bucket: 'west',
    CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
  })
  assert.deepEqual(made, { Location: 'http://localhost/lake/key/', BucketArn: 'arn:aws:s3:::west' })
  assert.equal((await call('HeadBucket', { Bucket: 'west' })).BucketRegion, 'eu-west-1')
})

test('making a bucket again is fine in us-east-1 and refused elsewhere', async () => {
  const { call, refused } = await boundS3()
  await call('CreateBucket', { Bucket: 'lake' })
  const west = { Bucket: 'west', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }
  await call('CreateBucket', west)
  assert.equal((await refused('CreateBucket', west)).code, 'BucketAlreadyOwnedByYou')
  const other = { ...CALLER, account: '000000000000' }
  assert.equal((await refused('CreateBucket', { Bucket: 'lake' }, other)).code, 'BucketAlreadyExists')
})

test('making a bucket again with tags is refused, and the tags that it has stay', async () => {
  const { call, refused } = await boundS3()
  const pond = (...Tags: object[]) => ({ Bucket: 'pond', CreateBucketConfiguration: { Tags } })
  const tag = { Key: 'team', Value: 'data' }
  await call('CreateBucket', pond(tag))
  for (const again of [pond(tag), pond({ ...tag, Value: 'other' })])
    assert.equal((await refused('CreateBucket', again)).code, 'BucketAlreadyOwnedByYou')
  for (const again of [pond(), { Bucket: 'pond' }])
    assert.equal((await call('CreateBucket', again)).BucketArn, 'arn:aws:s3:::pond')
  assert.deepEqual((await call('GetBucketTagging', { Bucket: 'pond' })).TagSet, [tag])
})

test('an ownership that is none is an invalid argument', async () => {
  const { call, refused } = await boundS3()
  const owned = (ObjectOwnership: string) => ({ Bucket: 'pond', ObjectOwnership })
  const header = 'x-amz-object-ownership'
  for (const unknown of ['RandomValue', '']) {
    const { code, message, fields } = await refused('CreateBucket', owned(unknown))
    assert.deepEqual(
      [code, message, fields],
      ['InvalidArgument', `Invalid ${header} header: ${unknown}`, { ArgumentName: header }],
    )
  }
  for (const ownership of ['ObjectWriter', 'BucketOwnerPreferred', 'BucketOwnerEnforced']) {
    await call('CreateBucket', owned(ownership))
    const { OwnershipControls } = await call('GetBucketOwnershipControls', { Bucket: 'pond' })
    assert.deepEqual(OwnershipControls.Rules, [{ ObjectOwnership: ownership }])
    await call('DeleteBucket', { Bucket: 'pond' })
  }
})

test('who signs for US, as s3cmd does, means us-east-1', async () => {
  const { call } = await boundS3()
  await call('CreateBucket', { Bucket: 'pond' }, { ...CALLER, region: 'US' })
  assert.equal((await call('GetBucketLocation', { Bucket: 'pond' })).LocationConstraint, '')
})

test('a location that AWS would not take is refused', async () => {
  const { refused } = await boundS3()
  const at = (LocationConstraint: string) => ({
    Bucket: 'new',
    CreateBucketConfiguration: { LocationConstraint },
  })
  assert.equal((await refused('CreateBucket', at('us-east-1'))).code, 'InvalidLocationConstraint')
  assert.equal((await refused('CreateBucket', at('moon'))).code, 'InvalidLocationConstraint')
  const west = { ...CALLER, region: 'eu-west-1' }
  const illegal = 'IllegalLocationConstraintException'
  for (const region of ['eu-central-1', 'us-east-1', 'moon']) {
    const { code, message } = await refused('CreateBucket', at(region), west)
    assert.equal(code, illegal)
    assert.equal(
      message,
      `The ${region} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    )
  }
  assert.equal((await refused('CreateBucket', { Bucket: 'new' }, west)).code, illegal)
  assert.equal((await refused('CreateBucket', { Bucket: 'New' })).code, 'InvalidBucketName')
})
