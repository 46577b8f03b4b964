package import MariaDBClient

/// Waits until a connection is blocked by a row lock.
package enum RowLockWait {
  /// Returns once a connection waits for a row lock that another transaction holds.
  ///
  /// `information_schema.innodb_trx` is unsuitable: it is a copy that the server renews only when
  /// nobody has read it for a tenth of a second, so tests that poll it starve each other.
  ///
  /// - Parameters:
  ///   - connectionId: the connection that waits.
  ///   - observer: another connection, of the owner.
  package static func begins(
    of connectionId: UInt64, seenBy observer: Connection
  ) async throws {
    while true {
      let status = try await observer.query("SHOW ENGINE INNODB STATUS").rows.first?["Status"] ?? ""
      let waits = status.split(separator: "---TRANSACTION ").contains {
        $0.contains("LOCK WAIT") && $0.contains(" thread id \(connectionId),")
      }
      if waits { return }
      try await Task.sleep(for: .milliseconds(5))
    }
  }
}
