package import MariaDBClient

extension Connection {
  /// Opens a connection that may be idle for as long as a backup or a restore takes: the server
  /// closes others after its `wait_timeout`, and with them their locks and snapshots.
  package static func openLasting(_ options: ConnectionOptions) async throws -> Connection {
    let connection = try await open(options)
    do {
      try await connection.execute("SET SESSION wait_timeout = 604800")
      return connection
    } catch {
      await connection.close()
      throw error
    }
  }
}
