import Backup
import Health
import Restore

/// What a restore says of definers that do not exist where it restores.
enum DefinerNote {
  /// Names the objects of a backup that would get another definer.
  static func say(_ missing: [DefinedObject], _ console: Console) {
    let objects = Dictionary(grouping: missing, by: \.definer)
    for (definer, objects) in objects.sorted(by: { $0.key < $1.key }) {
      console.note(
        "note: \(definer) does not exist here: \(list(objects.map(\.object))) would belong to the"
          + " account that restores")
    }
  }

  /// Names the objects that got another definer.
  static func say(replaced: Set<ReplacedDefiner>, _ console: Console) {
    let objects = Dictionary(grouping: replaced, by: \.definer)
    for (definer, objects) in objects.sorted(by: { $0.key < $1.key }) {
      console.note(
        "note: \(definer) does not exist here: \(list(objects.map(\.object))) now belong to"
          + " \(objects[0].owner), and run with its rights")
    }
  }

  /// Names objects of a backup whose definer does not exist.
  static func say(orphans: [BackupManifest.Orphan], _ console: Console) {
    for orphan in orphans.prefix(12) { console.note("note: \(orphan.sentence)") }
    if orphans.count > 12 {
      console.note("note: and \(orphans.count - 12) more objects of accounts that do not exist")
    }
  }

  private static func list(_ names: [String]) -> String {
    Examination.list(names.sorted(), limit: 6)
  }
}
