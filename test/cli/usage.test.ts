import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { COMMANDS } from '../../src/cli/main.ts'
import { callMain } from './call-main.ts'

test('a mistake is one line with a hint and exit code 2', async () => {
  const mistakes: readonly (readonly [readonly string[], RegExp])[] = [
    [['strat'], /there is no command 'strat'; did you mean 'standpipe start'\?$/],
    [['frobnicate'], /'standpipe help' lists them$/],
    [['tail'], /^standpipe tail: STREAM is missing; see 'standpipe help tail'$/],
    [['env', 'now'], /'now' is one argument too many/],
    [['start', '--prt', '1'], /there is no flag --prt; did you mean --port\?/],
    [['start', '--port'], /--port needs a value: N/],
    [['start', '--port', 'x'], /--port cannot be 'x'/],
    [['start', '--ephemeral=yes'], /--ephemeral takes no value/],
    [['start', '--constructor'], /there is no flag --constructor/],
    [['start', '--engine', 'nats://localhost'], /--engine is not there yet/],
    [
      ['start', '--host', '0.0.0.0'],
      /--host 0\.0\.0\.0 would let everybody in .*keys add NAME --admin.*--insecure/,
    ],
    [['start', '--host', '192.0.2.1'], /--host 192\.0\.2\.1 /],
    [['start', '--allow-origin', '*'], /would let every website in/],
    [['start', '-p', '1'], /there is no flag -p/],
    [['tail', 's', '--limit', 'many'], /--limit cannot be 'many'/],
    [['env', '--shell', 'toString'], /--shell cannot be 'toString'/],
    [['clock', 'soon'], /'soon' is no duration/],
    [['cost', '--fail-over', 'much'], /--fail-over cannot be 'much'/],
    [['landed', 'stream'], /STREAM and SEQUENCE-NUMBER, or --record-id/],
    [['reset'], /say --yes/],
    [['help', 'nothing'], /no command 'nothing'/],
  ]
  for (const [argv, message] of mistakes) {
    const { code, out, err } = await callMain(argv)
    assert.equal(code, 2, argv.join(' '))
    assert.deepEqual(out, [])
    assert.equal(err.length, 1)
    assert.match(err[0] ?? '', message)
  }
})

test('every command is in the help and explains its own flags', async () => {
  const { code, out } = await callMain([])
  assert.equal(code, 0)
  for (const { name, flags } of COMMANDS) {
    assert.match(out.join('\n'), new RegExp(`^  ${name}\\b`, 'm'))
    const own = await callMain([name, '--help'])
    assert.equal(own.code, 0)
    for (const flag of [...Object.keys(flags), 'json'])
      assert.match(own.out.join('\n'), name === 'help' ? /COMMANDS?/ : new RegExp(`--${flag}\\b`))
  }
  assert.match(out.join('\n'), /STANDPIPE_LOG_LEVEL/)
})

test('where a server is asked, --port and --host are said to be its own, not to be listened on', async () => {
  const asked = (await callMain(['status', '--help'])).out.join('\n')
  assert.match(asked, /--port N +the port of the server/)
  assert.match(asked, /--host ADDRESS +the address of the server/)
  assert.match(
    (await callMain(['start', '--help'])).out.join('\n'),
    /--host ADDRESS +the address to listen on/,
  )
})

test('--version and version say the same', async () => {
  const { out } = await callMain(['--version'])
  assert.match(out[0] ?? '', /^\d+\.\d+\.\d+/)
  assert.deepEqual((await callMain(['version'])).out, out)
  const { out: json } = await callMain(['version', '--json'])
  assert.equal(JSON.parse(json[0] ?? '').version, out[0])
})

test('where nobody listens, each command says so in one line', async () => {
  const commands = ['status', 'tail s', 'put s a', 'deliver d', 'clock', 'clock +5m', 'cost', 'space']
  for (const argv of commands.map((line) => line.split(' '))) {
    const { code, err } = await callMain([...argv, '--port', '1'])
    assert.equal(code, 1)
    assert.equal(err.length, 1)
    assert.match(
      err[0] ?? '',
      /nobody answers on http:\/\/127\.0\.0\.1:1: run 'standpipe start' first|bad port/,
    )
  }
})

test('what answers and is not Standpipe is said in one line, whatever is asked for', async (t) => {
  const other = createServer((_, answer) => answer.end('<p>Hello</p>')).listen(0, '127.0.0.1')
  t.after(() => other.close())
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  for (const argv of [['space'], ['clock', '+5m']]) {
    const { code, err } = await callMain([...argv, '--port', String(port)])
    assert.equal(code, 1)
    assert.match(err.join('\n'), /^standpipe \w+: what answers on http:\/\/127\.0\.0\.1:\d+ is not Standpipe/)
  }
})
