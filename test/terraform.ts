/** Terraform with the AWS provider from a local plugin directory, so that nothing is fetched. */
import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { CLIENT_KEY } from './client-access.ts'
import { run, temporaryFolder } from './process.ts'

const PLUGINS = process.env.TF_PLUGIN_DIR ?? '/opt/tf-plugins'
const VERSION = '5.100.0'
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

/** What a configuration begins with: the provider, whose `services` are those of a server; `more` is set beside. */
export const provider = (endpoint: string, services: readonly string[], more = '') => `
terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "${VERSION}" }
  }
}
provider "aws" {
  region     = "us-east-1"
  access_key = "${CLIENT_KEY.accessKeyId}"
  secret_key = "${CLIENT_KEY.secretAccessKey}"
  ${more}
  endpoints {
${services.map((service) => `    ${service} = "${endpoint}"`).join('\n')}
  }
}
`

/** A folder of its own with the configuration that was given last. */
export function terraformIn(t: TestContext) {
  const folder = temporaryFolder(t)
  /** Resolves with what it printed; what fails, also a plan that would change something, fails the test. */
  const terraform = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run('terraform', [...args, '-no-color'], { cwd: folder, env: ENV })
    assert.equal(code, 0, `terraform ${args.join(' ')}\n${stdout}${stderr}`)
    return stdout
  }
  return {
    init: () => terraform('init', '-input=false', `-plugin-dir=${PLUGINS}`),
    /** What was added, changed and destroyed. */
    apply: () => terraform('apply', '-input=false', '-auto-approve'),
    /** Fails where anything would be changed. */
    seesNoDrift: () => terraform('plan', '-input=false', '-detailed-exitcode'),
    destroy: () => terraform('destroy', '-input=false', '-auto-approve'),
    configure: (text: string) => writeFileSync(join(folder, 'main.tf'), text),
  }
}
