/// What is in a folder of backups, with what can be seen of their data.
package struct BackupSurvey: Sendable {
  /// Everything in the folder.
  package let contents: BackupFolder.Contents
  /// The folder, as it was named.
  package let path: String
  private let data: [String: DataCondition]

  /// Looks at every backup.
  ///
  /// - Parameters:
  ///   - folder: the folder
  ///   - readsAll: whether the data are read to their end, to compare SHA-256
  ///   - schema: the schema whose data are looked at; nil for all
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

  /// What can be seen of the data of a backup.
  package func condition(of backup: BackupManifest) -> DataCondition { data[backup.id] ?? .whole }

  /// Everything that is wrong with the folder, a sentence each.
  package var problems: [String] {
    problems(contents.backups, contents.unreadable, contents.lost)
  }

  /// What is wrong with the backups of a schema that follow each other.
  package func problems(of schema: String) -> [String] {
    problems(
      contents.inOrder(of: schema), contents.unreadable.filter { $0.isOf(schema) },
      contents.lost(of: schema).map { [$0] } ?? [])
  }

  private func problems(
    _ backups: [BackupManifest], _ unreadable: [UnreadableBackup], _ lost: [String]
  ) -> [String] {
    unreadable.map { "\($0.name) is no usable backup: \($0.reason)" }
      + backups.compactMap { backup in
        let condition = condition(of: backup)
        return condition.isWhole ? nil : "the data of \(backup.id) \(condition.reason)"
      } + lost.map { "\($0), the last backup made, is not in \(path) any more" }
  }
}
