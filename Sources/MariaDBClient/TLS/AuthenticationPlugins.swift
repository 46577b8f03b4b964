internal import Foundation

/// The authentication methods that a server may request.
package enum AuthenticationPlugins {
  /// Methods that prove a password without sending it.
  package static let proving = [
    "mysql_native_password", "client_ed25519", "parsec", "auth_gssapi_client",
  ]

  /// Methods that send the password itself: in plain, or encrypted with the server's key.
  package static let showing = [
    "mysql_clear_password", "dialog", "sha256_password", "caching_sha2_password",
  ]

  /// The list for a connection, in the format of the client library.
  ///
  /// No list has the hash of MySQL 3.23 (`mysql_old_password`): it can be broken within minutes.
  ///
  /// - Parameter options: the connection
  /// - Returns: names, separated by commas
  static func list(for options: ConnectionOptions) -> String {
    (options.showsPassword ? proving + showing : proving).joined(separator: ",")
  }

  /// The folder of the client library's plugins; nil when unknown.
  package static var folder: String? {
    // Read to its end: the kernel delivers it page by page and reports its size as 0.
    let maps = (try? FileHandle(forReadingAtPath: "/proc/self/maps")?.readToEnd()) ?? Data()
    let library = String(decoding: maps, as: UTF8.self).split(separator: "\n")
      .first { $0.contains("/libmariadb.so") }
    guard let library, let start = library.firstIndex(of: "/") else { return nil }
    let folder = (String(library[start...]) as NSString).deletingLastPathComponent
    return folder + "/libmariadb3/plugin"
  }
}

extension ConnectionOptions {
  /// Whether the server may get the password: it has proved its identity, or is on this machine.
  package var showsPassword: Bool {
    switch tls {
    case .verifyCA, .verifyIdentity: true
    case .off, .preferred, .required: !usesTCP
    }
  }
}
