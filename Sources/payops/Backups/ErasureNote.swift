import Backup
import MariaDBClient

/// What a restore has to say of personal data that were erased after the backup was made: it
/// brings them back.
enum ErasureNote {
  /// The sentence; nil for a backup of a schema that keeps no erasures.
  ///
  /// - Parameters:
  ///   - backup: what is restored.
  ///   - schema: the schema whose record of erasures is read; it may be the one that is replaced.
  static func text(
    for backup: BackupManifest, recordedIn schema: String, options: ConnectionOptions
  ) async -> String? {
    guard backup.tables.contains(where: { $0.name == "privacy_erasures" }) else { return nil }
    guard let customers = await customers(after: backup, in: schema, options) else {
      return "personal data that were erased after \(backup.createdAt) are there again:"
        + " erase them anew with `payops privacy erase`"
    }
    guard !customers.isEmpty else { return nil }
    return "\(customers.count) customers were erased after the backup was made and are there again:"
      + " `payops privacy erase` them anew: \(customers.prefix(20).joined(separator: ", "))"
      + (customers.count > 20 ? ", …" : "")
  }

  /// Customers that were erased later; nil when nobody knows.
  private static func customers(
    after backup: BackupManifest, in schema: String, _ options: ConnectionOptions
  ) async -> [String]? {
    var options = options
    options.database = schema
    guard let connection = try? await Connection.open(options) else { return nil }
    let instant = backup.createdAt.replacing("T", with: " ").replacing("Z", with: "")
    let rows = try? await connection.query(
      "SELECT DISTINCT customer_id AS id FROM privacy_erasures WHERE erased_at >= ? ORDER BY id",
      [.text(instant)]
    ).rows
    await connection.close()
    return rows.map { $0.compactMap { $0["id"] } }
  }
}
