package import Backup

/// What a restore says of owners that do not exist where it restores, and of personal data that were
/// erased after the backup was made: counts and numbers of customers, nothing that is personal.
package enum RestoreNotes {
  /// Names the objects of a backup that would get another definer.
  package static func missing(_ missing: [DefinedObject]) -> [String] {
    let objects = Dictionary(grouping: missing, by: \.definer)
    return objects.sorted { $0.key < $1.key }.map { definer, objects in
      "note: \(definer) does not exist here: \(list(objects.map(\.object).sorted())) would belong to"
        + " the account that restores"
    }
  }

  /// Names the objects that got another definer.
  package static func replaced(_ replaced: Set<ReplacedDefiner>) -> [String] {
    let objects = Dictionary(grouping: replaced, by: \.definer)
    return objects.sorted { $0.key < $1.key }.map { definer, objects in
      "note: \(definer) does not exist here: \(list(objects.map(\.object).sorted())) now belong to"
        + " \(objects[0].owner), and run with its rights"
    }
  }

  /// Names objects of a backup whose definer does not exist.
  package static func orphans(_ orphans: [BackupManifest.Orphan]) -> [String] {
    orphans.prefix(12).map { "note: \($0.sentence)" }
      + (orphans.count > 12
        ? ["note: and \(orphans.count - 12) more objects of accounts that do not exist"] : [])
  }

  /// Says what was erased again, what was not, and what nobody can know.
  package static func erasures(
    _ erasures: ErasureReplay?, of backup: BackupManifest
  ) -> [String] {
    guard let erasures else { return [] }
    guard erasures.hasRecord else {
      return [
        "note: personal data that were erased after \(backup.createdAt) are there again, and no"
          + " record of erasures in a schema \(backup.schema) is at hand: run `payops privacy erase`"
          + " for each customer that the record of the former database names (`payops privacy list`)"
      ]
    }
    var notes: [String] = []
    if !erasures.erased.isEmpty {
      notes.append(
        "note: \(erasures.erased.count) customers were erased"
          + (erasures.isExact
            ? " after the backup was made" : " at most an hour before the backup or later")
          + ", and were erased again: \(list(erasures.erased.map(String.init), limit: 20))")
    }
    if erasures.absentCount > 0 {
      notes.append(
        "note: \(erasures.absentCount) more customers were erased who are not in the backup")
    }
    if !erasures.refused.isEmpty {
      let reasons = Set(erasures.refused.map(\.errno)).sorted().map(String.init)
      notes.append(
        "note: \(erasures.refused.count) customers could NOT be erased again (error"
          + " \(reasons.joined(separator: ", "))), so that the restore is not over: put that right (30702:"
          + " close the case) and run `payops restore --finish`:"
          + " \(list(erasures.refused.map { "\($0.customer)" }, limit: 20))")
    }
    return notes
  }

  /// Says what differs from the backup.
  ///
  /// - Parameters:
  ///   - findings: the differences
  ///   - verb: what was done, such as restored
  package static func findings(_ findings: [String], verb: String) -> [String] {
    findings.prefix(12).map { "note: \(verb), but \($0)" }
      + (findings.count > 12 ? ["note: and \(findings.count - 12) more differences"] : [])
  }

  /// Names, at most so many of them.
  private static func list(_ names: [String], limit: Int = 6) -> String {
    let shown = names.prefix(limit).joined(separator: ", ")
    return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
  }
}

extension Restore.Outcome {
  /// Whether everything is as it was backed up, and nobody is there who was erased.
  package var isWhole: Bool { findings.isEmpty && (erasures?.refused.isEmpty ?? true) }
}
