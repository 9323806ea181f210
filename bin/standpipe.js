#!/usr/bin/env node
// Any Node that npm runs on can read this file; it hands over to one that can run Standpipe.
// In a checkout that runs src/ unbuilt, with the Node that `npm ci` brought when the running one is too old;
// in an installed package it runs dist/.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import './own-modules.js'

const pathOf = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const [source, built] = [pathOf('src/cli.ts'), pathOf('dist/cli.js')]
const ownNode = pathOf(`node_modules/node/bin/node${process.platform === 'win32' ? '.exe' : ''}`)
const [major, minor] = process.versions.node.split('.').map(Number)
const isNewEnough = major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18)

function giveUp(message) {
  process.stderr.write(`standpipe: ${message}\n`)
  process.exitCode = 1
}

/** What was compiled is kept for the next start, where nobody else can write. */
function run(path) {
  module.enableCompileCache(pathOf('node_modules/.cache/compiled'))
  return import(path)
}

/** Where the program's process has the pipe that ends with the launcher's. */
const LIFELINE = 3
const LIFELINE_MARK = 'STANDPIPE_LIFELINE'

/**
 * As close to replacing this process as an old Node gets: same streams, signals passed on, the same end. A launcher that
 * is killed outright can pass nothing on: the pipe that only it holds is closed then, and the program ends as it did.
 */
function handOver() {
  if (process.execve) return process.execve(ownNode, [ownNode, ...process.argv.slice(1)], process.env)
  const child = spawn(ownNode, process.argv.slice(1), {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: { ...process.env, [LIFELINE_MARK]: String(process.pid) },
  })
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']
  for (const signal of signals) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => giveUp(`${ownNode} does not start (${error.message}): run npm ci again`))
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code)
    for (const handled of signals) process.removeAllListeners(handled)
    process.kill(process.pid, signal)
  })
}

/** Kills this process when its launcher is gone, as if it had been the launcher. */
function endWithLauncher() {
  const launcher = process.env[LIFELINE_MARK]
  delete process.env[LIFELINE_MARK]
  if (launcher === undefined) return
  const end = () => process.kill(process.pid, 'SIGKILL')
  // It was gone before this process could look.
  if (launcher !== String(process.ppid)) end()
  new Socket({ fd: LIFELINE }).on('error', end).on('close', end).unref().resume()
}

endWithLauncher()
if (existsSync(source)) {
  if (!existsSync(pathOf('node_modules'))) giveUp('its packages are missing: run npm ci first')
  else if (isNewEnough) await run('../src/cli.ts')
  else if (existsSync(ownNode)) handOver()
  else giveUp(`Node 22.18 or newer is needed, this is ${process.versions.node}: run npm ci, which brings one`)
} else if (!isNewEnough) {
  giveUp(`Node 22.18 or newer is needed, this is ${process.versions.node}`)
} else if (existsSync(built)) {
  await run('../dist/cli.js')
} else {
  giveUp('dist/ is missing from this package: install it again')
}
