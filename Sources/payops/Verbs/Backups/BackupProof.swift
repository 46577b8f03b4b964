import Backup
import EmbeddedServer
import Foundation
import MariaDBClient
import Tabular

/// What a restore and a verification know of a backup beyond its folder.
enum BackupProof {
  static let unsealed = Flag(
    "unsealed", help: "accept an encrypted backup of an older version, which has no seal")
  static let anchor = Option.path(
    "anchor", "FILE", "what `payops backup anchor` printed: the backups that must be there")

  /// Makes sure that a backup is what is known of it, as far as anything is known.
  ///
  /// - Parameters:
  ///   - backup: the backup.
  ///   - isNewest: whether it was chosen as the newest, which only others than the folder can prove.
  static func check(
    _ backup: BackupManifest, isNewest: Bool, _ invocation: Invocation
  ) async throws {
    let folder = invocation.backupFolder
    if let key = try invocation.backupKey(),
      let note = try BackupSeal.note(on: backup, key: key, allowsUnsealed: invocation[unsealed])
    {
      invocation.console.note(note)
    }
    var known = BackupAnchor()
    for path in invocation.all(anchor) { try known.add(file: path) }
    let hasRegister = await register(of: backup.schema, into: &known, invocation)
    let hasSource = hasRegister || !invocation.all(anchor).isEmpty
    if let note = try known.note(
      on: backup, isNewest: isNewest, in: folder, hasSource: hasSource)
    {
      invocation.console.note(note)
    }
  }

  /// Adds what the database knows; a database that is not there is why one restores.
  private static func register(
    of schema: String, into known: inout BackupAnchor, _ invocation: Invocation
  ) async -> Bool {
    do {
      var options = try await DatabaseTarget(for: invocation).connectionOptions()
      options.database = schema
      let connection = try await Connection.open(options)
      do {
        let found = try await known.add(registerOn: connection, schema: schema)
        await connection.close()
        return found
      } catch {
        await connection.close()
        return false
      }
    } catch {
      return false
    }
  }
}

/// `payops backup anchor`.
struct BackupAnchorVerb: Verb {
  let name = "anchor"
  let summary = "print the hash of each backup, to be kept elsewhere"
  let discussion = """
    A folder cannot show that its newest backup is the newest: whoever may write there can
    take the newer ones away. Keep these lines elsewhere, and give them to
    `payops restore --anchor FILE`, which then refuses a backup that was changed, and one
    that is not the newest.

      payops backup anchor | ssh elsewhere 'cat >> backups.anchor'
    """
  let options = [BackupOptions.dir.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let backups = try invocation.backupFolder.contents().backups
    if invocation.console.isJSON {
      try invocation.console.write(
        JSON.array(
          backups.map {
            .pairs([
              "id": .string($0.id), "sequence": .integer($0.sequence), "hash": .string(try $0.hash),
            ])
          }
        ).lines)
    } else {
      for backup in backups {
        try invocation.console.write("\(backup.id) \(backup.sequence) \(backup.hash)\n")
      }
    }
    return .ok
  }
}
