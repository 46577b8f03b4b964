package import MariaDBClient
internal import PayopsCore
package import Tabular

extension AlertSilence {
  /// Silences, those that end first on top.
  ///
  /// - Parameters:
  ///   - all: whether to include expired silences
  ///   - connection: connection with the schema selected
  /// - Returns: rows of `ops_silences`
  package static func table(all: Bool, on connection: Connection) async throws -> DataTable {
    DataTable(
      try await connection.query(
        "SELECT * FROM ops_silences WHERE ? = 1 OR ends_at > as_of()"
          + " ORDER BY ends_at > as_of() DESC, ends_at, silence_id", [.integer(all ? 1 : 0)]))
  }

  /// Ends a silence now.
  ///
  /// - Returns: its row of `ops_silences`
  /// - Throws: ``Fault`` when the silence does not exist or has expired
  package static func end(_ number: Int64, on connection: Connection) async throws -> DataTable {
    do {
      _ = try await connection.query("CALL end_silence(?)", [.integer(number)])
    } catch {
      guard error.errno == 30653 else { throw error }
      throw Fault.usage(
        "silence \(number) does not exist or has expired", hint: "see `payops alerts silences`")
    }
    return DataTable(
      try await connection.query(
        "SELECT * FROM ops_silences WHERE silence_id = ?", [.integer(number)]))
  }
}
