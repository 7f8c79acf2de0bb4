import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { readConfig } from '../../../apps/chess/src/config.ts'

const root = new URL('../../../', import.meta.url)
const folder = new URL('deploy/kubernetes/', root)

interface Labels {
  readonly app: string
}

interface Container {
  readonly image: string
  readonly command?: readonly string[]
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[]
  readonly env: readonly {
    readonly name: string
    readonly value?: string
    readonly valueFrom?: {
      readonly fieldRef?: { readonly fieldPath: string }
      readonly secretKeyRef?: { readonly name: string; readonly key: string }
    }
  }[]
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[]
  readonly lifecycle: { readonly preStop: { readonly exec: { readonly command: readonly string[] } } }
  readonly resources: { readonly requests: object; readonly limits: object }
  readonly readinessProbe: Probe
  readonly livenessProbe: Probe
  readonly startupProbe?: Probe
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string }
}

/** As much of a manifest as is looked at here. */
interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly stringData?: Readonly<Record<string, string>>
  readonly spec: {
    readonly replicas: number
    readonly serviceName?: string
    readonly selector: { readonly matchLabels: Labels } & Labels
    readonly maxUnavailable: number
    readonly secretName?: string
    readonly dnsNames?: readonly string[]
    readonly ports: readonly { readonly port: number; readonly targetPort?: string }[]
    readonly podSelector: { readonly matchLabels: Labels }
    readonly strategy: { readonly rollingUpdate: { readonly maxUnavailable: number } }
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[]
    readonly template: {
      readonly metadata: { readonly labels: Labels }
      readonly spec: {
        readonly terminationGracePeriodSeconds: number
        readonly containers: readonly [Container]
        readonly volumes?: readonly { readonly name: string; readonly secret: { readonly secretName: string } }[]
      }
    }
  }
}

function documentsIn(url: URL): unknown[] {
  const documents = parseAllDocuments(readFileSync(url, 'utf8'), { uniqueKeys: true })
  if (!Array.isArray(documents)) return []
  return documents.map((document) => {
    expect([...document.errors, ...document.warnings]).toEqual([])
    return document.toJS() as unknown
  })
}

const all = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml'))
  .flatMap((file) => documentsIn(new URL(file, folder)) as Manifest[])

const named = (kind: string, name: string): Manifest => {
  const found = all.find((manifest) => manifest.kind === kind && manifest.metadata.name === name)
  if (found === undefined) throw new Error(`There is no ${kind} ${name}.`)
  return found
}

const workloads = all.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet')
const containerOf = ({ spec }: Manifest): Container => spec.template.spec.containers[0]
const seconds = (ms: number): number => ms / 1000

/** What the process gets, with an address and a name as pods have them. */
function environmentOf({ env }: Container): Readonly<Record<string, string>> {
  const fields: Readonly<Record<string, string>> = { 'status.podIP': '10.1.2.3', 'metadata.name': 'chess-0' }
  const valueOf = ({ value, valueFrom = {} }: Container['env'][number]): string => {
    const { fieldRef, secretKeyRef } = valueFrom
    if (fieldRef !== undefined) return fields[fieldRef.fieldPath] ?? ''
    if (secretKeyRef !== undefined) return named('Secret', secretKeyRef.name).stringData?.[secretKeyRef.key] ?? ''
    return (value ?? '').replace('$(POD_IP)', '10.1.2.3')
  }
  return Object.fromEntries(env.map((variable) => [variable.name, valueOf(variable)]))
}

describe('the manifests for Kubernetes', () => {
  it('are objects with a kind and a name, each once', () => {
    const keys = all.map(({ apiVersion, kind, metadata }) => `${apiVersion} ${kind} ${metadata.name}`)

    expect(keys.every((key) => !key.includes('undefined'))).toBe(true)
    expect(new Set(keys).size).toBe(keys.length)
    expect(workloads.map(({ metadata }) => metadata.name).toSorted()).toEqual(['chess', 'etcd'])
  })

  it('select pods that there are', () => {
    const apps = new Set(workloads.map(({ spec }) => spec.template.metadata.labels.app))
    for (const { spec } of workloads) expect(spec.selector.matchLabels).toEqual(spec.template.metadata.labels)
    for (const { kind, spec } of all) {
      if (kind === 'Service') expect(apps).toContain(spec.selector.app)
      if (kind === 'PodDisruptionBudget') expect(apps).toContain(spec.selector.matchLabels.app)
      if (kind === 'NetworkPolicy') expect(apps).toContain(spec.podSelector.matchLabels.app)
    }
  })

  it.each(workloads.map((manifest) => [manifest.metadata.name, manifest] as const))(
    '%s: ports, probes, memory and volumes fit together',
    (name, manifest) => {
      const container = containerOf(manifest)
      const ports = container.ports.map((port) => port.name)
      const { readinessProbe, livenessProbe, startupProbe } = container
      for (const probe of [readinessProbe, livenessProbe, ...(startupProbe === undefined ? [] : [startupProbe])]) {
        expect(ports).toContain(probe.httpGet.port)
      }
      for (const { targetPort, port } of named('Service', name).spec.ports) {
        if (targetPort === undefined) expect(container.ports.map(({ containerPort }) => containerPort)).toContain(port)
        else expect(ports).toContain(targetPort)
      }
      const { volumes = [] } = manifest.spec.template.spec
      const claims = manifest.spec.volumeClaimTemplates ?? []
      const available = [...volumes.map((volume) => volume.name), ...claims.map(({ metadata }) => metadata.name)]
      for (const mount of container.volumeMounts) expect(available).toContain(mount.name)
      expect(container.resources).toMatchObject({ requests: { memory: expect.any(String) } })
      expect(container.resources).toMatchObject({ limits: { memory: expect.any(String) } })
      expect(container.image).toMatch(/:v?\d/)
    },
  )

  it('let a node be drained, and an update go on, without a gap', () => {
    for (const workload of workloads) {
      const budget = named('PodDisruptionBudget', workload.metadata.name)
      expect(budget.spec.maxUnavailable).toBe(1)
      expect(workload.spec.replicas).toBeGreaterThanOrEqual(3)
    }
    expect(named('Deployment', 'chess').spec.strategy.rollingUpdate.maxUnavailable).toBe(0)
  })

  it('give a runner the time to hand over that it takes at most', () => {
    const { spec } = named('Deployment', 'chess').spec.template
    const { command } = spec.containers[0].lifecycle.preStop.exec
    // terminationTimeout, 5 s for the goodbye to the cluster, and 5 s for the last requests of HTTP.
    const longest = Number(command[1]) + seconds(15_000 + 5000 + 5000)

    expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(longest)
  })

  it('set variables that the program understands, from secrets that there are', () => {
    const deployment = named('Deployment', 'chess')
    const env = environmentOf(containerOf(deployment))
    const { runtime, host, port, name } = readConfig(env)

    expect({ host, port, name }).toEqual({ host: '0.0.0.0', port: 3000, name: 'chess-0' })
    expect(runtime).toMatchObject({ kind: 'cluster', address: '10.1.2.3:9000', tlsName: 'chess-runner' })
    const known = Object.keys(env).filter((key) => !['POD_IP', 'NODE_OPTIONS'].includes(key))
    for (const key of known) expect(readFileSync(new URL('apps/chess/src/config.ts', root), 'utf8')).toContain(key)
    const certificate = named('Certificate', 'chess-runner')
    const volumes = deployment.spec.template.spec.volumes ?? []
    expect(volumes.map(({ secret }) => secret.secretName)).toEqual([certificate.spec.secretName])
    expect(certificate.spec.dnsNames).toEqual([env['CLUSTER_TLS_NAME']])
  })

  it('name every member of etcd to the runners and to each other', () => {
    const etcd = named('StatefulSet', 'etcd')
    const members = Array.from({ length: etcd.spec.replicas }, (_, index) => `etcd-${index}`)
    const endpoints = containerOf(named('Deployment', 'chess')).env.find(({ name }) => name === 'ETCD_ENDPOINTS')
    const initial = containerOf(etcd).command?.find((flag) => flag.startsWith('--initial-cluster=')) ?? ''

    expect(etcd.spec.serviceName).toBe('etcd')
    expect(endpoints?.value?.split(',')).toEqual(members.map((member) => `http://${member}.etcd:2379`))
    expect(initial).toBe(`--initial-cluster=${members.map((name) => `${name}=http://${name}.etcd:2380`).join(',')}`)
  })
})

describe('compose.yaml', () => {
  interface Service {
    readonly image: string
    readonly ports: readonly string[]
    readonly healthcheck?: { readonly test: readonly string[] }
    readonly volumes: readonly string[]
  }
  const [compose] = documentsIn(new URL('compose.yaml', root)) as [
    { services: Record<string, Service>; volumes: Record<string, null> },
  ]

  it('has a PostgreSQL and an etcd that can be used, with checks, for this machine only', () => {
    const { postgres, etcd } = compose.services

    expect(Number(/^postgres:(\d+)/.exec(postgres?.image ?? '')?.[1])).toBeGreaterThanOrEqual(14)
    expect(etcd?.image).toMatch(/:v3\.([4-9]|\d\d)\./)
    for (const service of Object.values(compose.services)) {
      expect(service.healthcheck?.test[0]).toBe('CMD')
      for (const port of service.ports) expect(port).toMatch(/^127\.0\.0\.1:/)
      for (const volume of service.volumes) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0])
    }
  })
})
