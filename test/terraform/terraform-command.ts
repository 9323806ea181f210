/** Terraform with the AWS provider from a local plugin directory, so that nothing is fetched. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CLIENT_KEY } from '../client-access.ts'
import { run } from '../process.ts'

const PLUGINS = process.env.TF_PLUGIN_DIR ?? '/opt/tf-plugins'
const VERSION = '5.100.0'
export const AUTHORITY = 'ca.pem'
const SERVICES = ['firehose', 'iam', 'kinesis', 's3', 's3control', 'sts']
const ENV = {
  ...process.env,
  TF_IN_AUTOMATION: '1',
  CHECKPOINT_DISABLE: '1',
  AWS_EC2_METADATA_DISABLED: 'true',
}

/** Why a test is skipped. */
export async function lacksTerraform(): Promise<string | false> {
  if (!existsSync(join(PLUGINS, 'registry.terraform.io/hashicorp/aws', VERSION)))
    return `the AWS provider ${VERSION} is not in ${PLUGINS} (TF_PLUGIN_DIR)`
  const { code } = await run('terraform', ['version']).catch(() => ({ code: 1 }))
  return code !== 0 && 'Terraform is not installed'
}

/**
 * What a root begins with: the provider, all of whose services are those of a server. It speaks https, as policies
 * against anything else are common, and trusts the authority in a file beside it.
 */
export const provider = (endpoint: string) => `
terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "${VERSION}" }
  }
}
provider "aws" {
  region            = "us-east-1"
  access_key        = "${CLIENT_KEY.accessKeyId}"
  secret_key        = "${CLIENT_KEY.secretAccessKey}"
  s3_use_path_style = true
  custom_ca_bundle  = "\${path.root}/${AUTHORITY}"
  default_tags { tags = { ManagedBy = "terraform" } }
  endpoints {
${SERVICES.map((service) => `    ${service} = "${endpoint.replace('http:', 'https:')}"`).join('\n')}
  }
}
`

/** What is wrong with a resource, as Terraform says it; where it is about none, `address` is empty. */
export interface Diagnostic {
  readonly address: string
  readonly text: string
}

/** What would be done to a resource. */
export interface PlannedChange {
  readonly address: string
  readonly type: string
  /** `['no-op']`, `['update']`, `['delete', 'create']`, … */
  readonly actions: readonly string[]
  readonly isImported: boolean
  /** Its attributes whose values differ, as far as they are known by then. */
  readonly attributes: readonly string[]
}

/** A resource that a state has. */
export interface StateResource {
  readonly address: string
  readonly type: string
  readonly values: Readonly<Record<string, unknown>>
}

interface StateModule {
  readonly resources?: readonly (StateResource & { readonly mode: string })[]
  readonly child_modules?: readonly StateModule[]
}

interface ResourceChange {
  readonly address: string
  readonly type: string
  readonly mode: string
  readonly change: {
    readonly actions: readonly string[]
    readonly before: Readonly<Record<string, unknown>> | null
    readonly after: Readonly<Record<string, unknown>> | null
    readonly after_unknown?: Readonly<Record<string, unknown>>
    readonly importing?: unknown
  }
}

const resourcesOf = ({ resources = [], child_modules = [] }: StateModule): StateResource[] => [
  ...resources.filter(({ mode }) => mode === 'managed'),
  ...child_modules.flatMap(resourcesOf),
]

function plannedChange({ address, type, change }: ResourceChange): PlannedChange {
  const { actions, before, after, after_unknown, importing } = change
  const attributes = Object.keys({ ...before, ...after }).filter(
    (name) =>
      after_unknown?.[name] !== true && JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]),
  )
  return { address, type, actions, attributes, isImported: importing !== undefined }
}

/** The errors in the lines that `-json` prints; whatever else went wrong is one of its own. */
function diagnosticsIn({ code, stdout, stderr }: Awaited<ReturnType<typeof run>>): Diagnostic[] {
  const errors = stdout
    .split('\n')
    .filter((line) => line.includes('"type":"diagnostic"'))
    .map((line): { diagnostic: Record<'severity' | 'address' | 'summary' | 'detail', string> } =>
      JSON.parse(line),
    )
    .filter(({ diagnostic }) => diagnostic.severity === 'error')
    .map(({ diagnostic: { address = '', summary, detail } }) => ({ address, text: `${summary} ${detail}` }))
  return code === 0 || errors.length > 0 ? errors : [{ address: '', text: `${stdout}${stderr}` }]
}

/** Terraform in a folder that has a root in it. */
export function terraformIn(folder: string) {
  const terraform = (...args: string[]) => run('terraform', args, { cwd: folder, env: ENV })
  /** What a state or a saved plan has in it. */
  const show = async (...args: string[]) => {
    const { code, stdout, stderr } = await terraform('show', '-json', ...args)
    assert.equal(code, 0, stderr)
    return JSON.parse(stdout)
  }
  /** As many at a time as there are, for most of them wait. */
  const asked = ['-input=false', '-json', '-parallelism=40']
  return {
    async init(): Promise<void> {
      const { code, stdout, stderr } = await terraform('init', '-input=false', `-plugin-dir=${PLUGINS}`)
      assert.equal(code, 0, stdout + stderr)
    },
    /** What would be done; `terraform plan -detailed-exitcode` says 2 where any of it is not `no-op`. */
    async plan(...args: string[]): Promise<{ wrong: Diagnostic[]; changes: PlannedChange[] }> {
      const done = await terraform('plan', '-out=plan', '-detailed-exitcode', ...asked, ...args)
      if (done.code !== 0 && done.code !== 2) return { wrong: diagnosticsIn(done), changes: [] }
      const { resource_changes = [] }: { resource_changes?: ResourceChange[] } = await show('plan')
      const changes = resource_changes.filter(({ mode }) => mode === 'managed').map(plannedChange)
      const isChanged = changes.some(({ actions, isImported }) => isImported || actions.join() !== 'no-op')
      assert.equal(done.code === 2, isChanged, 'the exit code says what the plan says')
      return { wrong: [], changes }
    },
    /** Does what was planned last. */
    apply: async () => diagnosticsIn(await terraform('apply', ...asked, 'plan')),
    destroy: async (...args: string[]) =>
      diagnosticsIn(await terraform('destroy', ...asked, '-auto-approve', ...args)),
    async resources(): Promise<StateResource[]> {
      const { values }: { values?: { root_module: StateModule } } = await show()
      return values === undefined ? [] : resourcesOf(values.root_module)
    },
  }
}
