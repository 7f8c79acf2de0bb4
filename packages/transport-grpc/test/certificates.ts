import { md, pki } from 'node-forge'

/** A certificate with its key, as PEM. */
export interface Identity {
  readonly cert: string
  readonly key: string
}

/** Signs certificates for names on this machine. Made anew for each run: no key is ever committed. */
export class Authority {
  readonly ca: string
  readonly #key: pki.rsa.PrivateKey
  readonly #name: string

  constructor(name: string) {
    const keys = pki.rsa.generateKeyPair(2048)
    this.#key = keys.privateKey
    this.#name = name
    const certificate = certificateFor(name, keys.publicKey)
    certificate.setIssuer(subject(name))
    certificate.setExtensions([{ name: 'basicConstraints', cA: true }])
    this.ca = signed(certificate, this.#key)
  }

  /** An identity for the loopback address and another name. */
  issue(name: string): Identity {
    const keys = pki.rsa.generateKeyPair(2048)
    const certificate = certificateFor(name, keys.publicKey)
    certificate.setIssuer(subject(this.#name))
    const altNames = [
      { type: 2, value: name },
      { type: 7, ip: '127.0.0.1' },
    ]
    certificate.setExtensions([{ name: 'subjectAltName', altNames }])
    return { cert: signed(certificate, this.#key), key: pki.privateKeyToPem(keys.privateKey) }
  }
}

function certificateFor(name: string, publicKey: pki.rsa.PublicKey): pki.Certificate {
  const certificate = pki.createCertificate()
  certificate.publicKey = publicKey
  certificate.serialNumber = `01${Buffer.from(name).toString('hex')}`
  certificate.validity.notBefore = new Date(Date.now() - 3_600_000)
  certificate.validity.notAfter = new Date(Date.now() + 3_600_000)
  certificate.setSubject(subject(name))
  return certificate
}

function signed(certificate: pki.Certificate, key: pki.rsa.PrivateKey): string {
  certificate.sign(key, md.sha256.create())
  return pki.certificateToPem(certificate)
}

const subject = (name: string): pki.CertificateField[] => [{ name: 'commonName', value: name }]
