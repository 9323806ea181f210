/**
 * `npm run test:terraform`: some minutes, for Terraform waits until a lifecycle configuration has settled. Part of the
 * configurations: `TERRAFORM_ONLY='^s3-|tags'`, an expression for their names.
 */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { FirehoseClient, ListDeliveryStreamsCommand } from '@aws-sdk/client-firehose'
import {
  CreateAccessKeyCommand,
  IAMClient,
  ListPoliciesCommand,
  ListRolesCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam'
import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis'
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'
import type { Standpipe } from '../../src/start.ts'
import { temporaryFolder } from '../process.ts'
import { clientOf, startServer } from '../server.ts'
import { type Configuration, configurationsIn, isOf, writeRoot } from './configurations.ts'
import { importBlocks, importedWrongly, isImportable } from './imports.ts'
import { type Diagnostic, lacksTerraform, type PlannedChange, terraformIn } from './terraform-command.ts'

const ONLY = new RegExp(process.env.TERRAFORM_ONLY ?? '.')
const skip = await lacksTerraform()

/** A root of configurations in a folder of its own. */
async function rooted(t: TestContext, { endpoint }: Standpipe, configurations: readonly Configuration[]) {
  const folder = temporaryFolder(t)
  await writeRoot(folder, endpoint, configurations)
  return { folder, ...terraformIn(folder) }
}

/** A step's name and what it found wrong, or what it planned. */
interface Step {
  readonly name: string
  readonly wrong?: readonly Diagnostic[]
  readonly changes?: readonly PlannedChange[]
}

const said = ({ address, actions, attributes }: PlannedChange) =>
  `${address} ${actions.join(' and ')}: ${attributes.join(' ')}`

const isStill = ({ actions }: PlannedChange) => actions.join() === 'no-op'

/** What the server still has of what Terraform made. */
async function left(t: TestContext, { clientConfig }: Standpipe) {
  const iam = clientOf(t, new IAMClient(clientConfig))
  const streams = await clientOf(t, new KinesisClient(clientConfig)).send(new ListStreamsCommand({}))
  const firehose = clientOf(t, new FirehoseClient(clientConfig))
  const buckets = await clientOf(t, new S3Client(clientConfig)).send(new ListBucketsCommand({}))
  return [
    streams.StreamNames,
    (await firehose.send(new ListDeliveryStreamsCommand({}))).DeliveryStreamNames,
    buckets.Buckets ?? [],
    (await iam.send(new ListRolesCommand({}))).Roles,
    (await iam.send(new ListUsersCommand({}))).Users,
    (await iam.send(new ListPoliciesCommand({ Scope: 'Local' }))).Policies,
  ].flat()
}

/** All of them through all that Terraform does, a step after another. */
async function liveOf(t: TestContext, server: Standpipe, configurations: readonly Configuration[]) {
  const { init, plan, apply, resources, destroy } = await rooted(t, server, configurations)
  const steps: Step[] = []
  let begun = performance.now()
  const add = (step: Step) => {
    steps.push(step)
    t.diagnostic(`${step.name}: ${((performance.now() - begun) / 1000).toFixed()} s`)
    begun = performance.now()
  }
  await init()
  const step = async (name: string, ...args: string[]) => {
    add({ name, ...(await plan(...args)) })
  }
  await step('is planned')
  add({ name: 'is applied', wrong: await apply() })
  await step('does not drift')
  await step('is updated in place', '-var=updated=true')
  add({ name: 'the update is applied', wrong: await apply() })
  await step('does not drift after the update', '-var=updated=true')

  const made = await resources()
  const again = await rooted(t, server, configurations)
  writeFileSync(join(again.folder, 'imports.tf'), importBlocks(made))
  await again.init()
  add({ name: 'is imported', ...(await again.plan('-var=updated=true')) })

  if (made.some(({ address }) => address === 'module.iam-users.aws_iam_user.producer')) {
    // Not of Terraform's making: force_destroy takes it along.
    const iam = clientOf(t, new IAMClient(server.clientConfig))
    await iam.send(new CreateAccessKeyCommand({ UserName: 'iam-users' }))
  }
  add({ name: 'is destroyed', wrong: await destroy('-var=updated=true') })
  return { steps, made }
}

/** Sentences about what a step should not have found of a configuration. */
function faultsOf(configuration: Configuration, { name, wrong = [], changes = [] }: Step): string[] {
  const errors = wrong
    .filter((one) => isOf(configuration, one))
    .map(({ address, text }) => `${address} ${text}`)
  const own = changes.filter((change) => isOf(configuration, change))
  const faults = {
    'does not drift': () => own.filter((change) => !isStill(change)).map(said),
    'does not drift after the update': () => own.filter((change) => !isStill(change)).map(said),
    'is updated in place': () => [
      ...own.filter(({ actions }) => actions.length > 1).map(said),
      ...(own.some(({ actions }) => actions.includes('update')) ? [] : ['nothing is updated']),
    ],
    'is imported': () => [
      ...own
        .filter((change) => isImportable(change) && !change.isImported)
        .map(({ address }) => `not imported: ${address}`),
      ...own
        .map((change) => ({ ...change, attributes: importedWrongly(change.attributes) }))
        .filter((change) => change.isImported && !isStill(change) && change.attributes.length > 0)
        .map(said),
    ],
  }[name]
  return [...errors, ...(faults?.() ?? [])].map((fault) => `${name}: ${fault}`)
}

test('configurations of users are applied, do not drift, are updated in place, imported and destroyed', {
  skip,
}, async (t) => {
  const server = await startServer(t, { clock: 'real' })
  const configurations = configurationsIn('configurations', ONLY)
  const { steps, made } = await liveOf(t, server, configurations)
  t.diagnostic(`${configurations.length} configurations, ${made.length} resources`)
  for (const configuration of configurations)
    await t.test(configuration.name, () => {
      assert.ok(
        made.some((resource) => isOf(configuration, resource)),
        'it has resources',
      )
      assert.deepEqual(
        steps.flatMap((step) => faultsOf(configuration, step)),
        [],
      )
    })
  assert.deepEqual(
    steps.flatMap(({ name, wrong = [] }) =>
      wrong
        .filter((one) => !configurations.some((configuration) => isOf(configuration, one)))
        .map(({ text }) => `${name}: ${text}`),
    ),
    [],
  )
  assert.deepEqual(await left(t, server), [])
})

/** By the name that its configuration gives it. */
const isRefused = ({ address }: { readonly address: string }) => /[._]refused(\[|$)/.test(address)

test('what is not supported is refused by name, each resource that wants it', { skip }, async (t) => {
  const server = await startServer(t, { clock: 'real' })
  const configurations = configurationsIn('refusals', ONLY)
  const { init, plan, apply, destroy } = await rooted(t, server, configurations)
  await init()
  const { wrong, changes } = await plan()
  assert.deepEqual(wrong, [])
  const refused = await apply()
  for (const configuration of configurations)
    await t.test(configuration.name, () => {
      const words = new RegExp(/^# refused: (.+)$/m.exec(configuration.text)?.[1] ?? 'no words')
      const own = refused.filter((one) => isOf(configuration, one))
      const expected = changes.filter((one) => isOf(configuration, one) && isRefused(one))
      assert.deepEqual(
        expected
          .map(({ address }) => address)
          .filter((address) => !own.some((one) => one.address === address)),
        [],
        'taken, though it should be refused',
      )
      for (const { address, text } of own) {
        assert.ok(isRefused({ address }), `${address} ${text}`)
        assert.match(text, words)
      }
    })
  assert.deepEqual(await destroy(), [])
  assert.deepEqual(await left(t, server), [])
})
