/// How far a connection insists on encryption.
package enum TLSMode: String, Sendable, Equatable, CaseIterable {
  /// Never encrypt.
  case off
  /// Encrypt when the server can; never over a Unix socket.
  case preferred
  /// Refuse a server that does not encrypt; the certificate is not checked.
  case required
  /// Also refuse a certificate that the given authority has not signed.
  case verifyCA = "verify-ca"
  /// Also refuse a certificate that is not for the requested host.
  case verifyIdentity = "verify-identity"

  /// Whether a plaintext connection must be refused.
  package var refusesPlaintext: Bool {
    switch self {
    case .off, .preferred: false
    case .required, .verifyCA, .verifyIdentity: true
    }
  }
}
