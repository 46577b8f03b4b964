/// The contents of a folder of backups, with the condition of their data.
package struct BackupSurvey: Sendable {
  /// Everything in the folder.
  package let contents: BackupFolder.Contents
  /// The folder, as the user named it.
  package let path: String
  private let data: [String: DataCondition]

  /// Examines every backup.
  ///
  /// - Parameters:
  ///   - folder: the folder
  ///   - readsAll: whether the data are read to their end, to compare SHA-256
  ///   - schema: the schema whose data are examined; nil for all
  package init(_ folder: BackupFolder, readsAll: Bool, schema: String? = nil) throws {
    contents = try folder.contents()
    path = folder.path
    var data: [String: DataCondition] = [:]
    for backup in contents.backups where schema == nil || backup.schema == schema {
      try Task.checkCancellation()
      data[backup.id] = folder.look(at: backup, readsAll: readsAll)
    }
    self.data = data
  }

  /// The condition of a backup's data.
  package func condition(of backup: BackupManifest) -> DataCondition { data[backup.id] ?? .whole }

  /// All problems of the folder, one sentence each.
  package var problems: [String] {
    problems(contents.backups, contents.unreadable, contents.lost)
  }

  /// Problems of the regular backups of a schema.
  package func problems(of schema: String) -> [String] {
    problems(
      contents.inOrder(of: schema), contents.unreadable.filter { $0.isOf(schema) },
      contents.lost(of: schema).map { [$0] } ?? [])
  }

  private func problems(
    _ backups: [BackupManifest], _ unreadable: [UnreadableBackup], _ lost: [String]
  ) -> [String] {
    unreadable.map { "\($0.name) is not a usable backup: \($0.reason)" }
      + backups.compactMap { backup in
        let condition = condition(of: backup)
        return condition.isWhole ? nil : "the data of \(backup.id) \(condition.reason)"
      } + lost.map { "\($0), the last backup made, is not in \(path) any more" }
  }
}
