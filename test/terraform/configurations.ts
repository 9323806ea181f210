/**
 * Configurations as users write them, one in each file of `configurations/`. Each is a module with two variables: `name`
 * is its own, to name things by, and `updated` tells whether it is as it was first or as it was changed afterwards.
 */
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AUTHORITY, provider } from './terraform-command.ts'

export interface Configuration {
  /** `kinesis-on-demand`: the module's name. */
  readonly name: string
  readonly text: string
}

const VARIABLES = 'variable "name" {}\nvariable "updated" { type = bool }\n'

/** Those in a folder beside this file, or some of them by their names. */
export function configurationsIn(folder: string, names = /./): Configuration[] {
  const cwd = join(import.meta.dirname, folder)
  return globSync('**/*.tf', { cwd })
    .sort()
    .map((path) => ({
      name: path.replace(/\.tf$/, '').replaceAll('/', '-'),
      text: readFileSync(join(cwd, path), 'utf8'),
    }))
    .filter(({ name }) => names.test(name))
}

const moduleOf = ({ name }: Configuration) => `
module "${name}" {
  source  = "./${name}"
  name    = "${name}"
  updated = var.updated
}
`

export async function writeAuthority(folder: string, endpoint: string): Promise<void> {
  const authority = await fetch(`${endpoint}/_standpipe/ca.pem`)
  writeFileSync(join(folder, AUTHORITY), await authority.text())
}

/** Writes a root of all of them into a folder: Terraform runs once for all, and they wait side by side. */
export async function writeRoot(
  folder: string,
  endpoint: string,
  configurations: readonly Configuration[],
): Promise<void> {
  await writeAuthority(folder, endpoint)
  const head = `${provider(endpoint)}\nvariable "updated" {\n  default = false\n}\n`
  writeFileSync(join(folder, 'main.tf'), head + configurations.map(moduleOf).join(''))
  for (const { name, text } of configurations) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'main.tf'), text)
    writeFileSync(join(folder, name, 'variables.tf'), VARIABLES)
  }
}

/** Whether a resource is of a configuration. */
export const isOf = ({ name }: Configuration, { address }: { readonly address: string }): boolean =>
  address.startsWith(`module.${name}.`)
