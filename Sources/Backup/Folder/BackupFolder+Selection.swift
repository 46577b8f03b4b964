internal import PayopsCore

extension BackupFolder {
  /// The backups that a command is about.
  package struct Selection: Sendable {
    /// The backups.
    package let backups: [BackupManifest]
    /// Names of those whose manifest cannot be read.
    package var unreadable: [String] = []
  }

  /// Finds the backups that are meant.
  ///
  /// - Parameters:
  ///   - id: the backup that is named; nil for none
  ///   - isLatest: whether the newest of the schema is meant
  ///   - isAll: whether all of the folder are meant
  ///   - schema: the schema
  ///   - note: gets what is to be said of the choice
  /// - Throws: ``BackupError`` when there is none, a usage failure unless exactly one way is chosen
  package func selection(
    id: String?, isLatest: Bool, isAll: Bool, schema: String, note: (String) -> Void
  ) throws -> Selection {
    guard [id != nil, isLatest, isAll].count(where: { $0 }) == 1 else {
      throw Fault.usage("say which: a name, --latest or --all")
    }
    if let id { return Selection(backups: [try backup(id)]) }
    let contents = try contents()
    guard isLatest else {
      guard !contents.backups.isEmpty || !contents.unreadable.isEmpty else {
        throw BackupError(
          .noneGood, "there is no backup in \(path)", hint: "run `payops backup create`")
      }
      return Selection(backups: contents.backups, unreadable: contents.unreadable.map(\.name))
    }
    let newest = contents.inOrder(of: schema).last
    let unreadable = contents.unreadable.filter { $0.isOf(schema) }
      .max { $0.sequence ?? 0 < $1.sequence ?? 0 }
    if let unreadable, unreadable.sequence ?? 0 > newest?.sequence ?? 0 {
      return Selection(backups: [try backup(unreadable.name)])
    }
    if let lost = contents.lost(of: schema) {
      note("note: \(lost), the last backup made, is not in \(path) any more")
    }
    guard let newest else {
      throw BackupError(
        .noneGood, "there is no backup of schema \(schema) in \(path)",
        hint: "run `payops backup create`")
    }
    return Selection(backups: [newest])
  }
}
