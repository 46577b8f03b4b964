internal import PayopsCore

extension BackupFolder {
  /// The backups that a command names.
  package struct Selection: Sendable {
    /// The backups.
    package let backups: [BackupManifest]
    /// Names of those whose manifest cannot be read.
    package var unreadable: [String] = []
  }

  /// Finds the backups that a command names.
  ///
  /// - Parameters:
  ///   - id: the named backup; nil for none
  ///   - isLatest: whether the command asks for the newest of the schema
  ///   - isAll: whether it asks for all backups of the folder
  ///   - schema: the schema
  ///   - note: receives notes on the choice
  /// - Throws: ``BackupError`` without such a backup; a usage failure unless exactly one way is
  ///   chosen
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
