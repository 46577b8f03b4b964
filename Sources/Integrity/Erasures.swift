package import MariaDBClient
package import Tabular

/// Erasures of personal data, and their proofs.
package enum Erasures {
  /// Erases the personal data of a customer.
  ///
  /// - Returns: the proof: one row
  package static func erase(_ customer: Int64, on connection: Connection) async throws -> DataTable
  {
    DataTable(try await connection.query("CALL erase_customer(?)", [.integer(customer)]))
  }

  /// All erasures with their proofs.
  package static func list(on connection: Connection) async throws -> DataTable {
    DataTable(
      try await connection.query(
        """
        SELECT erasure_id, customer_id, erased_at, erased_by, searched_column_count,
          table_counts, digest
        FROM privacy_erasures ORDER BY erasure_id
        """))
  }
}
