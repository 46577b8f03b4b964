internal import Foundation

/// A folder's record of its backups, existing or not: a line of JSON in its lock file.
struct FolderRecord: Codable, Equatable {
  /// The highest number that was given to a backup.
  package var last = 0
  /// The last regular backup of each schema.
  var newest: [String: String] = [:]

  init() {}

  /// Reads a record; an invalid one counts as that of a new folder.
  init(_ data: Data) {
    let line = data.prefix { $0 != 0x0a }
    self = (try? JSONDecoder().decode(FolderRecord.self, from: line)) ?? FolderRecord()
  }

  /// The record as a line.
  package var line: Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return ((try? encoder.encode(self)) ?? Data()) + [0x0a]
  }

  /// The record after a backup was published.
  package func with(_ manifest: BackupManifest) -> FolderRecord {
    var record = self
    record.last = max(last, manifest.sequence)
    if manifest.isInOrder { record.newest[manifest.schema] = manifest.id }
    return record
  }
}
