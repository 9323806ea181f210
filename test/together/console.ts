import { together } from './together.ts'

await together('console/!(snippets|*.browser).test.ts')
