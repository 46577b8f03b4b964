import Foundation
import PayopsCore
package import Tabular

/// How backups are printed.
package enum BackupListing {
  /// The columns of a list, for people and programs.
  package static func table(_ survey: BackupSurvey, now: Int64) -> DataTable {
    let columns = [
      ("id", false), ("created_at", false), ("age_hours", true), ("state", false),
      ("stored_bytes", true), ("raw_bytes", true), ("rows", true), ("dump_seconds", true),
      ("restore_seconds", true), ("encrypted", false), ("pinned", false), ("kind", false),
      ("data", false),
    ]
    let none = [String?](repeating: nil, count: columns.count - 4)
    return DataTable(
      columns: columns.map { DataTable.Column(name: $0.0, isNumeric: $0.1) },
      rows: survey.contents.backups.map { backup in
        [
          backup.id, backup.createdAt,
          String(format: "%.1f", Double(now - backup.createdEpoch) / 3600),
          backup.verification.state.rawValue, "\(backup.data.storedBytes)",
          "\(backup.data.rawBytes)", "\(rows(of: backup))", seconds(backup.dumpSeconds),
          backup.verification.restoreSeconds.map(seconds), yes(backup.data.keyId != nil),
          yes(backup.isPinned), backup.purpose.rawValue, survey.condition(of: backup).word,
        ]
      } + survey.contents.unreadable.map { [$0.name, nil, nil, "unreadable"] + none }
        + survey.contents.lost.map { [$0, nil, nil, "lost"] + none })
  }

  /// A list that fits 80 columns.
  package static func short(_ survey: BackupSurvey, now: Int64) -> DataTable {
    DataTable(
      columns: [
        .init(name: "backup"), .init(name: "age"), .init(name: "state", role: .key),
        .init(name: "size", isNumeric: true, role: .minor),
        .init(name: "restore", isNumeric: true, role: .minor),
        .init(name: "remarks", role: .text(atLeast: 20)),
      ],
      rows: survey.contents.backups.map { backup in
        let age = now - backup.createdEpoch
        return [
          backup.id, age < 0 ? ageText(age) : durationText(Double(age)),
          backup.verification.state.rawValue, byteText(backup.data.storedBytes),
          backup.verification.restoreSeconds.map { durationText($0) },
          marks(of: backup, survey.condition(of: backup)),
        ]
      } + survey.contents.unreadable.map { [$0.name, nil, "unreadable", nil, nil, ""] }
        + survey.contents.lost.map { [$0, nil, "lost", nil, nil, ""] })
  }

  /// Remarks on a backup, in a few words.
  private static func marks(of backup: BackupManifest, _ condition: DataCondition) -> String {
    let words = [
      condition.isWhole ? nil : "data " + condition.word.replacing("-", with: " "),
      backup.verification.attempt == nil ? nil : "not examined",
      kindWords[backup.purpose], backup.data.keyId == nil ? nil : "encrypted",
      backup.isPinned ? "pinned" : nil,
    ]
    return words.compactMap { $0 }.joined(separator: ", ")
  }

  /// Labels of the kinds other than regular backups.
  package static let kindWords: [BackupKind: String] = [
    .safety: "safety copy", .pointInTime: "point in time",
  ]

  /// One backup as a page.
  package static func page(_ backup: BackupManifest, dataPath: String, style: Style) -> String {
    var lines: [(String, String)] = [
      ("backup", backup.id), ("schema", backup.schema), ("created", backup.createdAt),
      ("file", dataPath),
      (
        "size",
        "\(byteText(backup.data.storedBytes)) of \(byteText(backup.data.rawBytes)) SQL"
          + (backup.data.keyId.map { ", encrypted with key \($0)" } ?? "")
      ),
      (
        "holds",
        "\(backup.tables.count) tables, \(rows(of: backup).grouped) rows,"
          + " \(backup.objects.count) objects"
      ),
      (
        "dumped in",
        durationText(backup.dumpSeconds)
          + (backup.lockSeconds.map { ", writers held up for \(Int(($0 * 1000).rounded())) ms" }
            ?? "")
      ),
    ]
    let kinds: [BackupKind: String] = [
      .scheduled: "made by a job", .safety: "safety copy of what a restore replaced",
      .pointInTime: "result of a point-in-time restore",
    ]
    if let kind = kinds[backup.purpose] { lines.append(("kind", kind)) }
    let verification = backup.verification
    switch verification.state {
    case .verified:
      lines.append(
        (
          "verified",
          style.green("yes")
            + ", restored in \(durationText(verification.restoreSeconds ?? 0)),"
            + " \(verification.verifiedAt ?? "")"
        ))
    case .unverified: lines.append(("verified", style.yellow("not yet")))
    case .failed:
      lines.append(("verified", style.red("FAILED") + ", \(verification.verifiedAt ?? "")"))
      lines += verification.findings.prefix(12).map { ("", "\($0.check): \($0.message)") }
      if verification.findings.count > 12 {
        lines.append(("", "and \(verification.findings.count - 12) more (--json lists all)"))
      }
    }
    if let attempt = verification.attempt {
      lines.append(
        ("last look", style.yellow("could not be made") + ", \(attempt.at): \(attempt.reason)"))
    }
    for column in backup.lossyColumns ?? [] { lines.append(("note", column.sentence)) }
    for orphan in backup.orphans ?? [] { lines.append(("note", orphan.sentence)) }
    if !backup.uncomparedViews.isEmpty {
      lines.append(("uncompared", "views " + backup.uncomparedViews.joined(separator: ", ")))
    }
    if let position = backup.position {
      lines.append(("binary log", "\(position.file) \(position.offset), GTID \(position.gtid)"))
    }
    if backup.isPinned { lines.append(("pinned", "yes")) }
    return lines.map { name, value in
      name.padding(toLength: 12, withPad: " ", startingAt: 0) + value + "\n"
    }.joined()
  }

  /// One backup as JSON.
  package static func json(_ backup: BackupManifest, dataPath: String) -> JSON {
    let verification = backup.verification
    return .pairs([
      "id": .string(backup.id), "sequence": .integer(backup.sequence),
      "schema": .string(backup.schema), "created_at": .string(backup.createdAt),
      "file": .string(dataPath), "stored_bytes": .integer(backup.data.storedBytes),
      "raw_bytes": .integer(backup.data.rawBytes), "sha256": .string(backup.data.sha256),
      "key_id": backup.data.keyId.map(JSON.string) ?? .null,
      "tables": .integer(backup.tables.count), "rows": .integer(rows(of: backup)),
      "objects": .integer(backup.objects.count),
      "dump_seconds": .number(seconds(backup.dumpSeconds)),
      "lock_seconds": backup.lockSeconds.map { .number(seconds($0)) } ?? .null,
      "kind": .string(backup.purpose.rawValue),
      "state": .string(verification.state.rawValue),
      "verified_at": verification.verifiedAt.map(JSON.string) ?? .null,
      "restore_seconds": verification.restoreSeconds.map { .number(seconds($0)) } ?? .null,
      "findings": .array(
        verification.findings.map {
          .pairs(["check": .string($0.check), "message": .string($0.message)])
        }),
      "last_attempt": verification.attempt.map {
        .pairs(["at": .string($0.at), "reason": .string($0.reason)])
      } ?? .null,
      "missing_definers": .array(
        (backup.orphans ?? []).map {
          .pairs([
            "kind": .string($0.kind), "name": .string($0.name),
            "definer": $0.definer.map(JSON.string) ?? .null,
          ])
        }),
      "uncompared_views": .array(backup.uncomparedViews.map(JSON.string)),
      "gtid": backup.position.map { .string($0.gtid) } ?? .null,
      "pinned": .bool(backup.isPinned),
    ])
  }

  private static func rows(of backup: BackupManifest) -> Int {
    Int(backup.tables.reduce(0) { $0 + $1.rows })
  }

  private static func seconds(_ value: Double) -> String { String(format: "%.3f", value) }

  private static func yes(_ value: Bool) -> String { value ? "yes" : "no" }
}
