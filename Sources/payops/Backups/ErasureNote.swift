import Backup
import Health
import Restore

/// What a restore says of personal data that were erased after the backup was made: counts and
/// numbers of customers, nothing that is personal.
enum ErasureNote {
  /// Says what was erased again, what was not, and what nobody can know.
  static func say(_ erasures: ErasureReplay?, of backup: BackupManifest, _ console: Console) {
    guard let erasures else { return }
    guard erasures.hasRecord else {
      console.note(
        "note: personal data that were erased after \(backup.createdAt) are there again, and no"
          + " record of erasures in a schema \(backup.schema) is at hand: run `payops privacy erase`"
          + " for each customer that the record of the former database names (`payops privacy list`)"
      )
      return
    }
    if !erasures.erased.isEmpty {
      console.note(
        "note: \(erasures.erased.count) customers were erased"
          + (erasures.isExact
            ? " after the backup was made" : " at most an hour before the backup or later")
          + ", and were erased again: \(list(erasures.erased))")
    }
    if erasures.absentCount > 0 {
      console.note(
        "note: \(erasures.absentCount) more customers were erased who are not in the backup")
    }
    if !erasures.refused.isEmpty {
      let reasons = Set(erasures.refused.map(\.errno)).sorted().map(String.init)
      console.note(
        "note: \(erasures.refused.count) customers could NOT be erased again (error"
          + " \(reasons.joined(separator: ", "))), so that the restore is not over: put that right (30702:"
          + " close the case) and run `payops restore --finish`:"
          + " \(list(erasures.refused.map(\.customer)))")
    }
  }

  private static func list(_ customers: [Int64]) -> String {
    Examination.list(customers.map { "\($0)" }, limit: 20)
  }
}

extension Restore.Outcome {
  /// Whether everything is as it was backed up, and nobody is there who was erased.
  var isWhole: Bool { findings.isEmpty && (erasures?.refused.isEmpty ?? true) }
}
