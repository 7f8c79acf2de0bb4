/** What a new package is to be. */
export interface PackagePlan {
  /** The name without its scope, also the name of the folder. */
  readonly name: string
  readonly description: string
  /** Folders of the packages that this one imports. */
  readonly imports: readonly string[]
}

/** The files of a new package: path inside its folder, and text. */
export function packageFiles(plan: PackagePlan): ReadonlyMap<string, string> {
  const { name, description, imports } = plan
  const base = { extends: '../../tsconfig.base.json' }
  const places = { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/.tsbuildinfo' }
  const references = imports.map((other) => ({ path: `../${other}` }))
  return new Map([
    ['package.json', json(manifest(plan))],
    ['tsconfig.json', json({ ...base, compilerOptions: places, include: ['src'], references })],
    ['test/tsconfig.json', json(testConfig(references))],
    ['tsup.config.ts', "import { library } from '../../tsup.base.ts'\n\nexport default library(['src/index.ts'])\n"],
    ['README.md', `# @cruster/${name}\n\n${description}\n`],
    ['src/index.ts', 'export {}\n'],
  ])
}

function manifest({ name, description, imports }: PackagePlan): object {
  const door = { '@cruster/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' }
  const scripts = {
    build: 'tsup && tsc -b',
    test: `vitest run --root ../.. --project ${name}`,
    check: 'tsc -b . test && oxlint --config ../../.oxlintrc.json',
  }
  return {
    name: `@cruster/${name}`,
    version: '0.0.0',
    description,
    license: 'MIT',
    type: 'module',
    sideEffects: false,
    engines: { node: '>=22.18' },
    files: ['dist', 'src', '!dist/.tsbuildinfo'],
    exports: { '.': door, './package.json': './package.json' },
    scripts,
    dependencies: Object.fromEntries(imports.map((other) => [`@cruster/${other}`, 'workspace:^'])),
    devDependencies: { vitest: 'catalog:' },
    publishConfig: { access: 'public', provenance: true },
  }
}

function testConfig(references: readonly { path: string }[]): object {
  const others = references.map(({ path }) => ({ path: `../${path}` }))
  return { extends: '../../../tsconfig.test.json', include: ['.'], references: [{ path: '..' }, ...others] }
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
