package import Backup

/// The notes of a restore on definers that do not exist on the target, and on personal data that
/// were erased after the backup was made: counts and customer ids, no personal data.
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

  /// Reports which customers were erased again, which were not, and what is unknown.
  package static func erasures(
    _ erasures: ErasureReplay?, of backup: BackupManifest
  ) -> [String] {
    guard let erasures else { return [] }
    guard erasures.hasRecord else {
      return [
        "note: personal data that were erased after \(backup.createdAt) are present again, and no"
          + " record of erasures in a schema \(backup.schema) is available: run"
          + " `payops privacy erase` for each customer that the record of the former"
          + " database lists (`payops privacy list`)"
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
          + " \(reasons.joined(separator: ", "))), so the restore is not complete: fix the"
          + " cause (30702: close the case) and run `payops restore --finish`:"
          + " \(list(erasures.refused.map { "\($0.customer)" }, limit: 20))")
    }
    return notes
  }

  /// Reports the differences from the backup.
  ///
  /// - Parameters:
  ///   - findings: the differences
  ///   - verb: the action, such as restored
  package static func findings(_ findings: [String], verb: String) -> [String] {
    findings.prefix(12).map { "note: \(verb), but \($0)" }
      + (findings.count > 12 ? ["note: and \(findings.count - 12) more differences"] : [])
  }

  /// A list of names, cut to a limit.
  private static func list(_ names: [String], limit: Int = 6) -> String {
    let shown = names.prefix(limit).joined(separator: ", ")
    return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
  }
}

extension Restore.Outcome {
  /// Whether everything equals the backup, and no erased customer is present.
  package var isWhole: Bool { findings.isEmpty && (erasures?.refused.isEmpty ?? true) }
}
