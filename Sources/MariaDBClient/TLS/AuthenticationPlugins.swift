internal import Foundation

/// The ways of proving a password that a server may ask for.
package enum AuthenticationPlugins {
  /// Those that prove a password without showing it.
  package static let proving = [
    "mysql_native_password", "client_ed25519", "parsec", "auth_gssapi_client",
  ]

  /// Those that hand the password to whoever asks: in the packet, or under a key of the server's.
  package static let showing = [
    "mysql_clear_password", "dialog", "sha256_password", "caching_sha2_password",
  ]

  /// The list for a connection, as the client library takes it.
  ///
  /// The hash of MySQL 3.23 (`mysql_old_password`) is in none: it is broken within minutes.
  ///
  /// - Parameter options: the connection
  /// - Returns: names, separated by commas
  static func list(for options: ConnectionOptions) -> String {
    (options.showsPassword ? proving + showing : proving).joined(separator: ",")
  }

  /// Where the plugins of the client library lie; nil when that cannot be told.
  package static var folder: String? {
    // Read to its end: the kernel hands it out by the page, and its size counts as none.
    let maps = (try? FileHandle(forReadingAtPath: "/proc/self/maps")?.readToEnd()) ?? Data()
    let library = String(decoding: maps, as: UTF8.self).split(separator: "\n")
      .first { $0.contains("/libmariadb.so") }
    guard let library, let start = library.firstIndex(of: "/") else { return nil }
    let folder = (String(library[start...]) as NSString).deletingLastPathComponent
    return folder + "/libmariadb3/plugin"
  }
}

extension ConnectionOptions {
  /// Whether the password may be shown to the server: it has proved who it is, or is on this machine.
  package var showsPassword: Bool {
    switch tls {
    case .verifyCA, .verifyIdentity: true
    case .off, .preferred, .required: !usesTCP
    }
  }
}
