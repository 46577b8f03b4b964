package import PayopsCore

/// Where a server is, who connects, and how.
package struct ConnectionOptions: Sendable, Equatable {
  /// Host name or address; nil for a Unix socket.
  package var host: String?
  /// TCP port; nil for the usual 3306.
  package var port: Int?
  /// Path of the Unix socket; nil for the library's usual one.
  package var socket: String?
  /// Account name; nil for the name of the operating-system user.
  package var user: String?
  /// Password; nil for none.
  package var password: Secret?
  /// Schema selected at the start; nil for none.
  package var database: String?
  /// How far the connection insists on encryption.
  package var tls: TLSMode
  /// Path of the certificate authority's PEM file.
  package var tlsCA: String?
  /// Path of the client certificate's PEM file.
  package var tlsCert: String?
  /// Path of the client key's PEM file.
  package var tlsKey: String?
  /// Limit for establishing a connection.
  package var connectTimeoutSeconds: Int
  /// The replica for read queries; nil for the same server.
  package var readEndpoint: ReadEndpoint?
  /// The job run that the connection works for; nil for none.
  package var jobFence: JobFence?

  /// Describes a connection; omitted options have their defaults.
  package init(
    host: String? = nil, port: Int? = nil, socket: String? = nil, user: String? = nil,
    password: Secret? = nil, database: String? = nil, tls: TLSMode = .preferred,
    tlsCA: String? = nil, tlsCert: String? = nil, tlsKey: String? = nil,
    connectTimeoutSeconds: Int = 10
  ) {
    self.host = host
    self.port = port
    self.socket = socket
    self.user = user
    self.password = password
    self.database = database
    self.tls = tls
    self.tlsCA = tlsCA
    self.tlsCert = tlsCert
    self.tlsKey = tlsKey
    self.connectTimeoutSeconds = connectTimeoutSeconds
  }

  /// Whether the connection goes over TCP.
  ///
  /// A host other than `localhost` means TCP; `localhost` means TCP only when a port is given and
  /// no socket, as with MariaDB's own clients.
  package var usesTCP: Bool {
    guard let host, !host.isEmpty else { return socket == nil && port != nil }
    if host.lowercased() != "localhost" { return true }
    return socket == nil && port != nil
  }

  /// The server's address, for messages: `db.example:3306` or the path of the socket.
  package var endpoint: String {
    if usesTCP {
      let name = host ?? "localhost"
      return "\(name.contains(":") ? "[\(name)]" : name):\(port ?? 3306)"
    }
    return socket ?? "the local socket"
  }
}

extension ConnectionOptions {
  /// The lines of an option file that say where the server is and how it proves itself, without
  /// account and password.
  package var optionFileLines: [String] {
    var lines: [String] = []
    if let socket { lines.append("socket=\(socket)") }
    if let host { lines.append("host=\(host)") }
    if let port { lines.append("port=\(port)") }
    if let tlsCA { lines.append("ssl-ca=\(tlsCA)") }
    return lines
  }
}
