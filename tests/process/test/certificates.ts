import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Paths of PEM files. */
export interface CertificateFiles {
  readonly ca: string
  readonly cert: string
  readonly key: string
}

/** An authority for one test, and what it signed: one certificate for 127.0.0.1 that serves both sides. */
export class TestAuthority implements AsyncDisposable {
  readonly files: CertificateFiles
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
    this.files = { ca: join(folder, 'ca.pem'), cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
  }

  static async create(): Promise<TestAuthority> {
    const authority = new TestAuthority(await mkdtemp(join(tmpdir(), 'cruster-tls-')))
    await authority.#sign()
    return authority
  }

  /** The texts of the files. */
  async read(): Promise<CertificateFiles> {
    const [ca, cert, key] = await Promise.all(
      [this.files.ca, this.files.cert, this.files.key].map((file) => readFile(file, 'utf8')),
    )
    return { ca: ca ?? '', cert: cert ?? '', key: key ?? '' }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true })
  }

  async #sign(): Promise<void> {
    const { ca, cert, key } = this.files
    const [caKey, request, extensions] = ['ca-key', 'request', 'extensions'].map((name) => join(this.#folder, name))
    await writeFile(extensions!, 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n')
    const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
    openssl('req', '-x509', ...newKey, '-keyout', caKey!, '-out', ca, '-days', '1', '-subj', '/CN=test authority')
    openssl('req', ...newKey, '-keyout', key, '-out', request!, '-subj', '/CN=test')
    const signed = ['-CA', ca, '-CAkey', caKey!, '-CAcreateserial', '-days', '1', '-extfile', extensions!]
    openssl('x509', '-req', '-in', request!, '-out', cert, ...signed)
  }
}

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' })
}
