package import Tabular

extension BackupAnchor {
  /// The lines that ``add(file:)`` reads, one for each backup.
  package static func text(of backups: [BackupManifest]) throws -> String {
    try backups.map { "\($0.id) \($0.sequence) \(try $0.hash)\n" }.joined()
  }

  /// The same for programs.
  package static func json(of backups: [BackupManifest]) throws -> JSON {
    .array(
      try backups.map {
        .pairs([
          "id": .string($0.id), "sequence": .integer($0.sequence), "hash": .string(try $0.hash),
        ])
      })
  }
}
