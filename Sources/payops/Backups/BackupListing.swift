import Backup
import Foundation
import PayopsCore

/// How backups are printed.
enum BackupListing {
  /// The columns of a list, for people and programs.
  static func table(_ backups: [BackupManifest], now: Int64) -> DataTable {
    let columns = [
      ("id", false), ("created_at", false), ("age_hours", true), ("state", false),
      ("stored_bytes", true), ("raw_bytes", true), ("rows", true), ("dump_seconds", true),
      ("restore_seconds", true), ("encrypted", false), ("pinned", false),
    ]
    return DataTable(
      columns: columns.map { DataTable.Column(name: $0.0, isNumeric: $0.1) },
      rows: backups.map { backup in
        [
          backup.id, backup.createdAt,
          String(format: "%.1f", Double(max(0, now - backup.createdEpoch)) / 3600),
          backup.verification.state.rawValue, "\(backup.data.storedBytes)",
          "\(backup.data.rawBytes)", "\(rows(of: backup))", seconds(backup.dumpSeconds),
          backup.verification.restoreSeconds.map(seconds), yes(backup.data.keyId != nil),
          yes(backup.isPinned),
        ]
      })
  }

  /// A list that fits 80 columns.
  static func short(_ backups: [BackupManifest], now: Int64) -> DataTable {
    DataTable(
      columns: [
        .init(name: "backup"), .init(name: "age"), .init(name: "state"),
        .init(name: "size", isNumeric: true), .init(name: "restore", isNumeric: true),
        .init(name: ""),
      ],
      rows: backups.map { backup in
        [
          backup.id, durationText(Double(max(0, now - backup.createdEpoch))),
          backup.verification.state.rawValue, byteText(backup.data.storedBytes),
          backup.verification.restoreSeconds.map { durationText($0) },
          [backup.data.keyId == nil ? nil : "encrypted", backup.isPinned ? "pinned" : nil]
            .compactMap { $0 }.joined(separator: " "),
        ]
      })
  }

  /// One backup as a page.
  static func page(_ backup: BackupManifest, dataPath: String, style: Style) -> String {
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
        "\(backup.tables.count) tables, \(ProgressBar.grouped(rows(of: backup))) rows,"
          + " \(backup.objects.count) objects"
      ),
      ("dumped in", durationText(backup.dumpSeconds)),
    ]
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
  static func json(_ backup: BackupManifest, dataPath: String) -> JSON {
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
      "state": .string(verification.state.rawValue),
      "verified_at": verification.verifiedAt.map(JSON.string) ?? .null,
      "restore_seconds": verification.restoreSeconds.map { .number(seconds($0)) } ?? .null,
      "findings": .array(
        verification.findings.map {
          .pairs(["check": .string($0.check), "message": .string($0.message)])
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
