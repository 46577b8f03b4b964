import Foundation
import Testing

@testable import Backup
@testable import Restore

/// A folder with any number of copies of one backup under other names, at no cost.
struct BackupFolderFixture {
  /// Midnight of the first day.
  static let start: Int64 = 1_790_000_000
  static let day: Int64 = 86_400

  let folder: BackupFolder
  private let sample: BackupSample

  init() async throws {
    sample = try await TruthSource.plain.sample()
    folder = try BackupSample.newFolder()
  }

  /// Adds a backup to the folder.
  ///
  /// - Parameters:
  ///   - sequence: its number.
  ///   - day: the day of its snapshot.
  ///   - schema: the schema that its manifest names.
  ///   - state: its state.
  ///   - kind: why it was created; nil as in manifests of older versions.
  @discardableResult
  func add(
    _ sequence: Int, day: Int, schema: String = "shop",
    state: BackupManifest.Verification.State = .verified, kind: BackupKind? = .manual
  ) throws -> BackupManifest {
    let instant = Self.start + Int64(day) * Self.day
    let id = BackupName.make(
      schema: schema, timestamp: Timestamp.compact(instant), sequence: sequence)
    let copy = try sample.withManifest { fields in
      fields["id"] = id
      fields["schema"] = schema
      fields["sequence"] = sequence
      fields["createdEpoch"] = nil
      fields["created_epoch"] = instant
      fields["created_at"] = Timestamp.text(instant)
      fields["kind"] = kind?.rawValue
      fields["verification"] = [
        "state": state.rawValue, "verified_at": Timestamp.text(instant), "findings": [] as [Any],
      ]
    }
    try FileManager.default.moveItem(
      atPath: "\(copy.folder.path)/\(id)", toPath: "\(folder.path)/\(id)")
    try folder.update(copy.manifest)
    return copy.manifest
  }

  /// The numbers of the existing backups.
  var numbers: [Int] {
    get throws { try folder.contents().backups.map(\.sequence) }
  }
}
